"""A customer who was forgotten and orders again is like any other, from that order on."""

from datetime import timedelta

import pytest

from connector.domain.choices import FieldGroup
from connector.domain.customer.details import fingerprint
from connector.flow.clock import database_now
from connector.flow.customer.both_ways.sides import of_customer
from connector.flow.records.forget import forget
from connector.flow.records.privacy.subject import find
from connector.models import Connection, CustomerEvent, CustomerLink, DirectoryAccount, OrderSync, StoreCustomer
from tests.acme import Acme
from tests.flow.by_hand import post
from tests.flow.records import canary
from tests.flow.records.canary import CREATE_ACCOUNT, KEY, NAME, ORDER


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
