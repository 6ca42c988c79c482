"""A link with both its sides: read together, and only where both are known."""

from datetime import timedelta

import pytest

from connector.domain.choices import FieldGroup
from connector.domain.customer.details import fingerprints
from connector.flow.clock import database_now
from connector.flow.customer.both_ways.pairs import pairs_of
from connector.models import CustomerConflict, CustomerLink, DirectoryAccount, StoreCustomer
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

HOME = {"id": 1, "street_1": "Kade 1", "postcode": "1012AB", "city": "Utrecht", "country": "NL"}


@pytest.fixture
def link() -> CustomerLink:
    connection = ConnectionFactory.create()
    StoreCustomer.objects.create(
        store=connection.store, customer_key="7", first_name="Vera", last_name="Dijk", addresses=[HOME]
    )
    DirectoryAccount.objects.create(division=connection.division, account_id="a-7", name="Vera Dijk")
    return CustomerLink.objects.create(
        store=connection.store, division=connection.division, customer_key="7", search_code="S-7", account_id="a-7"
    )


def test_both_sides_come_with_the_link(link: CustomerLink) -> None:
    (pair,) = pairs_of([link])
    assert pair.store.names["last_name"] == "Dijk"
    assert pair.store.country == "NL"
    assert pair.exact.names == {"name": "Vera Dijk"}
    assert (pair.is_shared, pair.conflicts) == (False, {})


@pytest.mark.parametrize("model", [StoreCustomer, DirectoryAccount])
def test_without_a_side_there_is_no_pair(
    link: CustomerLink, model: type[StoreCustomer] | type[DirectoryAccount]
) -> None:
    model.objects.all().delete()
    assert pairs_of([link]) == []


def test_a_link_without_an_account_is_none(link: CustomerLink) -> None:
    link.account_id = ""
    assert pairs_of([link]) == []
    assert pairs_of([]) == []


@pytest.mark.parametrize(("key", "shared"), [("8", True), ("G0123456789ab", False), ("7-abc123", False)])
def test_a_guest_and_a_further_company_share_nothing(link: CustomerLink, key: str, shared: bool) -> None:
    CustomerLink.objects.create(
        store=link.store, division=link.division, customer_key=key, search_code=key, account_id="a-7"
    )
    (pair,) = pairs_of([link])
    assert pair.is_shared == shared


def test_a_customer_of_another_store_does_not_share_the_account(link: CustomerLink) -> None:
    other = ConnectionFactory.create(division=link.division, store__tenant=link.store.tenant)
    CustomerLink.objects.create(
        store=other.store, division=link.division, customer_key="8", search_code="8", account_id="a-7"
    )
    assert [pair.is_shared for pair in pairs_of([link])] == [False]


def test_open_conflicts_come_with_the_link(link: CustomerLink) -> None:
    CustomerConflict.objects.create(link=link, group="names", decided_at=database_now())
    CustomerConflict.objects.create(link=link, group="contact")
    (pair,) = pairs_of([link])
    assert list(pair.conflicts) == ["contact"]


@pytest.mark.parametrize(("minutes", "changed"), [(-1, False), (5, True)])
def test_a_link_of_an_order_takes_the_order_as_base_when_the_record_changed_since(
    link: CustomerLink, minutes: int, changed: bool
) -> None:
    """The billing address is no record: the record says itself whether it was changed since."""
    customer = StoreCustomer.objects.get()
    (pair,) = pairs_of([link])
    link.store_base = fingerprints(pair.store.with_group(FieldGroup.CONTACT, {"email": "old@dijk.example"}))
    customer.email, customer.modified_at = "new@dijk.example", link.created_at + timedelta(minutes=minutes)
    customer.save()
    (pair,) = pairs_of([link])
    store, _exact = pair.sides
    assert store.has_changed(FieldGroup.CONTACT) == changed
    link.in_step_at = database_now()
    assert pair.sides[0].has_changed(FieldGroup.CONTACT)


def test_a_link_that_leads_to_another_account_since_takes_what_changed_before_for_no_change(link: CustomerLink) -> None:
    customer = StoreCustomer.objects.get()
    (pair,) = pairs_of([link])
    link.store_base = fingerprints(pair.store.with_group(FieldGroup.CONTACT, {"email": "old@dijk.example"}))
    customer.email, customer.modified_at = "new@dijk.example", link.created_at + timedelta(days=1)
    customer.save()
    (pair,) = pairs_of([link])
    assert pair.sides[0].has_changed(FieldGroup.CONTACT)
    link.linked_at = link.created_at + timedelta(days=2)
    assert not pair.sides[0].has_changed(FieldGroup.CONTACT)
