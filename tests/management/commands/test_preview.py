"""`preview` shows what would be posted, without a call to Exact."""

import contextlib
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.models import Connection, OrderSync
from tests.acme import STORE, Acme

pytestmark = pytest.mark.django_db


def shown(capsys: pytest.CaptureFixture[str], order_id: int, *more: str) -> dict[str, Any]:
    """The JSON of the preview, whatever its exit code."""
    capsys.readouterr()
    with contextlib.suppress(CommandError):
        call_command("preview", "--tenant=demo", f"--store={STORE}", f"--order={order_id}", "--json", *more)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_shows_what_is_posted_afterwards(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    order_id = acme.order_of_kind("two VAT rates")
    before = shown(capsys, order_id)
    assert (before["outcome"], before["problems"], before["document"]) == ("draft", [], None)
    acme.ring(order_id)
    acme.drain()
    assert acme.document(order_id).draft == before["draft"]
    invoice = acme.invoice(order_id)
    assert str(invoice["AmountFC"]) == before["draft"]["gross"]
    after = shown(capsys, order_id)
    assert after["draft"] == before["draft"]
    assert after["document"] == {"state": "posted", "reason": None, "exact_number": str(invoice["InvoiceNumber"])}
    assert "matched or made" in before["customer"]
    assert after["customer"].startswith("account ")


def test_every_order_of_the_catalogue_without_a_call_to_exact(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    calls = acme.exact_calls("*")
    orders = acme.sandbox.stores.store(STORE).orders
    fates = {order_id: shown(capsys, order_id) for order_id in orders}
    assert acme.exact_calls("*") == calls
    assert not OrderSync.objects.exists()
    assert {found["outcome"] for found in fates.values()} == {"draft"}
    for order_id, found in fates.items():
        assert found["draft"]["gross"] == f"{acme.total(order_id):.2f}"
        assert all(line["vat_code"] and line["rule"] and line["vat_rule"] for line in found["draft"]["lines"])


def test_a_held_order_tells_every_problem_and_the_command_fails(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    acme.connection.rule_versions.all().delete()
    order_id = acme.order_of_kind("two VAT rates")
    found = shown(capsys, order_id)
    assert (found["outcome"], found["reason"], found["draft"]) == ("held", "mapping", None)
    assert len(found["problems"]) > 1
    with pytest.raises(CommandError, match="would be held: mapping"):
        call_command("preview", "--tenant=demo", f"--store={STORE}", f"--order={order_id}")


def test_a_held_order_names_the_page_to_fix_it(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    order_id = acme.order_of_kind("two VAT rates")
    acme.sandbox.stores.store(STORE).override(order_id, Decimal("100.00"))
    found = shown(capsys, order_id)
    assert found["problems"] == ["The order's lines add up to 60.84, but its total is 100.00 EUR."]
    assert found["mend"]["page"] == f"https://store-{STORE}.mybigcommerce.com/manage/orders/{order_id}"
    acme.connection.rule_versions.all().delete()
    capsys.readouterr()
    with pytest.raises(CommandError):
        call_command("preview", "--tenant=demo", f"--store={STORE}", f"--order={order_id}")
    text = capsys.readouterr().out
    assert f"/admin/connector/connection/{acme.connection.pk}/rules/" in text
    assert "An accountant adds or corrects the rule" in text


def test_a_refunded_order_shows_the_credit_notes_that_follow_as_they_are_posted(
    acme: Acme, capsys: pytest.CaptureFixture[str]
) -> None:
    order_id = acme.order_of_kind("refunded twice in part when first seen")
    held = shown(capsys, order_id)["refunds"]
    assert [(each["draft"], "setting `refunds` is review" in each["problem"]) for each in held] == [(None, True)] * 2
    Connection.objects.update(refunds="credit")
    calls = acme.exact_calls("*")
    before = [each["draft"] for each in shown(capsys, order_id)["refunds"]]
    assert [note["gross"] for note in before] == ["-17.25", "-2.50"]
    assert acme.exact_calls("*") == calls
    acme.ring(order_id)
    acme.drain()
    posted = [each.draft or {} for each in acme.credits(order_id)]
    number = str(acme.invoice(order_id)["InvoiceNumber"])
    assert [note["description"] for note in posted] == [f"Credit of invoice {number}, order {order_id}"] * 2
    same = [{**note, "description": ""} for note in posted]
    assert same == [{**note, "description": ""} for note in before]
    assert shown(capsys, order_id)["refunds"] == []
    acme.sandbox.stores.store(STORE).refund(order_id, whole=Decimal("1.00"))
    (third,) = shown(capsys, order_id)["refunds"]
    assert (third["draft"]["gross"], third["draft"]["description"]) == ("-1.00", posted[0]["description"])
    call_command("preview", "--tenant=demo", f"--store={STORE}", f"--order={order_id}")
    assert f"Sales credit note NLS-{order_id}-C{third['refund_id']}" in capsys.readouterr().out


def test_a_skipped_order_says_why(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    Connection.objects.update(post_statuses=[10])
    found = shown(capsys, acme.order_of_kind("two VAT rates"))
    assert (found["outcome"], found["reason"]) == ("skipped", "status")
    assert "not one that this connection posts" in found["problems"][0]


def test_for_a_person_it_names_lines_codes_rules_and_totals(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    order_id = acme.order_of_kind("B2B Germany, zero-rated")
    call_command("preview", "--tenant=demo", f"--store={STORE}", f"--order={order_id}")
    text = capsys.readouterr().out
    assert f"Sales invoice NLS-{order_id}" in text
    assert "VAT code 7, 0 % (VAT rule 2, version 1)" in text
    assert "checked for form and check digits only" in text
    assert f"total {acme.total(order_id):.2f} EUR" in text


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (["--tenant=nobody", f"--store={STORE}", "--order=1001"], "no tenant 'nobody'"),
        (["--tenant=demo", "--store=other1", "--order=1001"], "no connection of a store 'other1'"),
        (["--tenant=demo", f"--store={STORE}", "--order=1001", "--division=7"], "to division 7"),
        (["--tenant=demo", f"--store={STORE}", "--order=77"], "has no order 77"),
        (["--tenant=demo", f"--store={STORE}", "--order=0"], "1 or more"),
    ],
)
def test_what_is_not_there_is_named(acme: Acme, more: list[str], error: str) -> None:
    with pytest.raises(CommandError, match=error):
        call_command("preview", *more)
