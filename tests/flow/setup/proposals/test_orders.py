"""Tax tables are read for the orders that lack one, and for forty at most."""

from typing import Any

from connector.domain.order.read import read_order
from connector.flow.order.fetch import Fetched
from connector.flow.setup.proposals.orders import MOST_TABLES, with_tables
from connector.flow.setup.proposals.propose import Proposed
from tests.acme import STORE, Acme
from tests.domain.books import HERE, read_json
from tests.flow.setup.proposals.test_propose import proposed

RAW = read_json(HERE / "cases" / "plain" / "order.json")


def fetched(**changes: Any) -> Fetched:
    raw = {**RAW, "taxes": None, **changes}
    return Fetched(read_order(raw), raw)


def test_a_table_is_read_where_one_is_lacking_and_no_more_than_forty() -> None:
    read: list[Fetched] = []

    def table(order: Fetched) -> Fetched:
        read.append(order)
        return fetched(taxes=[])

    orders = [fetched(taxes=[]), *(fetched() for _ in range(MOST_TABLES + 5))]
    found = with_tables(orders, lambda order: True, table)
    assert len(read) == MOST_TABLES
    assert len(found) == len(orders)
    assert [order.order.taxes for order in found] == [()] * (MOST_TABLES + 1) + [None] * 5
    assert with_tables(orders, lambda order: False, table) == orders


def test_orders_of_the_last_days_count_and_older_ones_only_without_them(acme: Acme) -> None:
    store = acme.sandbox.stores.store(STORE)
    number = acme.order_of_kind("OSS France")
    store.change(number, date_created=store.now().strftime("%a, %d %b %Y %H:%M:%S +0000"))
    lands = [rule["when"].get("country") for rule in proposed(acme).connection["vat"]]
    assert ["FR"] in lands
    assert ["DE"] not in lands
    assert ["DE"] in [rule["when"].get("country") for rule in proposed_without(acme, number).connection["vat"]]


def proposed_without(acme: Acme, number: int) -> Proposed:
    del acme.sandbox.stores.store(STORE).orders[number]
    return proposed(acme)
