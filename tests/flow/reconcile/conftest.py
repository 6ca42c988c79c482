"""A small shop whose every order is posted, and its books."""

import pytest

from connector.sandbox.bigcommerce.state import Store
from tests.acme import STORE, Acme

KEPT = range(1001, 1013)


@pytest.fixture
def posted(acme: Acme) -> Acme:
    """Acme with twelve orders, all of them posted. What follows a sale is credited by itself."""
    acme.configure(refunds="credit", cancellations="credit", edits="credit_and_repost")
    shop = shop_of(acme)
    for order_id in [number for number in shop.orders if number not in KEPT]:
        shop.delete(order_id)
    shop.refunds.clear()
    for order_id in KEPT:
        acme.ring(order_id)
    acme.drain(20)
    acme.connection.refresh_from_db()
    return acme


def shop_of(acme: Acme) -> Store:
    return acme.sandbox.stores.store(STORE)
