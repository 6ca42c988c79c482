"""Credit notes that Exact refuses, negates or lost, and those that people re-post or type by hand."""

from decimal import Decimal as D
from typing import Any

import pytest

from connector.flow.actions.change_decisions import credit_now
from connector.flow.actions.documents import re_post
from connector.flow.actions.link import link
from connector.flow.clock import database_now
from connector.models import OrderSync, SyncEvent
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.bigcommerce.webhook_sender import REFUNDED
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import CREATE, INVOICES, PRINT, WHY, post
from tests.flow.changes.test_credit_note import ORDER, ring, setting


def test_the_sign_is_on_the_price_where_the_connection_says_so(acme: Acme, shop: Store) -> None:
    setting(acme, credit_sign="price")
    post(acme)
    shop.refund(ORDER)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, credit.reason) == ("blocked", "rejected")
    acme.sandbox.exact.set(refuse_negative_prices=False)
    re_post(credit, None, WHY)
    acme.drain()
    note = acme.in_exact(ORDER)[credit.reference]
    assert note["AmountFC"] == D("-17.90")
    assert all(line["NetPrice"] < 0 < line["Quantity"] for line in note["SalesInvoiceLines"])


def test_a_credit_note_with_the_other_sign_is_not_printed_and_does_not_stay(acme: Acme, shop: Store) -> None:
    acme.sandbox.exact.set(negate_credit_notes=True)
    post(acme)
    shop.refund(ORDER)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, credit.reason) == ("blocked", "totals")
    assert "17.9 in Exact, -17.90 meant" in credit.message
    assert list(acme.in_exact(ORDER)) == ["NLS-1001"]


def test_an_invoice_that_is_gone_in_exact_holds_its_credit_note(acme: Acme, shop: Store) -> None:
    setting(acme, finalize=False)
    document = post(acme)
    del acme.sandbox.exact.divisions[DIVISION].table("salesinvoice/SalesInvoices")[document.exact_id]
    shop.refund(ORDER)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, credit.reason) == ("blocked", "drift")


def test_a_credit_note_that_was_typed_by_hand_is_linked(acme: Acme, shop: Store, ann: Any) -> None:
    post(acme)
    shop.refund(ORDER, whole=D("5.00"))
    setting(acme, order_refund_vat="hold")
    ring(acme)
    (credit,) = acme.credits(ORDER)
    invoice = acme.invoice(ORDER)
    line = invoice["SalesInvoiceLines"][0]
    typed = acme.sandbox.exact.create(
        DIVISION,
        "salesinvoice/SalesInvoices",
        Type=8021,
        OrderedBy=invoice["OrderedBy"],
        Journal="70",
        SalesInvoiceLines=[
            {"Item": line["Item"], "Quantity": D(-1), "NetPrice": D("5.00"), "VATCode": line["VATCode"]}
        ],
    )
    link(credit, str(typed["InvoiceNumber"]), ann, WHY)
    assert acme.credits(ORDER)[0].state == "posted"
    shop.refund(ORDER, whole=D("13.00"))
    setting(acme, order_refund_vat="pro_rata")
    ring(acme)
    assert "12.90" in acme.credits(ORDER)[1].message


def test_the_history_of_a_credit_note_names_it_and_its_amount(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.refund(ORDER)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    reported = [event.text for event in SyncEvent.objects.filter(document=credit, kind="transition").order_by("id")]
    assert any(f"About to create credit note NLS-{ORDER}-C" in text for text in reported)
    assert "-17.90 EUR" in reported[-1]
    assert OrderSync.objects.filter(recheck_at__lte=database_now()).count() == 0


def test_a_refund_that_cannot_be_understood_is_reported(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.refund(ORDER)["items"][0]["item_type"] = "TIP"
    ring(acme)
    assert acme.document(ORDER).change_pending
    assert "TIP" in acme.document(ORDER).message
    assert acme.credits(ORDER) == []


def test_the_other_refunds_go_on_when_one_cannot_be_read(acme: Acme, shop: Store) -> None:
    """The one is named with its field, and is credited when it is right again."""
    post(acme)
    first, odd, last = (shop.refund(ORDER, whole=amount) for amount in (D("1.00"), D("2.00"), D("3.00")))
    rows: list[Any] = shop.refunds[ORDER]
    odd["total_amount"] = "two"
    rows.insert(2, None)
    ring(acme)
    document = acme.document(ORDER)
    assert document.change_pending
    assert "refund[1].total_amount is 'two', not an amount" in document.message
    assert "refund[2] is empty or missing; it must be an object" in document.message
    assert [(note.sequence, note.state) for note in acme.credits(ORDER)] == [
        (first["id"], "posted"),
        (last["id"], "posted"),
    ]
    odd["total_amount"] = "2.00"
    rows.remove(None)
    ring(acme)
    assert {note.sequence: note.state for note in acme.credits(ORDER)}[odd["id"]] == "posted"
    assert not acme.document(ORDER).change_pending


def test_an_order_is_not_taken_for_refunded_in_all_while_a_refund_cannot_be_read(
    acme: Acme, shop: Store, ann: Any
) -> None:
    """Nor is it credited for a cancellation without a person, nor posted again for an edit."""
    setting(acme, cancellations="credit", edits="credit_and_repost")
    post(acme)
    shop.refund(ORDER)["total_amount"] = ""
    ring(acme)
    assert acme.document(ORDER).message.count("refund") == 2, acme.document(ORDER).message
    shop.edit(ORDER, shop.orders[ORDER].products[0]["id"], quantity=2)
    ring(acme)
    assert acme.credits(ORDER) == []
    assert len(acme.in_exact(ORDER)) == 1
    shop.change(ORDER, status_id=5)
    ring(acme)
    document = acme.document(ORDER)
    assert (acme.credits(ORDER), document.change_pending) == ([], True)
    credit_now(document, ann, WHY)
    acme.drain()
    (note,) = acme.credits(ORDER)
    assert (note.state, note.total) == ("posted", D("-17.90"))


def test_a_re_posted_credit_note_that_is_open_in_exact_is_gone_on_with(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.refund(ORDER)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", PRINT)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, bool(credit.exact_id)) == ("blocked", True)
    re_post(credit, None, WHY)
    acme.drain()
    assert acme.credits(ORDER)[0].state == "posted"
    assert len(acme.in_exact(ORDER)) == 2


def test_a_re_posted_credit_note_that_differs_now_is_deleted_and_made_again(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.refund(ORDER)
    acme.sandbox.exact.set(refuse_negative_prices=False)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", PRINT)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    setting(acme, credit_sign="price")
    re_post(credit, None, WHY)
    acme.drain()
    note = acme.in_exact(ORDER)[credit.reference]
    assert acme.credits(ORDER)[0].state == "posted", acme.credits(ORDER)[0].message
    assert note["InvoiceID"] != credit.exact_id
    assert all(line["NetPrice"] < 0 for line in note["SalesInvoiceLines"])


@pytest.mark.parametrize("where", [CREATE, PRINT])
@pytest.mark.parametrize("kind", ["503_html", "200_html", "truncated", "429_minute", "403:scope"])
def test_a_look_for_a_credit_note_that_fails_or_is_limited_is_no_answer(
    acme: Acme, shop: Store, where: str, kind: str
) -> None:
    post(acme)
    shop.refund(ORDER)
    before = acme.sandbox.exact.calls.count("POST", where)
    acme.sandbox.exact.faults.add("close_after", "POST", where)
    acme.sandbox.exact.faults.add(kind, "GET", f"{CREATE}*", times=3, skip=1 + (where == PRINT))
    acme.ring(ORDER, REFUNDED)
    acme.settle()
    assert acme.credits(ORDER)[0].state == "posted", acme.credits(ORDER)[0].message
    assert acme.sandbox.exact.calls.count("POST", where) == before + 1
    assert len(acme.in_exact(ORDER)) == 2


def test_two_credit_notes_with_our_reference_are_held_with_both_ids(acme: Acme, shop: Store, settings: Any) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    post(acme)
    shop.refund(ORDER)
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    acme.ring(ORDER, REFUNDED)
    acme.drain(2)
    (credit,) = acme.credits(ORDER)
    (note,) = [row for row in acme.sandbox.exact.invoices(DIVISION) if row["Type"] == 8021]
    acme.sandbox.exact.put_back(DIVISION, INVOICES, "twin", {**note, "InvoiceID": "twin"})
    acme.settle()
    credit = acme.credits(ORDER)[0]
    assert (credit.state, credit.reason) == ("blocked", "duplicate")
    assert note["InvoiceID"] in credit.message
    assert "twin" in credit.message


def test_a_credit_note_of_other_amounts_with_our_reference_is_held(acme: Acme, shop: Store, settings: Any) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    post(acme)
    shop.refund(ORDER)
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    acme.ring(ORDER, REFUNDED)
    acme.drain(2)
    (note,) = [row for row in acme.sandbox.exact.invoices(DIVISION) if row["Type"] == 8021]
    acme.sandbox.exact.change(DIVISION, INVOICES, note["InvoiceID"], AmountFC=D("-1.00"))
    acme.settle()
    credit = acme.credits(ORDER)[0]
    assert (credit.state, credit.reason) == ("blocked", "duplicate")
    assert note["InvoiceID"] in credit.message
