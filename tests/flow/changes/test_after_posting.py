"""Cancellations, edits and archived orders after posting: a person or a setting decides, nothing changes silently."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from connector.domain.document.codes import Code
from connector.domain.document.result import from_json
from connector.flow.actions.change_decisions import credit_and_repost, credit_now, leave_it
from connector.flow.actions.documents import approve, re_post, skip
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.models import CustomerLink, MasterData, OrderSync, SyncEvent
from connector.problems.catalogue import sentences
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.bigcommerce.webhook_sender import ARCHIVED
from tests.acme import Acme
from tests.flow.by_hand import CREATE, PRINT, WHY, post
from tests.flow.changes.test_credit_note import ORDER, first_line, ring, setting


def rows(acme: Acme) -> list[tuple[str, int, str]]:
    """The documents of the order: kind, sequence, state."""
    found = OrderSync.objects.filter(order_id=ORDER).order_by("id")
    return [(row.kind, row.sequence, row.state) for row in found]


def edited(acme: Acme, shop: Store) -> D:
    """A posted order whose first line is one piece more; returns its new total."""
    post(acme)
    line = first_line(acme, ORDER)
    shop.edit(ORDER, line["id"], quantity=line["quantity"] + 1)
    ring(acme)
    return acme.total(ORDER)


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


def test_a_cancelled_order_waits_for_a_person_by_default(acme: Acme, shop: Store, ann: Any) -> None:
    post(acme)
    shop.cancel(ORDER)
    ring(acme)
    document = acme.document(ORDER)
    assert document.change_pending
    assert "cancelled" in document.message
    credit_now(document, ann, WHY)
    acme.drain()
    assert rows(acme)[-1] == ("credit", 0, "posted")


def test_ignored_cancellations_leave_the_invoice_alone(acme: Acme, shop: Store) -> None:
    setting(acme, cancellations="ignore")
    post(acme)
    shop.cancel(ORDER)
    ring(acme)
    assert (rows(acme), acme.document(ORDER).change_pending) == ([("invoice", 1, "posted")], False)


def test_cancelled_before_posting_it_is_skipped(acme: Acme, shop: Store) -> None:
    shop.cancel(ORDER)
    post(acme)
    assert rows(acme) == [("invoice", 1, "skipped")]


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


def test_an_edit_is_reported_field_by_field(acme: Acme, shop: Store) -> None:
    post(acme)
    line = first_line(acme, ORDER)
    shop.edit(ORDER, line["id"], quantity=line["quantity"] + 1)
    shop.add_line(ORDER, line["id"])
    ring(acme)
    document = acme.document(ORDER)
    assert document.change_pending
    for part in ("total was 17.9 and is now", "quantity was 1 and is now 2", "was added", "gross was"):
        assert part in document.message, part
    assert document.state == "posted"
    reported = SyncEvent.objects.filter(document=document).order_by("-id").first()
    assert reported is not None
    assert len(reported.data["differences"]) >= 5


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


def test_edited_twice_it_is_credited_twice(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost")
    edited(acme, shop)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], price=D("10.00"))
    ring(acme)
    ring(acme)
    assert rows(acme)[3:] == [("credit", -2, "posted"), ("invoice", 3, "posted")]
    assert sum(row["AmountFC"] for row in acme.in_exact(ORDER).values()) == acme.total(ORDER)


def test_the_new_invoice_waits_for_the_credit_note(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", CREATE)
    ring(acme)
    assert rows(acme)[1:] == [("credit", -1, "blocked"), ("invoice", 2, "waiting")]
    assert OrderSync.objects.get(sequence=2).code == "waits_for_credit_note"
    re_post(acme.credits(ORDER)[0], None, WHY)
    acme.drain()
    assert rows(acme)[1:] == [("credit", -1, "posted"), ("invoice", 2, "posted")]


@pytest.mark.parametrize("kind", ["close_after", "500_after"])
def test_lost_answers_on_the_way_make_nothing_twice(acme: Acme, shop: Store, kind: str) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    acme.sandbox.exact.faults.add(kind, "POST", CREATE, times=2)
    acme.ring(ORDER)
    acme.settle()
    assert [state for _, _, state in rows(acme)] == ["posted"] * 3
    assert len(acme.in_exact(ORDER)) == 3


def test_a_skipped_credit_note_holds_the_invoice_that_follows(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", CREATE)
    ring(acme)
    skip(acme.credits(ORDER)[0], ann, WHY)
    acme.make_due()
    acme.drain()
    assert rows(acme)[2] == ("invoice", 2, "blocked")
    assert len(acme.in_exact(ORDER)) == 1


def test_a_refund_after_an_edit_credits_the_later_invoice(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost", refunds="credit")
    total = edited(acme, shop)
    shop.refund(ORDER)
    ring(acme)
    later = OrderSync.objects.get(order_id=ORDER, kind="invoice", sequence=2)
    credit = acme.credits(ORDER)[-1]
    assert (credit.state, credit.original, credit.total) == ("posted", later, -total)
    assert sum(row["AmountFC"] for row in acme.in_exact(ORDER).values()) == 0


def test_an_edit_after_a_refund_is_for_a_person(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, edits="credit_and_repost", refunds="credit")
    post(acme)
    shop.refund(ORDER, whole=D("5.00"))
    ring(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    ring(acme)
    document = acme.document(ORDER)
    assert document.change_pending
    assert len(acme.in_exact(ORDER)) == 2
    with pytest.raises(NotPossible, match="refunded"):
        credit_and_repost(document, ann, WHY)


def test_a_person_credits_and_reposts_or_leaves_an_edit(acme: Acme, shop: Store, ann: Any) -> None:
    edited(acme, shop)
    leave_it(acme.document(ORDER), ann, WHY)
    acme.drain()
    ring(acme)
    assert (rows(acme), acme.document(ORDER).change_pending) == ([("invoice", 1, "posted")], False)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=5)
    ring(acme)
    assert acme.document(ORDER).change_pending
    credit_and_repost(acme.document(ORDER), ann, WHY)
    acme.drain()
    assert [state for _, _, state in rows(acme)] == ["posted"] * 3


def test_a_change_to_decide_on_has_its_code_until_it_is_decided(acme: Acme, shop: Store, ann: Any) -> None:
    edited(acme, shop)
    document = acme.document(ORDER)
    assert (document.state, document.reason, document.code) == ("posted", "", "order_changed")
    assert sentences(from_json(document.problems), " ") == document.message
    assert from_json(document.problems)[-1].code is Code.DECISION_NEEDED
    assert listed() == [("posted", "order_changed", document.message)]
    leave_it(document, ann, WHY)
    acme.drain()
    document = acme.document(ORDER)
    assert (document.message, document.code, document.params, document.problems) == ("", "", {}, [])
    assert listed() == [("posted", None, None)]


def listed() -> list[tuple[str, str | None, str | None]]:
    """State, code and message of each row of `ledger --json`."""
    out = StringIO()
    call_command("ledger", "--tenant", "demo", "--json", stdout=out)
    return [(row["state"], row["code"], row["message"]) for row in json.loads(out.getvalue())]


def test_ignored_edits_are_noted(acme: Acme, shop: Store) -> None:
    setting(acme, edits="ignore")
    edited(acme, shop)
    assert (rows(acme), acme.document(ORDER).change_pending) == ([("invoice", 1, "posted")], False)


def test_an_archived_order_is_reported_and_its_invoice_stays(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.archive(ORDER)
    ring(acme, scope=ARCHIVED)
    assert acme.document(ORDER).change_pending
    assert "archived" in acme.document(ORDER).message
    assert len(acme.invoices(ORDER)) == 1


def test_an_order_that_is_gone_is_reported_and_its_invoice_stays(acme: Acme, shop: Store) -> None:
    post(acme)
    del shop.orders[ORDER]
    ring(acme)
    ring(acme)
    assert acme.document(ORDER).change_pending
    assert "not have this order" in acme.document(ORDER).message
    assert len(acme.invoices(ORDER)) == 1


def test_nothing_to_decide_on_is_said(acme: Acme, ann: Any) -> None:
    with pytest.raises(NotPossible, match="No change of this order waits"):
        leave_it(post(acme), ann, WHY)


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


def test_the_next_invoice_is_of_the_day_on_which_it_is_made(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost", invoice_date="order")
    edited(acme, shop)
    today = database_now().astimezone(ZoneInfo("Europe/Amsterdam")).date()
    dates = {name: row["InvoiceDate"].date() for name, row in acme.in_exact(ORDER).items()}
    assert dates == {"NLS-1001": date(2026, 1, 5), "NLS-1001-C0-1": today, "NLS-1001-2": today}
    assert acme.in_exact(ORDER)["NLS-1001-2"]["OrderDate"].date() == date(2026, 1, 5)


def closed_this_month(acme: Acme) -> None:
    today = database_now().astimezone(ZoneInfo("Europe/Amsterdam")).date()  # that of the store
    division = acme.connection.division
    type(division).objects.filter(pk=division.pk).update(closed_periods=[[f"{today:%Y-%m}-01", today.isoformat()]])


def without_account(acme: Acme) -> None:
    CustomerLink.objects.update(account_id="")
    setting(acme, customer_strategy="collective", guest_strategy="collective", collective_account="NONE")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda acme: setting(acme, invoice_template="Gone"), "no invoice template 'Gone'", id="template"),
        pytest.param(closed_this_month, "counts as closed", id="period"),
        pytest.param(lambda acme: setting(acme, start_date="2030-01-01"), "No invoice is due", id="not due"),
        pytest.param(
            lambda acme: MasterData.objects.filter(kind="gl_account").update(data={"blocked": True}),
            "is blocked",
            id="GL account",
        ),
        pytest.param(
            without_account,
            "no account 'NONE'",
            id="customer",
        ),
    ],
)
def test_nothing_is_credited_when_the_next_invoice_cannot_be_posted(
    acme: Acme, shop: Store, spoil: Callable[[Acme], object], why: str
) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    spoil(acme)
    ring(acme)
    assert rows(acme) == [("invoice", 1, "posted")]
    assert acme.document(ORDER).change_pending
    assert why in acme.document(ORDER).message


def test_what_has_become_impossible_since_holds_the_credit_note_too(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    setting(acme, mode="approval")
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    setting(acme, mode="live", start_date="2030-01-01")
    approve(credit, ann, WHY)
    acme.drain()
    (credit,) = acme.credits(ORDER)
    assert (credit.state, credit.reason) == ("blocked", "drift")
    assert "next invoice cannot be posted" in credit.message
    assert len(acme.in_exact(ORDER)) == 1
    setting(acme, start_date="2026-01-01")
    re_post(credit, ann, WHY)
    acme.drain()
    assert [state for _, _, state in rows(acme)] == ["posted"] * 3


def test_an_open_credit_note_is_not_printed_either(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", PRINT)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, bool(credit.exact_id)) == ("blocked", True)
    setting(acme, start_date="2030-01-01")
    re_post(credit, ann, WHY)
    acme.drain()
    assert "next invoice cannot be posted" in acme.credits(ORDER)[0].message
    assert acme.in_exact(ORDER)[credit.reference]["Status"] == 20
