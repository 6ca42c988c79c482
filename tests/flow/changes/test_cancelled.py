"""An order that was cancelled before it was posted: no document, and what vouchers paid is for a person."""

from decimal import Decimal as D

from connector.sandbox.bigcommerce.state import Store
from tests.acme import Acme
from tests.flow.actions.test_settle import cancelled
from tests.flow.by_hand import post
from tests.flow.changes.test_after_posting import rows
from tests.flow.changes.test_credit_note import ORDER


def test_cancelled_before_posting_it_is_skipped(acme: Acme, shop: Store) -> None:
    shop.cancel(ORDER)
    post(acme)
    assert rows(acme) == [("invoice", 1, "skipped")]


def test_what_comes_back_as_it_was_needs_no_settling(acme: Acme, shop: Store) -> None:
    cancelled(acme, shop)
    shop.refund(1001, store_credit=D("2.90"), gift_certificate=D("5.00"))
    shop.cancel(1001)
    acme.ring(1001, "store/order/updated")
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.to_settle) == ("skipped", None)
