"""Everything of one customer is found, and nothing of another."""

import pytest

from connector.domain.customer.customer import customer_of
from connector.flow.actions.customers import merge, unlink
from connector.flow.clock import database_now
from connector.flow.order.fetch import read
from connector.flow.records.privacy.subject import InSeveralStores, NotFound, find
from connector.models import CustomerEvent, CustomerLink, DirectoryAccount, OrderSync, StoreCustomer
from tests.acme import Acme
from tests.factories import ConnectionFactory, StoreFactory
from tests.flow.records import canary
from tests.flow.records.canary import EMAIL, KEY, NAME, ORDER, STREET


@pytest.fixture
def posted(acme: Acme) -> Acme:
    """Acme, which has posted an order of the customer and one of another."""
    canary.rewrite(acme, ORDER)
    for order in (ORDER, 1003):
        acme.ring(order)
    acme.drain()
    return acme


def key_in(acme: Acme, order_id: int) -> str:
    """The key that the order's customer has in the domain."""
    kept = acme.document(order_id).order_data
    assert kept is not None
    return customer_of(read(kept).order, acme.store.prefix, (), ()).key


def test_a_registered_customer_is_found_by_the_stores_id(posted: Acme) -> None:
    subject = find(posted.store.tenant, KEY)
    assert (subject.key, set(subject.order_ids)) == (KEY, {ORDER})
    assert [link.customer_key for link in subject.links] == [KEY]
    assert {NAME, EMAIL, STREET} <= subject.values
    assert {document.order_id for document in subject.documents} == {ORDER}


def test_a_customer_without_an_order_is_found_by_the_stores_copy(acme: Acme) -> None:
    StoreCustomer.objects.create(store=acme.store, customer_key="77", email=EMAIL, addresses=[{"city": "Ede"}])
    subject = find(acme.store.tenant, "77")
    assert subject.values == {EMAIL, "Ede"}
    assert not subject.order_ids


def test_an_order_whose_copy_has_expired_is_found_by_the_address(posted: Acme) -> None:
    StoreCustomer.objects.create(store=posted.store, customer_key=KEY, email=EMAIL)
    OrderSync.objects.filter(order_id=ORDER).update(order_data=None)
    assert set(find(posted.store.tenant, KEY).order_ids) == {ORDER}


def test_an_order_as_a_guest_with_the_same_address_is_the_same_persons(posted: Acme) -> None:
    canary.rewrite(posted, 1004, customer_id=0)
    posted.ring(1004)
    posted.drain()
    subject = find(posted.store.tenant, KEY)
    assert set(subject.order_ids) == {ORDER, 1004}
    assert subject.keys == {KEY, key_in(posted, 1004)}


def test_an_order_of_another_customer_with_the_same_address_is_not(posted: Acme) -> None:
    canary.rewrite(posted, 1004, customer_id=999)
    posted.ring(1004)
    posted.drain()
    assert set(find(posted.store.tenant, KEY).order_ids) == {ORDER}


def test_a_guest_is_found_by_the_key(posted: Acme) -> None:
    canary.rewrite(posted, 1004, customer_id=0)
    posted.ring(1004)
    posted.drain()
    key = key_in(posted, 1004)
    assert key.startswith("G")
    subject = find(posted.store.tenant, f"{key}-3f9a01")
    assert (subject.key, set(subject.order_ids)) == (key, {1004})


def test_an_account_that_another_customer_has_too_is_not_the_customers(posted: Acme) -> None:
    link = CustomerLink.objects.get(customer_key=KEY)
    assert [account.account_id for account in find(posted.store.tenant, KEY).accounts] == [link.account_id]
    CustomerLink.objects.create(
        store=link.store, division=link.division, customer_key="88", account_id=link.account_id, search_code="X-88"
    )
    assert find(posted.store.tenant, KEY).accounts == ()


@pytest.mark.parametrize("key", ["", "nobody", "4711", "G123", "G00000000000a", "-"])
def test_nobody_is_found_for_another_key(posted: Acme, key: str) -> None:
    with pytest.raises(NotFound):
        find(posted.store.tenant, key)


def test_a_customer_of_another_organisation_is_nobody(posted: Acme) -> None:
    with pytest.raises(NotFound):
        find(ConnectionFactory.create().store.tenant, KEY)


def test_of_several_stores_one_must_be_named(posted: Acme) -> None:
    other = StoreFactory.create(tenant=posted.store.tenant)
    StoreCustomer.objects.create(store=other, customer_key=KEY)
    with pytest.raises(InSeveralStores) as several:
        find(posted.store.tenant, KEY)
    assert several.value.hashes == (posted.store.store_hash, other.store_hash)
    assert find(posted.store.tenant, KEY, other.store_hash).store == other


def test_an_account_whose_other_customers_are_forgotten_is_the_customers(posted: Acme) -> None:
    link = CustomerLink.objects.get(customer_key=KEY)
    CustomerLink.objects.create(
        store=link.store, division=link.division, customer_key="88", account_id=link.account_id, search_code="X-88",
        forgotten_at=database_now(),
    )  # fmt: skip
    assert [account.account_id for account in find(posted.store.tenant, KEY).accounts] == [link.account_id]


def changed_email(acme: Acme) -> None:
    """The customer's e-mail address was changed since the order, whose copy has expired."""
    OrderSync.objects.filter(order_id=ORDER).update(order_data=None)
    StoreCustomer.objects.filter(customer_key=KEY).delete()
    StoreCustomer.objects.create(store=acme.store, customer_key=KEY, email="new@kwikmail.example")
    CustomerEvent.objects.create(
        tenant=acme.store.tenant, store=acme.store, division=acme.connection.division, customer_key=KEY,
        kind="to_exact", origin="webhook", group="contact",
        before={"email": EMAIL}, after={"email": "new@kwikmail.example"},
    )  # fmt: skip


def test_an_old_order_is_found_by_the_address_that_the_customer_had(posted: Acme) -> None:
    changed_email(posted)
    subject = find(posted.store.tenant, KEY)
    assert set(subject.order_ids) == {ORDER}
    assert EMAIL in subject.values


def test_an_address_that_is_another_customers_by_now_leads_to_no_order(posted: Acme) -> None:
    changed_email(posted)
    StoreCustomer.objects.create(store=posted.store, customer_key="88", email=EMAIL.upper())
    assert not find(posted.store.tenant, KEY).order_ids


def test_an_account_that_the_customer_had_is_the_customers_by_search_code_or_address(posted: Acme) -> None:
    link = CustomerLink.objects.get(customer_key=KEY)
    had = link.account_id
    unlink(link, None, "wrong")
    assert [account.account_id for account in find(posted.store.tenant, KEY).accounts] == [had]
    DirectoryAccount.objects.filter(account_id=had).update(search_code="")
    assert [account.account_id for account in find(posted.store.tenant, KEY).accounts] == [had]
    DirectoryAccount.objects.filter(account_id=had).update(email="another@party.example")
    assert find(posted.store.tenant, KEY).accounts == ()


def test_an_account_from_before_a_merge_is_the_customers_while_nobody_else_has_it(posted: Acme) -> None:
    link = CustomerLink.objects.get(customer_key=KEY)
    had, into = link.account_id, CustomerLink.objects.exclude(customer_key=KEY).get()
    merge(link, into, None, "one household")
    assert [account.account_id for account in find(posted.store.tenant, KEY).accounts] == [had]
    CustomerLink.objects.create(
        store=link.store, division=link.division, customer_key="88", account_id=had, search_code="X-88"
    )
    assert find(posted.store.tenant, KEY).accounts == ()
