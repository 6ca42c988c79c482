"""What an order would become is what it becomes; the store is read and Exact is not called."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from connector.models import Connection, OrderSync
from tests.acme import STORE, Acme
from tests.management.commands.test_preview import shown


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
