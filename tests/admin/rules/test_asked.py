"""The page of rules opens what a link asks for, and nothing else: the rules that use a code, or a new rule."""

from typing import Any

from django.test import Client
from django.urls import reverse

from connector.models import MasterData
from tests.acme import Acme


def page(acme: Acme, owner: Client, query: str) -> Any:
    return owner.get(reverse("admin:connector_connection_rules", args=[acme.connection.pk]) + query)


def test_the_rules_that_use_a_code_are_open(acme: Acme, owner: Client) -> None:
    answer = page(acme, owner, "?uses=gl_account:8100")
    form = answer.context["form"]
    asked = [row.initial["gl_account"] for section in form.sections for row in section.rows if row.is_asked]
    assert asked == ["8100", "8100"]
    assert [section.is_folded for section in form.sections] == [False, True, True]
    assert answer.content.decode().count('id="asked"') == 1
    assert form.note["note"].value() == "GL account 8100 can no longer be used."


def test_a_new_vat_rule_has_its_condition_and_the_only_code_that_fits(acme: Acme, owner: Client) -> None:
    answer = page(acme, owner, "?add=vat&country=NL&rate=9")
    (row,) = [row for section in answer.context["form"].sections for row in section.rows if row.is_asked]
    assert (row["when_country"].value(), row["when_rate"].value()) == ("NL", "9")
    assert row["code"].value() == ""  # two codes fit, with and without VAT
    MasterData.objects.filter(kind="vat_code", code="1").delete()
    answer = page(acme, owner, "?add=vat&country=NL&rate=9")
    (row,) = [row for section in answer.context["form"].sections for row in section.rows if row.is_asked]
    assert row["code"].value() == "3"


def test_what_there_is_not_opens_the_page_as_ever(acme: Acme, owner: Client) -> None:
    for query in ("?uses=colour:red", "?uses=item:GONE", "?add=payment_conditions", "?add=vat&rate=many%00"):
        answer = page(acme, owner, query)
        assert answer.status_code == 200
        assert not all(section.is_folded for section in answer.context["form"].sections)
