"""Realistic orders of four invented stores: two in the Netherlands, one in France, one in Luxembourg.

Each order of `default_orders` can be posted to the cent, and so can its refunds and edits. `odd_orders` must be skipped
or held. `rare_orders` need rules of their own.

shops    the four stores
goods    what they sell
people   who buys
cart     what a shopper puts together
pricing  a cart's amounts
amounts  the store's rounding
lines    an order's lines as JSON
build    an order as JSON
record   one order as a store keeps it
nlshop   orders of nlshop1
nltrade  orders of nltrade1
frshop   orders of frshop1
lushop   orders of lushop1
odd      orders that must get no invoice
rare     orders that few shops have
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from connector.sandbox.catalogue import frshop, lushop, nlshop, nltrade, odd, rare
from connector.sandbox.catalogue.build import build
from connector.sandbox.catalogue.cart import Cart
from connector.sandbox.catalogue.goods import NO_SKU, PRODUCTS
from connector.sandbox.catalogue.record import OrderRecord
from connector.sandbox.catalogue.shops import FRSHOP, LUSHOP, NLSHOP, NLTRADE, SHOPS, Shop

__all__ = ["GOODS", "SHOPS", "OrderRecord", "Shop", "default_orders", "odd_orders", "rare_orders"]

# All that is sold; each store has the whole of it in its catalogue.
GOODS = (*PRODUCTS, NO_SKU, frshop.HYDRATION, lushop.SANDALS)
FIRST_ID = 1001
FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
# Orders come at all hours, some on another day in the store's time zone than in UTC.
PACE = timedelta(hours=7, minutes=43)


def default_orders() -> list[OrderRecord]:
    """The catalogue: new records at each call, in the order in which they were placed, store by store."""
    return [
        *_orders(NLSHOP, nlshop.CARTS),
        *_orders(NLTRADE, nltrade.CARTS),
        *_orders(FRSHOP, frshop.CARTS),
        *_orders(LUSHOP, lushop.CARTS),
    ]


def odd_orders() -> list[OrderRecord]:
    """Orders of nlshop1 that are not due, or that lack something to be posted."""
    return _orders(NLSHOP, odd.CARTS)


def rare_orders() -> list[OrderRecord]:
    """Orders of nlshop1 that few shops have: VAT areas, taxes that are not VAT, gift certificates."""
    return _orders(NLSHOP, rare.CARTS)


def _orders(shop: Shop, carts: Iterable[Cart]) -> list[OrderRecord]:
    return [
        build(shop, cart, cart.order_id or FIRST_ID + index, FIRST_DAY + index * PACE)
        for index, cart in enumerate(carts)
    ]
