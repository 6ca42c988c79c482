"""A side is read right before it is written: what nobody has reported yet is not overwritten."""

from typing import Any

import pytest

from connector.flow.customer.both_ways.in_step import bring_all_in_step
from connector.flow.customer.runs.run_turn import Turn
from connector.models import CustomerConflict, CustomerEvent, DirectoryAccount, StoreCustomer
from tests.acme import Acme
from tests.flow.customer.both_ways.test_due import report
from tests.flow.customer.linked import Linked
from tests.flow.customer.pulling import begin, turns

pytestmark = pytest.mark.usefixtures("one_reading")

STORE, EXACT = "shopper@dijk.example", "bookkeeper@dijk.example"


@pytest.fixture
def pair(acme: Acme) -> Linked:
    pair = Linked(acme)
    acme.drain()
    return pair


def is_conflict(pair: Linked) -> bool:
    """Whether each side has its own value still, and a person is shown both."""
    assert (pair.in_store()["email"], pair.account()["Email"], pair.writes()) == (STORE, EXACT, 0)
    conflict = CustomerConflict.objects.get(link=pair.link, decided_at=None)
    return (conflict.store_values["email"], conflict.exact_values["email"]) == (STORE, EXACT)


@pytest.mark.parametrize("side", [StoreCustomer, DirectoryAccount])
def test_what_only_one_vendor_has_reported_overwrites_no_change_of_the_other(pair: Linked, side: Any) -> None:
    pair.change_exact(Email=EXACT)
    pair.change_store(email=STORE)
    report(pair, side)
    pair.acme.drain()
    assert is_conflict(pair)


def test_a_run_overwrites_no_change_made_since_it_read(pair: Linked, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.change_store(email=STORE)
    match = Turn._match

    def after_a_change(turn: Turn) -> bool:
        pair.change_exact(Email=EXACT)
        return match(turn)

    monkeypatch.setattr(Turn, "_match", after_a_change)
    turns(begin(pair.acme))
    assert is_conflict(pair)


@pytest.mark.parametrize("side", [StoreCustomer, DirectoryAccount])
def test_where_the_newest_is_taken_the_other_one_stands_in_the_history(pair: Linked, side: Any) -> None:
    pair.settings(customer_conflicts="newest")
    pair.change_store(email=STORE)
    pair.exact.advance(3600)
    pair.change_exact(Email=EXACT)
    report(pair, side)
    pair.acme.drain()
    assert (pair.in_store()["email"], pair.account()["Email"]) == (EXACT, EXACT)
    assert [event.before["email"] for event in CustomerEvent.objects.filter(kind="to_store")] == [STORE]


def test_the_sides_of_many_customers_are_read_by_one_call_and_only_when_they_are_written(acme: Acme) -> None:
    pairs = [Linked(acme, {"email": f"c{n}@dijk.example"}, {"Email": f"c{n}@dijk.example"}) for n in range(8)]
    links = [pair.link for pair in pairs]
    exact, stores = pairs[0].exact.calls, acme.sandbox.stores.calls

    def reads() -> tuple[int, int]:
        before = exact.count("GET", "*crm/Accounts*"), stores.count("GET", "*customers*")
        bring_all_in_step(links, pairs[0].clients, origin="run")
        return exact.count("GET", "*crm/Accounts*") - before[0], stores.count("GET", "*customers*") - before[1]

    for pair in pairs:
        pair.link.refresh_from_db()
    assert reads() == (0, 0)
    for n, pair in enumerate(pairs):
        change: Any = pair.change_store if n % 2 else pair.change_exact
        change(**{"email" if n % 2 else "Email": f"new{n}@dijk.example"})
        pair.read()
    assert reads() == (1, 1)
    assert all(
        pair.in_store()["email"] == pair.account()["Email"] == f"new{n}@dijk.example" for n, pair in enumerate(pairs)
    )
