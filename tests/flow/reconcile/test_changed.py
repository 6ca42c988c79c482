"""What the store changed of an order since it was posted is found, until it is put right or left."""

from decimal import Decimal

from connector.flow.actions import change_decisions
from connector.models import ReconciliationRun
from tests.acme import Acme
from tests.flow.by_hand import WHY
from tests.flow.reconcile.books import found, one, put_right, run
from tests.flow.reconcile.conftest import shop_of


def test_vat_that_changed_at_the_same_total_is_a_difference_until_a_person_leaves_it(posted: Acme) -> None:
    """As when the buyer's country or a product's tax class is put right, and the price with VAT stays."""
    posted.configure(refunds="credit", cancellations="credit", edits="review")
    posted.connection.refresh_from_db()
    shop_of(posted).change(1001, total_tax="1.4800")
    first = run(posted)
    row = one(first, "vat")
    assert (row.order_id, row.expected, row.found, row.remedy) == (1001, "1.48 EUR", "3.11 EUR", "take_in")
    assert found(first) == [("vat", 1001)]
    assert total_vat(first, "store") - total_vat(first, "exact") == Decimal("1.48") - Decimal("3.11")
    put_right(first, "vat", 1001)
    posted.settle()
    assert one(run(posted), "vat").remedy == "decide"
    change_decisions.leave_it(posted.document(1001), None, WHY)
    posted.settle()
    left = run(posted)
    assert left.complete, found(left)
    shop_of(posted).change(1001, total_tax="0.0000")
    later = one(run(posted), "vat")
    assert (later.expected, later.found) == ("0.00 EUR", "1.48 EUR")


def total_vat(of: ReconciliationRun, side: str) -> Decimal:
    return Decimal(of.figures[side]["EUR"]["vat"])


def test_a_store_that_writes_its_tax_with_more_decimals_has_not_changed_it(posted: Acme) -> None:
    shop_of(posted).change(1001, total_tax="3.1123")
    assert run(posted).complete


def test_vat_of_a_refund_that_changed_at_the_same_total_is_a_difference(posted: Acme) -> None:
    shop_of(posted).refund(1001)
    posted.ring(1001, "store/order/refund/created")
    posted.settle()
    (made,) = shop_of(posted).refunds[1001]
    made["total_tax"] = 1.48
    done = run(posted)
    row = one(done, "vat")
    assert (row.reference, row.expected, row.found) == ("NLS-1001-C31", "-1.48 EUR", "-3.11 EUR")
    assert (found(done), row.remedy) == ([("vat", 1001)], "correct")
