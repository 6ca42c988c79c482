"""What follows from a change, by the connection's policies."""

from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.flow.actions.change_decisions import credit_and_repost, credit_now, leave_it
from connector.models import OrderSync, SyncEvent
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.bigcommerce.webhook_sender import REFUNDED
from tests.acme import Acme
from tests.flow.by_hand import WHY, post
from tests.flow.changes.test_after_posting import edited, rows
from tests.flow.changes.test_credit_note import ORDER, first_line, ring, setting


@pytest.mark.parametrize("status", [5, 6])
def test_a_cancelled_or_declined_order_is_credited_in_full(acme: Acme, shop: Store, status: int) -> None:
    setting(acme, cancellations="credit")
    post(acme)
    shop.change(ORDER, status_id=status)
    ring(acme)
    ring(acme)
    assert rows(acme) == [("invoice", 1, "posted"), ("credit", 0, "posted")]
    note = acme.in_exact(ORDER)["NLS-1001-C0"]
    invoice = acme.invoice(ORDER)
    assert (note["Type"], note["Status"], note["AmountFC"]) == (8021, 50, -invoice["AmountFC"])
    assert note["VATAmountFC"] == -invoice["VATAmountFC"]


def test_a_cancellation_credits_what_the_refunds_left(acme: Acme, shop: Store) -> None:
    setting(acme, cancellations="credit", refunds="credit")
    post(acme)
    shop.refund(ORDER, whole=D("5.00"))
    ring(acme)
    shop.cancel(ORDER)
    ring(acme)
    assert acme.in_exact(ORDER)["NLS-1001-C0"]["AmountFC"] == D("-12.90")
    assert sum(row["VATAmountFC"] for row in acme.in_exact(ORDER).values()) == 0


def test_ignored_cancellations_leave_the_invoice_alone(acme: Acme, shop: Store) -> None:
    setting(acme, cancellations="ignore")
    post(acme)
    shop.cancel(ORDER)
    ring(acme)
    assert (rows(acme), acme.document(ORDER).change_pending) == ([("invoice", 1, "posted")], False)


def test_a_cancelled_order_that_is_active_again_is_reported(acme: Acme, shop: Store) -> None:
    setting(acme, cancellations="credit")
    post(acme)
    shop.cancel(ORDER)
    ring(acme)
    shop.change(ORDER, status_id=11)
    ring(acme)
    assert acme.document(ORDER).change_pending
    assert "active again" in acme.document(ORDER).message


def test_a_status_of_refunded_without_a_refund_is_never_credited_by_itself(acme: Acme, shop: Store) -> None:
    setting(acme, refunds="credit", cancellations="credit")
    post(acme)
    shop.change(ORDER, status_id=4)
    ring(acme)
    assert rows(acme) == [("invoice", 1, "posted")]
    assert "has no refund of it" in acme.document(ORDER).message


def test_an_edit_is_credited_and_posted_again_if_the_policy_says_so(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost")
    total = edited(acme, shop)
    assert rows(acme) == [("invoice", 1, "posted"), ("credit", -1, "posted"), ("invoice", 2, "posted")]
    found = acme.in_exact(ORDER)
    assert {name: row["AmountFC"] for name, row in found.items()} == {
        "NLS-1001": D("17.90"),
        "NLS-1001-C0-1": D("-17.90"),
        "NLS-1001-2": total,
    }
    assert {row["Status"] for row in found.values()} == {50}


def test_ignored_edits_are_noted(acme: Acme, shop: Store) -> None:
    setting(acme, edits="ignore")
    edited(acme, shop)
    assert (rows(acme), acme.document(ORDER).change_pending) == ([("invoice", 1, "posted")], False)


def test_a_cancellation_that_comes_with_a_full_refund_credits_the_invoice_once(acme: Acme, shop: Store) -> None:
    setting(acme, cancellations="credit", refunds="credit")
    post(acme)
    refund = shop.refund(ORDER)
    shop.cancel(ORDER)
    ring(acme)
    once = [("invoice", 1, "posted"), ("credit", refund["id"], "posted")]
    assert rows(acme) == once
    assert sum(row["AmountFC"] for row in acme.in_exact(ORDER).values()) == 0
    ring(acme)
    assert rows(acme) == once


def test_an_edited_order_that_cannot_be_invoiced_is_not_credited_either(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.add_line(ORDER, first_line(acme, ORDER)["id"])
    shop.orders[ORDER].order["default_currency_code"] = "XTS"
    ring(acme)
    assert rows(acme) == [("invoice", 1, "posted")]
    document = acme.document(ORDER)
    assert document.change_pending
    assert "The order cannot be invoiced as it is now, so nothing is credited yet." in document.message
    assert "XTS, but the division does not have that currency" in document.message
    shop.change(ORDER, default_currency_code="EUR")
    ring(acme)
    assert rows(acme) == [("invoice", 1, "posted"), ("credit", -1, "posted"), ("invoice", 2, "posted")]
    assert sum(row["AmountFC"] for row in acme.in_exact(ORDER).values()) == acme.total(ORDER)


def test_declined_refunds_are_ignored_until_the_money_goes_back(acme: Acme, shop: Store) -> None:
    post(acme)
    total = acme.total(ORDER)
    refund = shop.refund(ORDER, declined=total)
    ring(acme, scope=REFUNDED)
    assert acme.credits(ORDER) == []
    refund["payments"][0]["is_declined"] = False
    ring(acme, scope=REFUNDED)
    assert [each.state for each in acme.credits(ORDER)] == ["posted"]


def test_ignored_refunds_are_noted_once(acme: Acme, shop: Store) -> None:
    setting(acme, refunds="ignore")
    post(acme)
    shop.refund(ORDER)
    ring(acme)
    ring(acme)
    document = acme.document(ORDER)
    assert (document.change_pending, acme.credits(ORDER)) == (False, [])
    assert SyncEvent.objects.filter(document=document, text__contains="ignores refunds").count() == 1


CERTIFICATES = {"priority": 5, "when": {"line": "gift_certificate"}, "then": {"gl_account": "8010"}}

ONE_ACCOUNT = {"priority": 1, "when": {}, "then": {"gl_account": "8000"}}


@pytest.fixture
def paid(acme: Acme, shop: Store) -> OrderSync:
    """The invoice of 0.00. Its goods are on 8000, its certificate on 8010."""
    return pay(acme, shop, CERTIFICATES)


def pay(acme: Acme, shop: Store, rule: dict[str, Any]) -> OrderSync:
    kept = {"gift_certificates": "single", "edits": "credit_and_repost", "cancellations": "credit"}
    acme.configure(rules=[rule, *acme.file["connections"][0]["rules"]], **kept)
    shop.change(ORDER, gift_certificate_amount=acme.order(ORDER)["total_inc_tax"])
    document = post(acme)
    assert (document.state, document.total) == ("posted", D("0.00")), document.message
    return document


def edit(acme: Acme, shop: Store) -> OrderSync:
    """Add a piece to the first line; returns the invoice after the lane has looked."""
    line = first_line(acme, ORDER)
    shop.edit(ORDER, line["id"], quantity=line["quantity"] + 1)
    ring(acme)
    return acme.document(ORDER)


@pytest.mark.usefixtures("paid")
def test_an_edit_is_asked_about_with_the_amounts_on_both_accounts(acme: Acme, shop: Store, ann: Any) -> None:
    for decide in (credit_and_repost, credit_now):
        document = edit(acme, shop)
        assert Code.NOTHING_TO_CREDIT in [each.code for each in document.causes]
        assert "8100 ONLINE 4.09, 8010 -14.79. Correct it in Exact by hand" in document.message
        decide(document, ann, WHY)
        acme.drain()
        assert acme.document(ORDER).change_pending
    leave_it(acme.document(ORDER), ann, WHY)
    acme.drain()
    assert not acme.document(ORDER).change_pending
    assert rows(acme) == [("invoice", 1, "posted")]


@pytest.mark.usefixtures("paid")
def test_a_cancellation_is_asked_about(acme: Acme, shop: Store) -> None:
    shop.cancel(ORDER)
    ring(acme)
    document = acme.document(ORDER)
    assert [each.code for each in document.causes][:2] == [Code.UNDONE_NOT_CREDITED, Code.NOTHING_TO_CREDIT]
    assert rows(acme) == [("invoice", 1, "posted")]


def test_on_one_account_nothing_stays_so_the_edit_is_posted(acme: Acme, shop: Store) -> None:
    pay(acme, shop, ONE_ACCOUNT)
    document = edit(acme, shop)
    assert not document.change_pending, document.message
    assert rows(acme) == [("invoice", 1, "posted"), ("invoice", 2, "posted")]
    assert sum(row["AmountFC"] for row in acme.in_exact(ORDER).values()) == acme.total(ORDER) - D("17.90")
