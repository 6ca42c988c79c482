"""The facts of a proposal: from the orders where they say it, else from the store."""

from typing import Any

from connector.domain.order.model import Order
from connector.domain.order.read import read_order
from connector.domain.rules.propose.facts import Facts
from connector.flow.order.terms import Terms
from connector.flow.setup.proposals.facts import facts_of
from connector.models import MasterData, Store
from tests.domain.books import HERE, read_books, read_json

RAW = read_json(HERE / "cases" / "plain" / "order.json")
BOOKS = read_books({})
TERMS = Terms(BOOKS.settings, BOOKS.rules, None, BOOKS.chart)


def order(inclusive: bool) -> Order:
    return read_order({**RAW, "order": {**RAW["order"], "is_tax_inclusive_pricing": inclusive}})


def facts(orders: list[Order], *rows: MasterData, inclusive: bool = True) -> Facts:
    store = Store(currency="EUR", timezone="Europe/Amsterdam", prices_include_tax=inclusive)
    return facts_of(store, TERMS, rows, [], orders)


def row(kind: str, code: str, **data: Any) -> MasterData:
    return MasterData(kind=kind, code=code, name=f"The {code}", data=data)


def test_without_orders_the_price_basis_is_the_stores() -> None:
    assert [facts([], inclusive=each).inclusive for each in (True, False)] == [True, False]


def test_orders_count_before_the_store_and_the_most_of_them_decide() -> None:
    for most in (True, False):
        assert facts([order(most), order(not most), order(most)], inclusive=not most).inclusive is most


def test_what_a_code_does_not_say_is_left_out() -> None:
    found = facts(
        [],
        row("gl_account", "8000", type=110),
        row("gl_account", "9999"),
        row("item", "MUG", gl_account="8000"),
        row("item", "GIFT"),
        row("payment_condition", "30", payment_days=30),
        row("payment_condition", "00"),
        row("journal", "70"),
        row("layout", "Invoice"),
    )
    assert (found.account_types, found.revenue_of) == ({"8000": 110}, {"MUG": "8000"})
    assert (found.payment_days, found.journal_names) == ({"30": 30, "00": 0}, {"70": "The 70"})
    assert (found.layouts, found.orders) == (("Invoice",), 0)
