"""A side is read right before it is written: what nobody has reported yet is not overwritten."""

from functools import partial
from typing import Any

import pytest

from connector.clients.bigcommerce import customers
from connector.clients.exact import accounts
from connector.clients.rows import Odd, OddRow
from connector.domain.document.codes import Code
from connector.flow.clock import database_now
from connector.flow.customer.both_ways.in_step import bring_all_in_step
from connector.flow.customer.both_ways.read_again import read_accounts
from connector.flow.customer.copies import directory, store_copy
from connector.flow.customer.runs.run_turn import Turn
from connector.models import CustomerConflict, CustomerEvent, DirectoryAccount, StoreCustomer
from tests.acme import Acme
from tests.flow.customer.both_ways.test_due import report
from tests.flow.customer.linked import Linked
from tests.flow.customer.locks import locked
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


@pytest.mark.parametrize("side", [StoreCustomer, DirectoryAccount])
def test_a_page_that_was_read_before_our_own_write_does_not_undo_it(
    pair: Linked, monkeypatch: pytest.MonkeyPatch, side: Any
) -> None:
    of_exact = side is DirectoryAccount
    module, name = (directory, "keep") if of_exact else (store_copy, "_keep")
    keep, store, division = getattr(module, name), pair.acme.store, pair.clients.division

    def after_our_write(*page: Any) -> Any:
        monkeypatch.setattr(module, name, keep)
        pair.step()
        return keep(*page)

    if of_exact:
        pair.change_store(email=STORE)
        monkeypatch.setattr(module, name, after_our_write)
        division.accounts_timestamp = 0
        directory.pull(division, pair.clients.exact)
    else:
        pair.change_exact(Email=EXACT)
        monkeypatch.setattr(module, name, after_our_write)
        store_copy.read_store_customers(store, pair.clients.store(store), whole=True)
    row = pair.copies()[of_exact]
    assert (row.email, row.due_at is None) == (STORE if of_exact else EXACT, False)
    pair.acme.drain()
    row.refresh_from_db()
    assert (row.due_at, pair.writes()) == (None, 1)


def test_what_changed_while_a_page_was_read_is_read_again(pair: Linked, monkeypatch: pytest.MonkeyPatch) -> None:
    keep, division = directory.keep, pair.clients.division

    def after_our_write(*page: Any) -> None:
        DirectoryAccount.objects.update(written_at=database_now())
        keep(*page)

    pair.change_exact(Phone="+31687654321")
    monkeypatch.setattr(directory, "keep", after_our_write)
    directory.pull(division, pair.clients.exact)
    monkeypatch.undo()
    pair.acme.drain()
    assert pair.copies()[1].phone == "+31687654321"


@pytest.mark.parametrize("name", ["", "100"])
@pytest.mark.parametrize("side", [StoreCustomer, DirectoryAccount])
def test_a_side_that_cannot_be_read_is_not_written(
    pair: Linked, monkeypatch: pytest.MonkeyPatch, side: Any, name: str
) -> None:
    def unreadable(client: object, ids: object, odd: Odd) -> dict[int, object]:
        odd(OddRow(name, "ID is missing"))
        return {}

    if side is DirectoryAccount:
        pair.change_store(email=STORE)
        monkeypatch.setattr(accounts, "accounts_with_ids", unreadable)
    else:
        pair.change_exact(Email=EXACT)
        monkeypatch.setattr(customers, "customers_with_ids", unreadable)
    report(pair, StoreCustomer if side is DirectoryAccount else DirectoryAccount)
    pair.acme.drain()
    pair.link.refresh_from_db()
    assert (pair.writes(), pair.link.stays["contact"]["code"]) == (0, Code.CUSTOMER_UNREADABLE)
    assert (pair.link.account_id, pair.copies()[0].deleted_at) == (pair.account_id, None)
    monkeypatch.undo()
    assert pair.step().written == 1
    pair.link.refresh_from_db()
    assert pair.link.stays == {}


def test_the_division_is_locked_before_what_was_read_is_marked(pair: Linked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "keep", lambda *given: None)  # it locks the division in a transaction of its own
    read = partial(read_accounts, pair.clients.division, pair.clients, [pair.account_id], database_now())
    order = ["division", "customerlink", "directoryaccount"]
    assert locked(read, *order) == order
