"""Every order and refund of the store is in exactly one bucket, and what the store changed since is found."""

from datetime import date
from decimal import Decimal

import pytest

from connector.flow.actions import change_decisions, discrepancies
from connector.models import Connection
from tests.acme import DIVISION, Acme
from tests.factories import DivisionFactory, OrderSyncFactory
from tests.flow.by_hand import INVOICES, WHY, put
from tests.flow.reconcile.books import found, hide, one, put_right, run
from tests.flow.reconcile.conftest import KEPT, shop_of


def buckets(acme: Acme) -> dict[str, dict[str, int]]:
    figures = run(acme).figures
    known: dict[str, dict[str, int]] = figures["buckets"]
    assert sum(sum(reasons.values()) for reasons in known.values()) == figures["orders"] + figures["refunds"]
    return known


def test_an_order_that_is_not_due_is_skipped_with_its_reason(posted: Acme) -> None:
    hide(posted, 1001)
    shop_of(posted).change(1001, status_id=1)
    assert buckets(posted) == {"posted": {"": 11}, "skipped": {"status_not_posted": 1}}


def test_orders_of_before_the_start_date_are_skipped(posted: Acme) -> None:
    hide(posted, 1001)
    Connection.objects.update(start_date="2026-01-07")
    posted.connection.refresh_from_db()
    done = run(posted, date(2026, 1, 1))
    assert done.complete
    assert done.figures["buckets"] == {"posted": {"": 11}, "skipped": {"before_start": 1}}


def test_a_skipped_order_that_came_due_is_missing(posted: Acme) -> None:
    put(posted.document(1001), "skipped")
    assert found(run(posted)) == [("missing_document", 1001), ("state", 1001)]


@pytest.mark.parametrize(("state", "remedy"), [("blocked", "re_post"), ("waiting", "wait"), ("pending", "wait")])
def test_an_order_that_is_held_or_waits_is_missing_until_then(posted: Acme, state: str, remedy: str) -> None:
    put(posted.document(1001), state)
    row = run(posted).discrepancies.get(kind="missing_document")
    assert (row.order_id, row.remedy, row.expected, row.found) == (1001, remedy, "17.90 EUR", "")


def test_an_order_that_was_edited_unseen_differs_in_its_amount_until_it_is_read_again(posted: Acme) -> None:
    shop = shop_of(posted)
    shop.edit(1001, shop.orders[1001].products[0]["id"], quantity=2)
    first = run(posted)
    assert found(first) == [("amount", 1001)]
    assert (one(first, "amount").expected, one(first, "amount").found) == ("30.85 EUR", "17.90 EUR")
    put_right(first, "amount", 1001)
    posted.settle()
    second = run(posted)
    assert second.complete, found(second)
    assert second.figures["store"]["EUR"]["gross"] == second.figures["exact"]["EUR"]["gross"]


def test_a_cancellation_that_nobody_saw_lacks_its_credit_note(posted: Acme) -> None:
    shop_of(posted).cancel(1001)
    first = run(posted)
    row = one(first, "missing_document")
    assert (row.order_id, row.reference, row.expected) == (1001, "NLS-1001-C0", "-17.90 EUR")
    put_right(first, "missing_document", 1001)
    posted.settle()
    second = run(posted)
    assert second.complete, found(second)
    assert second.figures["buckets"] == {"posted": {"": 11}, "credited": {"": 1}}


def test_a_cancellation_that_the_connection_ignores_is_no_difference(posted: Acme) -> None:
    posted.configure(refunds="ignore", cancellations="ignore", edits="ignore")
    posted.connection.refresh_from_db()
    shop_of(posted).cancel(1001)
    shop_of(posted).refund(1002, whole=Decimal("1.00"))
    assert found(run(posted)) == []


def test_a_refund_for_a_person_is_for_that_person(posted: Acme) -> None:
    posted.configure(refunds="review", cancellations="review", edits="review")
    posted.connection.refresh_from_db()
    shop_of(posted).refund(1001)
    posted.ring(1001, "store/order/refund/created")
    posted.settle()
    row = one(run(posted), "missing_document")
    assert (row.order_id, row.remedy, row.expected) == (1001, "decide", "-17.90 EUR")


def test_a_refund_of_an_order_that_nobody_saw_is_missing_with_it(posted: Acme) -> None:
    hide(posted, 1001)
    shop_of(posted).refund(1001)
    done = run(posted)
    rows = done.discrepancies.order_by("reference").values_list("kind", "reference", "remedy", "expected")
    assert list(rows) == [
        ("missing_document", "NLS-1001", "take_in", "17.90 EUR"),
        ("missing_document", "NLS-1001-C31", "take_in", "-17.90 EUR"),
    ]
    assert done.figures["buckets"] == {"posted": {"": 11}, "missing": {"": 1, "order": 1}}
    discrepancies.carry_out(done.discrepancies.get(reference="NLS-1001"), None, WHY)
    posted.settle()
    assert run(posted).complete


def test_a_refund_of_an_order_that_is_not_due_needs_none(posted: Acme) -> None:
    hide(posted, 1001)
    shop_of(posted).refund(1001)
    shop_of(posted).change(1001, status_id=1)
    assert buckets(posted) == {"posted": {"": 11}, "skipped": {"status_not_posted": 1, "order": 1}}


def test_a_refund_whose_total_was_changed_after_it_was_credited_is_a_difference(posted: Acme) -> None:
    shop_of(posted).refund(1001)
    posted.ring(1001, "store/order/refund/created")
    posted.settle()
    assert run(posted).complete
    (made,) = shop_of(posted).refunds[1001]
    made["total_amount"] = "10.00"
    done = run(posted)
    row = one(done, "amount")
    assert (row.reference, row.remedy) == ("NLS-1001-C31", "correct")
    assert (row.expected, row.found) == ("-10.00 EUR", "-17.90 EUR")
    assert found(done) == [("amount", 1001)]


def test_a_declined_refund_needs_no_credit_note(posted: Acme) -> None:
    shop_of(posted).refund(1001, declined=Decimal("17.90"))
    done = run(posted)
    assert done.complete
    assert done.figures["buckets"] == {"posted": {"": 12}, "skipped": {"declined": 1}}


def test_both_sides_are_the_same_by_day_country_method_and_code(posted: Acme) -> None:
    shop_of(posted).refund(1001)
    posted.ring(1001, "store/order/refund/created")
    posted.settle()
    figures = run(posted).figures
    assert figures["store"] == figures["exact"]
    assert figures["store"]["EUR"]["count"] == len(KEPT) + 1


def test_an_order_that_cannot_be_read_is_missing_until_it_can(posted: Acme) -> None:
    shop_of(posted).orders[1001].order["total_inc_tax"] = "many"
    done = run(posted)
    assert ("missing_document", 1001) in found(done)
    assert "total_inc_tax" in one(done, "missing_document").expected


def test_a_cancelled_order_comes_to_nothing_on_both_sides(posted: Acme) -> None:
    cancel(posted, 1001)
    done = run(posted)
    assert (done.complete, done.figures["buckets"]) == (True, {"posted": {"": 11}, "credited": {"": 1}})
    both = [done.figures[side]["EUR"] for side in ("store", "exact")]
    assert both[0]["gross"] == both[1]["gross"]
    assert both[0]["vat"] == both[1]["vat"]


@pytest.mark.parametrize(("state", "remedy"), [("blocked", "re_post"), ("waiting", "wait")])
def test_a_cancellation_whose_credit_note_is_not_posted_is_where_its_credit_note_is(
    posted: Acme, state: str, remedy: str
) -> None:
    cancel(posted, 1001)
    shop_of(posted).refund(1001)
    (note,) = posted.credits(1001)
    posted.sandbox.exact.remove(DIVISION, INVOICES, note.exact_id)
    put(note, state)
    done = run(posted)
    rows = done.discrepancies.order_by("reference").values_list("kind", "reference", "remedy", "expected", "found")
    assert list(rows) == [
        ("missing_document", "NLS-1001-C0", remedy, "-17.90 EUR", ""),
        ("missing_document", "NLS-1001-C31", remedy, "-17.90 EUR", ""),
    ]
    bucket = {"blocked": "held", "waiting": "waiting"}[state]
    assert done.figures["buckets"]["posted"] == {"": 11}
    assert sum(done.figures["buckets"][bucket].values()) == 2


@pytest.mark.parametrize(("state", "remedy"), [("blocked", "re_post"), ("waiting", "wait")])
def test_a_refund_of_an_order_that_is_not_posted_is_a_difference_in_its_own_period(
    posted: Acme, state: str, remedy: str
) -> None:
    put(posted.document(1001), state)
    shop_of(posted).refund(1001)
    done = run(posted, date(2026, 2, 1))
    row = one(done, "missing_document")
    assert (row.reference, row.remedy, row.expected) == ("NLS-1001-C31", remedy, "-17.90 EUR")
    assert done.figures["buckets"] == {{"blocked": "held", "waiting": "waiting"}[state]: {"order": 1}}
    assert not done.complete


def test_a_refund_of_an_order_that_needs_no_document_needs_none(posted: Acme) -> None:
    put(posted.document(1001), "skipped")
    shop_of(posted).refund(1001)
    done = run(posted, date(2026, 2, 1))
    assert (done.complete, done.figures["buckets"]) == (True, {"skipped": {"order": 1}})


def edit(acme: Acme, order_id: int, more: int) -> None:
    line = shop_of(acme).orders[order_id].products[0]
    shop_of(acme).edit(order_id, line["id"], quantity=line["quantity"] + more)


def test_a_change_that_a_person_left_hides_no_later_one(posted: Acme) -> None:
    posted.configure(refunds="credit", cancellations="credit", edits="review")
    posted.connection.refresh_from_db()
    for order_id in (1001, 1002):
        edit(posted, order_id, 1)
        posted.ring(order_id, "store/order/updated")
    posted.settle()
    for order_id in (1001, 1002):
        change_decisions.leave_it(posted.document(order_id), None, WHY)
    posted.settle()
    left = run(posted)
    assert left.complete, found(left)
    edit(posted, 1001, 5)
    shop_of(posted).cancel(1002)
    assert found(run(posted)) == [("amount", 1001), ("missing_document", 1002)]


def test_a_cancelled_order_that_is_active_again_is_missing_until_a_person_leaves_it(posted: Acme) -> None:
    cancel(posted, 1001)
    shop_of(posted).change(1001, status_id=11)
    first = run(posted)
    assert found(first) == [("missing_document", 1001)]
    assert first.figures["buckets"] == {"posted": {"": 11}, "missing": {"": 1}}
    row = one(first, "missing_document")
    assert (row.reference, row.expected, row.remedy) == ("NLS-1001", "17.90 EUR", "take_in")  # nobody has seen it
    put_right(first, "missing_document", 1001)
    posted.settle()
    second = run(posted)
    assert (found(second), one(second, "missing_document").remedy) == ([("missing_document", 1001)], "decide")
    change_decisions.leave_it(posted.document(1001), None, WHY)
    posted.settle()
    left = run(posted)
    assert (left.complete, left.figures["buckets"]) == (True, {"posted": {"": 11}, "credited": {"": 1}})


def cancel(acme: Acme, order_id: int) -> None:
    """The store cancels an order, and the connector credits it."""
    shop_of(acme).change(order_id, status_id=5)
    acme.ring(order_id, "store/order/statusUpdated")
    acme.settle()


def test_an_order_that_another_connection_of_the_store_has_is_not_missing_here(posted: Acme) -> None:
    """As after a move to another division: the old connection is compared too, and posts nothing any more."""
    hide(posted, 1001)
    assert found(run(posted)) == [("missing_document", 1001)]
    Connection.objects.update(mode="off")
    division = DivisionFactory.create(grant=posted.connection.division.grant)
    OrderSyncFactory.create(connection__store=posted.store, connection__division=division, order_id=1001, posted=True)
    done = run(posted)
    assert (done.complete, done.figures["buckets"]["skipped"]) == (True, {"other_connection": 1})


def test_an_edit_that_waits_for_a_status_differs_until_it_is_posted(posted: Acme) -> None:
    edit(posted, 1001, 1)
    shop_of(posted).change(1001, status_id=1)
    for _delivery in range(2):  # the second one finds nothing new
        posted.ring(1001, "store/order/updated")
        posted.settle()
        row = one(run(posted), "amount")
        assert (row.order_id, row.remedy, row.expected, row.state) == (1001, "wait", "30.85 EUR", "open")
    shop_of(posted).change(1001, status_id=11)
    assert one(run(posted), "amount").remedy == "take_in"  # it is due, and nobody has read that
    posted.ring(1001, "store/order/statusUpdated")
    posted.settle()
    assert run(posted).complete


def test_a_refund_that_cannot_be_read_is_of_no_known_order(posted: Acme) -> None:
    shop_of(posted).refund(1001)
    (refund,) = shop_of(posted).refunds[1001]
    refund["total_amount"] = "much"
    row = one(run(posted), "missing_document")
    assert (row.order_id, row.reference, row.remedy) == (0, "31", "explain")
    assert row.expected == "refund 31: total_amount is not a number"
