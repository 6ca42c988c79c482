"""The lists of a division's codes: what fits, what is long, and a code that is set and gone."""

from django.test import Client
from django.urls import reverse

from connector.models import Connection, MasterData
from tests.acme import Acme
from tests.admin.connections.test_form import page_of
from tests.admin.pages import RulesPage


def test_the_lists_offer_what_fits(acme: Acme, accountant: Client) -> None:
    division = acme.connection.division
    for kind, code, data in (
        ("item", "OLD", {"ended": True}),
        ("item", "BOX", {"is_sales": False}),
        ("gl_account", "1111", {"blocked": True}),
    ):
        MasterData.objects.create(division=division, kind=kind, code=code, data=data)
    page = page_of(accountant, acme.connection)
    assert set(page.choices("journal")) == {"", "70", "71"}
    assert not {"OLD", "BOX"} & set(page.choices("item_default"))
    assert page.choices("item_default")["SHIP"].startswith("SHIP ")
    assert "1111" not in page.choices("rounding_gl_account")


def test_a_code_that_has_vanished_is_shown_and_saving_tells_so(acme: Acme, accountant: Client) -> None:
    MasterData.objects.filter(kind="item", code="SHIP").delete()
    page = page_of(accountant, acme.connection)
    assert "SHIP (not in the division any more)" in page.answer.content.decode()
    assert "has no item 'SHIP'" in page.complaint("item_shipping")


def test_the_lists_have_only_the_divisions_codes(acme: Acme, accountant: Client) -> None:
    division = acme.connection.division
    other = Connection.objects.get(pk=acme.connection.pk).division
    other.pk, other.code = None, 999999
    other.save()
    MasterData.objects.create(division=other, kind="gl_account", code="6666", name="Elsewhere")
    form = RulesPage(accountant, acme.connection).answer.context["form"]
    offered = dict(form.sections[0].formset.empty_form.fields["gl_account"].widget.choices)
    codes = set(division.master_data.filter(kind="gl_account").values_list("code", flat=True))
    assert set(offered) == {"", *codes}
    assert offered["8000"].startswith("8000 ")


def test_a_code_that_has_vanished_is_shown_and_refused(acme: Acme, accountant: Client) -> None:
    MasterData.objects.filter(kind="gl_account", code="8000").delete()
    page = RulesPage(accountant, acme.connection)
    assert "8000 (not in the division any more)" in page.answer.content.decode()
    answer = page.save()
    assert "has no GL account &#x27;8000&#x27;" in answer.content.decode()


def test_a_long_list_is_searched_in_the_division(acme: Acme, accountant: Client) -> None:
    division = acme.connection.division
    MasterData.objects.bulk_create(
        MasterData(division=division, kind="item", code=f"A{n:03}", name=f"Article {n}") for n in range(200)
    )
    MasterData.objects.create(division=division, kind="item", code="A999", name="Sold out", data={"ended": True})
    page = RulesPage(accountant, acme.connection)
    search = reverse("admin:connector_division_codes", args=[division.pk, "item"])
    assert search in page.answer.content.decode()
    assert "A117" not in page.answer.content.decode()
    assert 'value="True"' not in page.answer.content.decode()
    found = accountant.get(search, {"q": "a11"}).json()["results"]
    assert {"id": "A117", "text": "A117 Article 117"} in found
    assert accountant.get(search, {"q": "article 42"}).json()["results"][0]["id"] == "A042"
    assert accountant.get(search, {"q": "A999"}).json()["results"] == []
    page.add("rules", position=5, gl_account="8000", item="A117")
    assert page.save().status_code == 302
