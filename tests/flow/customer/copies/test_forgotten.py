"""The data of a customer who was forgotten does not come back with a pull or an old order."""

from datetime import timedelta
from typing import Any

import pytest

from connector.flow.customer.copies import directory, forgotten
from connector.flow.order.fetch import read
from connector.flow.outbound.clients import LaneClients
from connector.flow.records.forget import forget
from connector.flow.records.privacy.subject import find
from connector.models import Connection, CustomerEvent, CustomerLink, DirectoryAccount, Division, StoreCustomer
from tests.acme import Acme
from tests.flow.by_hand import post
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
