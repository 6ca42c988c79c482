"""Orders tried with each way to treat cents."""

from connector.domain.invoice.trial import try_amounts
from connector.domain.order.model import Order
from connector.domain.rules.propose.amounts import Tried
from tests.domain.basket import charge, order_of
from tests.domain.books import read_books

BOOKS = read_books({"settings": {"items": {"rounding": "ROUND"}}})
EVEN = order_of(charge("product:1", "121.00", "21.00"))


def tried(*orders: Order, account: str = "4900") -> Tried:
    return try_amounts(list(orders), BOOKS.settings, BOOKS.rules, BOOKS.chart, account)


def test_orders_without_rounding_are_posted_each_way() -> None:
    assert tried(EVEN, EVEN) == Tried(2, plainly=2, forced=2, rounded=2, both=2)
    assert tried() == Tried()
