"""A customer who was forgotten and orders again is like any other, from that order on."""

from datetime import timedelta

import pytest

from connector.domain.choices import FieldGroup
from connector.domain.customer.details import fingerprint
from connector.flow.clock import database_now
from connector.flow.customer.both_ways.sides import of_customer
from connector.flow.customer.copies import directory
from connector.flow.outbound.clients import LaneClients
from connector.flow.records.forget import forget
from connector.flow.records.privacy.subject import find
from connector.models import (
    Connection,
    CustomerEvent,
    CustomerLink,
    DirectoryAccount,
    Division,
    OrderSync,
    StoreCustomer,
)
from tests.acme import Acme
from tests.flow.by_hand import post
from tests.flow.records import canary
from tests.flow.records.canary import CREATE_ACCOUNT, EMAIL, KEY, NAME, ORDER


@pytest.fixture
def gone(acme: Acme) -> Acme:
    """Acme, which forgot the customer before the next order, 1002, was placed."""
    for order in (ORDER, 1002):
        canary.rewrite(acme, order)
    post(acme)
    forget(find(acme.store.tenant, KEY))
    before = canary.placed(acme, 1002) - timedelta(minutes=1)
    CustomerEvent.objects.update(at=before)
    CustomerLink.objects.update(forgotten_at=before)
    StoreCustomer.objects.update(forgotten_at=before)
    return acme


def test_the_order_goes_to_the_same_account_and_nothing_is_made_twice(gone: Acme) -> None:
    account = CustomerLink.objects.get(customer_key=KEY).account_id
    assert post(gone, 1002).state == "posted"
    link = CustomerLink.objects.get(customer_key=KEY)
    assert (link.account_id, link.forgotten_at, link.name) == (account, None, NAME)
    assert DirectoryAccount.objects.get(account_id=account).name == NAME
    assert StoreCustomer.objects.get(customer_key=KEY).forgotten_at is None
    assert gone.sandbox.exact.calls.count("POST", CREATE_ACCOUNT) == 1


def test_the_order_from_before_stays_bare(gone: Acme) -> None:
    post(gone, 1002)
    old = OrderSync.objects.get(order_id=ORDER, kind="invoice")
    assert (old.customer, old.email) == ("", "")
    assert old.order_data is not None
    assert old.order_data["forgotten"] is True


def test_the_account_is_read_once_more_and_never_again(gone: Acme) -> None:
    Connection.objects.update(customer_direction="none")  # nothing is compared: that would read it too
    before = gone.sandbox.exact.calls.count("GET", CREATE_ACCOUNT)
    canary.rewrite(gone, 1004, customer_id=int(KEY))
    for order in (1002, 1004):
        post(gone, order)
    assert gone.sandbox.exact.calls.count("GET", CREATE_ACCOUNT) == before + 1


def test_the_stores_customer_is_read_before_anything_is_compared_with_it(gone: Acme) -> None:
    post(gone, 1002)
    DirectoryAccount.objects.update(due_at=database_now())  # Exact reports the account first
    gone.drain()
    customer, link = StoreCustomer.objects.get(customer_key=KEY), CustomerLink.objects.get(customer_key=KEY)
    assert customer.email != ""
    assert (customer.due_at, link.due_at, link.read_first) == (None, None, False)
    assert link.store_base["contact"] == fingerprint(FieldGroup.CONTACT, of_customer(customer))
    assert gone.sandbox.exact.calls.count("PUT", "*crm/Accounts*") == 0


def test_a_read_that_failed_is_done_again_with_the_next_try(gone: Acme) -> None:
    Connection.objects.update(customer_direction="none")
    division = Division.objects.select_related("grant__tenant").get(pk=gone.connection.division_id)
    directory.pull(division, LaneClients(division).exact)  # the copy is bare, and no later pull reads the account again
    gone.sandbox.exact.faults.add("503_html", "GET", CREATE_ACCOUNT + "*", times=1)
    assert post(gone, 1002).state == "waiting"
    assert CustomerLink.objects.get(customer_key=KEY).forgotten_at is not None
    gone.make_due()
    gone.drain()
    assert gone.document(1002).state == "posted"
    link = CustomerLink.objects.get(customer_key=KEY)
    assert (link.forgotten_at, DirectoryAccount.objects.get(account_id=link.account_id).name) == (None, NAME)


def test_a_customer_who_was_forgotten_without_an_account_is_taken_up_too(acme: Acme) -> None:
    canary.rewrite(acme, 1002, customer_id=int(KEY))
    StoreCustomer.objects.filter(customer_key=KEY).delete()
    StoreCustomer.objects.create(store=acme.store, customer_key=KEY, email=EMAIL)
    forget(find(acme.store.tenant, KEY))
    before = canary.placed(acme, 1002) - timedelta(minutes=1)
    CustomerEvent.objects.update(at=before)
    customer = StoreCustomer.objects.get(customer_key=KEY)
    assert (customer.forgotten_at is None, customer.email) == (False, "")
    StoreCustomer.objects.filter(pk=customer.pk).update(forgotten_at=before)
    assert post(acme, 1002).state == "posted"
    CustomerLink.objects.update(due_at=database_now())
    acme.drain()
    customer.refresh_from_db()
    assert (customer.forgotten_at, customer.email != "") == (None, True)
