"""What bears our reference in Exact and is not ours: a copy, an orphan, or the document of an order that is held."""

from connector.models import OrderSync
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import INVOICES, put
from tests.flow.reconcile.books import copy, found, one, run


def test_a_copy_by_hand_is_a_duplicate_with_the_originals_order(posted: Acme) -> None:
    typed = copy(posted, 1005)
    done = run(posted)
    assert found(done) == [("duplicate", 1005)]
    row = one(done, "duplicate")
    assert (row.exact_id, row.document, row.remedy) == (typed, posted.document(1005), "remove_copy")
    assert row.expected == "93.88 EUR"
    assert done.figures["documents"] == 13


def test_a_reference_of_no_order_is_a_document_without_one(posted: Acme) -> None:
    typed = copy(posted, 1005)
    posted.sandbox.exact.change(DIVISION, INVOICES, typed, YourRef="NLS-999999")
    assert found(run(posted)) == [("missing_order", 999999)]
    posted.sandbox.exact.change(DIVISION, INVOICES, typed, YourRef="NLS-by-hand")
    assert found(run(posted)) == [("missing_order", 0)]
    posted.sandbox.exact.change(DIVISION, INVOICES, typed, YourRef="OTHER-1005")
    assert run(posted).complete


def test_a_document_of_an_order_that_is_held_is_there_to_be_linked(posted: Acme) -> None:
    put(posted.document(1001), "blocked")
    OrderSync.objects.filter(order_id=1001).update(exact_id="")
    done = run(posted)
    assert found(done) == [("missing_document", 1001), ("state", 1001)]
    assert (one(done, "state").expected, one(done, "state").remedy) == ("blocked", "link")
