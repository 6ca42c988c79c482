"""The data of a customer who was forgotten does not come back with a pull or an old order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from connector.flow.actions.customers import unlink
from connector.flow.customer.copies import directory, forgotten, store_copy
from connector.flow.customer.matching import outcomes
from connector.flow.customer.matching.match import customers_of, match
from connector.flow.order.fetch import read
from connector.flow.outbound.clients import LaneClients
from connector.flow.records.forget import forget
from connector.flow.records.privacy.subject import find
from connector.models import Connection, CustomerEvent, CustomerLink, DirectoryAccount, Division, StoreCustomer
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import post
from tests.flow.customer.linked import ACCOUNT, HOME, VERA, Linked
from tests.flow.records import canary
from tests.flow.records.canary import KEY, ORDER


@pytest.fixture
def gone(acme: Acme) -> Acme:
    """Acme, which has forgotten the customer of its order."""
    canary.rewrite(acme, ORDER)
    post(acme)
    forget(find(acme.store.tenant, KEY))
    return acme


def connection() -> Connection:
    """The connection as it is now."""
    return Connection.objects.select_related("store", "division").get()


def test_a_pull_keeps_the_copy_of_the_account_bare(gone: Acme) -> None:
    Division.objects.update(accounts_timestamp=0)
    division = Division.objects.get()
    assert directory.pull(division, LaneClients(division).exact) > 100
    account = DirectoryAccount.objects.get(account_id=CustomerLink.objects.get(customer_key=KEY).account_id)
    assert (account.name, account.email) == ("", "")
    assert account.code != ""
    assert DirectoryAccount.objects.exclude(pk=account.pk).exclude(name="").count() > 100
    assert canary.found() == []


def test_an_account_that_another_customer_has_is_kept_whole(gone: Acme) -> None:
    link = CustomerLink.objects.get(customer_key=KEY)
    assert forgotten.forgotten_accounts(link.division, [link.account_id]) == {link.account_id}
    CustomerLink.objects.create(
        store=link.store, division=link.division, customer_key="88", account_id=link.account_id, search_code="X-88"
    )
    assert forgotten.forgotten_accounts(link.division, [link.account_id]) == set()


def test_an_account_that_was_taken_away_stays_bare_when_it_changes_until_somebody_has_it(acme: Acme) -> None:
    canary.rewrite(acme, ORDER)
    post(acme)
    link, exact = CustomerLink.objects.get(customer_key=KEY), acme.sandbox.exact
    had = link.account_id
    unlink(link, None, "wrong")
    forget(find(acme.store.tenant, KEY))

    def pulled() -> DirectoryAccount:
        division = Division.objects.get()
        directory.pull(division, LaneClients(division).exact)
        return DirectoryAccount.objects.get(account_id=had)

    exact.edit(DIVISION, had, Phone="+31687654321")
    bare = pulled()
    assert (bare.name, bare.email, bare.phone, bare.search_code) == ("", "", "", f"NLS-{KEY}")
    CustomerLink.objects.create(
        store=link.store, division=link.division, customer_key="88", account_id=had, search_code="X-88"
    )
    exact.edit(DIVISION, had, Phone="+31687654322")
    again = pulled()
    assert (again.phone, again.forgotten_at) == ("+31687654322", None)
    assert again.name != ""


def test_a_search_code_that_somebody_else_gave_goes_too(gone: Acme) -> None:
    link = CustomerLink.objects.get(customer_key=KEY)
    account = DirectoryAccount(division=link.division, account_id=link.account_id, search_code="QUAXWYTH")
    forgotten.empty_account(account)
    assert account.search_code == ""


def test_a_customer_who_has_not_been_forgotten_is_kept_whole(gone: Acme) -> None:
    post(gone, 1003)
    kept = gone.document(1003).order_data
    assert kept is not None
    assert not forgotten.as_kept(connection(), read(kept)).is_bare
    assert gone.document(1003).customer != ""


def test_an_order_from_before_stays_bare_and_a_later_one_does_not(gone: Acme) -> None:
    fetched = read({**_raw(gone)})
    assert forgotten.as_kept(connection(), fetched).is_bare
    CustomerEvent.objects.update(at=fetched.order.created - timedelta(days=1))
    assert not forgotten.as_kept(connection(), fetched).is_bare


def test_a_bare_copy_has_neither_details_nor_addresses() -> None:
    row = StoreCustomer(email="a@b.example", first_name="A", addresses=[{"city": "Ede"}], group_id=4, customer_key="7")
    forgotten.empty_customer(row)
    assert (row.email, row.name, row.addresses, row.group_id, row.customer_key) == ("", "", [], None, "7")


def test_a_read_of_the_stores_customers_keeps_the_copy_bare(gone: Acme) -> None:
    known = StoreCustomer.objects.get(customer_key=KEY)
    rows = {KEY: StoreCustomer(customer_key=KEY, email="a@b.example"), "7": StoreCustomer(email="c@d.example")}
    forgotten.empty_customers(rows, {KEY: known})
    assert (rows[KEY].email, rows["7"].email) == ("", "c@d.example")


def _raw(acme: Acme) -> dict[str, Any]:
    kept: dict[str, Any] | None = acme.document(ORDER).order_data
    assert kept is not None
    return kept


def just_before(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """Let another process do something right before a lock is given."""
    lock = getattr(forgotten, name)

    def wait(*given: Any) -> bool:
        monkeypatch.setattr(forgotten, name, lock)
        act()
        return bool(lock(*given))

    monkeypatch.setattr(forgotten, name, wait)


class TestAtTheSameMoment:
    """What was read or matched before the customer was forgotten is not written after that."""

    def test_of_a_page_of_accounts(self, acme: Acme) -> None:
        pair = Linked(acme)
        division = pair.clients.division  # as a run has it that began before
        forget(find(acme.store.tenant, str(pair.customer_id)))
        pair.change_exact(Phone="+31612345679")
        directory.pull(division, pair.clients.exact)
        _customer, account = pair.copies()
        assert (account.name, account.email, account.phone) == ("", "", "")

    def test_of_a_page_of_accounts_that_waits_for_it(self, acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = Linked(acme)
        pair.change_exact(Phone="+31612345679")
        just_before(monkeypatch, "lock_divisions", lambda: forget(find(acme.store.tenant, str(pair.customer_id))))
        directory.pull(pair.clients.division, pair.clients.exact)
        _customer, account = pair.copies()
        assert (account.name, account.email, account.phone) == ("", "", "")

    def test_of_a_page_of_customers(self, acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = Linked(acme)
        pair.change_store(phone="0612345670")
        just_before(monkeypatch, "lock_store", lambda: forget(find(acme.store.tenant, str(pair.customer_id))))
        store_copy.read_page(acme.store, pair.clients.store(acme.store), whole=True)
        customer, _account = pair.copies()
        assert customer.forgotten_at is not None
        assert (customer.email, customer.addresses) == ("", [])

    @pytest.mark.parametrize("write", [lambda *given: outcomes.keep(given[0], given[1], None).linked, outcomes.note])
    def test_of_a_match(self, acme: Acme, monkeypatch: pytest.MonkeyPatch, write: Callable[..., int]) -> None:
        key = str(acme.sandbox.stores.store("nlshop1").add_customer(**VERA, addresses=[HOME])["id"])
        acme.sandbox.exact.add_account(DIVISION, **ACCOUNT)
        clients = LaneClients(acme.connection.division)
        directory.pull(clients.division, clients.exact)
        store_copy.read_with_ids(acme.store, clients.store(acme.store), [key])
        matched = match(acme.connection, customers_of(acme.connection)).others
        just_before(monkeypatch, "lock_store", lambda: forget(find(acme.store.tenant, key)))
        assert write(acme.connection, matched) == 0
        assert not CustomerLink.objects.filter(customer_key=key).exists()
        assert list(CustomerEvent.objects.filter(customer_key=key).values_list("kind", flat=True)) == ["forgotten"]

    def test_of_a_link_that_was_made_since_the_customer_was_found(
        self, acme: Acme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair = Linked(acme)
        CustomerLink.objects.all().delete()
        pair.link.name, pair.link.pk = "Vera Dijk", None
        just_before(monkeypatch, "lock_store", pair.link.save)
        forget(find(acme.store.tenant, str(pair.customer_id)))
        link = CustomerLink.objects.get()
        assert (link.name, link.account_name, link.forgotten_at is None) == ("", "", False)
        assert pair.copies()[1].email == ""
