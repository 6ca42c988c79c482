"""What an order says of its customer's details: nothing new, or a reason to read both sides again."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.domain.customer.customer import Customer
from connector.domain.customer.details import Details, fingerprints
from connector.domain.order.model import Address
from connector.flow.clock import database_now
from connector.flow.customer.account import ordered
from connector.models import Connection, CustomerLink
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

BILLING = Address(
    first_name="Vera",
    last_name="Dijk",
    street_1="Kade 1",
    postcode="1012 AB",
    city="Utrecht",
    country="NL",
    phone="0612345678",
    email="vera@dijk.example",
)
VERA = Customer("SHOP", "7", registered=True, person="Vera Dijk", company="", email="vera@dijk.example", vat_number="")
RECORD = Details(
    names={"first_name": "Vera", "last_name": "Dijk", "company": ""},
    contact={"email": "Vera@dijk.example", "phone": "+31 6 12345678"},
    addresses={"street_1": "kade 1", "postcode": "1012AB", "city": "Utrecht", "country": "NL"},
)


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory.create()


@pytest.fixture
def link(connection: Connection) -> CustomerLink:
    return CustomerLink(
        store=connection.store,
        division=connection.division,
        customer_key="7",
        account_id="a-7",
        store_base=fingerprints(RECORD),
        in_step_at=database_now(),
    )


def test_an_order_with_the_same_details_is_no_reason(connection: Connection, link: CustomerLink) -> None:
    assert ordered.differing(connection, VERA, link, BILLING) == {}


def test_what_an_order_leaves_out_is_no_reason(connection: Connection, link: CustomerLink) -> None:
    assert ordered.differing(connection, VERA, link, replace(BILLING, phone="")) == {}


@pytest.mark.parametrize(
    "billing",
    [replace(BILLING, phone="0209999999"), replace(BILLING, street_1="Gracht 2"), replace(BILLING, company="Dijk BV")],
)
def test_other_details_are_a_reason_once(connection: Connection, link: CustomerLink, billing: Address) -> None:
    found = ordered.differing(connection, VERA, link, billing)
    assert (found["read_first"], set(found)) == (True, {"ordered_as", "due_at", "read_first"})
    link.ordered_as = str(found["ordered_as"])
    assert ordered.differing(connection, VERA, link, billing) == {}


def test_another_vat_number_is_a_reason(connection: Connection, link: CustomerLink) -> None:
    assert ordered.differing(connection, replace(VERA, vat_number="NL123456782B90"), link, BILLING)


@pytest.mark.parametrize("other", [{"registered": False}, {"key": "8"}])
def test_a_guest_and_a_further_company_have_no_record(
    connection: Connection, link: CustomerLink, other: dict[str, object]
) -> None:
    customer = replace(VERA, **other)  # type: ignore[arg-type]
    assert ordered.differing(connection, customer, link, replace(BILLING, phone="0209999999")) == {}
    assert ordered.newly_linked(connection, customer, link.customer_key, BILLING)["due_at"] is None


def test_a_connection_that_carries_nothing_over_compares_nothing(connection: Connection, link: CustomerLink) -> None:
    connection.customer_direction = "none"
    assert ordered.differing(connection, VERA, link, replace(BILLING, phone="0209999999")) == {}


def test_a_link_that_was_never_compared_waits_for_that(connection: Connection, link: CustomerLink) -> None:
    link.in_step_at = None
    assert ordered.differing(connection, VERA, link, replace(BILLING, phone="0209999999")) == {}


def test_a_new_link_is_compared_soon(connection: Connection) -> None:
    columns = ordered.newly_linked(connection, VERA, "7", BILLING)
    due_at = columns["due_at"]
    assert due_at == pytest.approx(database_now() + timedelta(minutes=1), abs=timedelta(seconds=20))
    assert columns["store_base"] == fingerprints(RECORD)
    assert (columns["read_first"], columns["in_step_at"]) == (True, None)


def test_an_address_that_an_earlier_release_has_seen_is_nothing_new(connection: Connection) -> None:
    kept = hashlib.sha256(b"kade1||1012ab|utrecht|nl").hexdigest()[:12]
    link = CustomerLink(customer_key="7", in_step_at=database_now())
    link.store_base = {**fingerprints(RECORD), "addresses": kept}
    assert ordered.differing(connection, VERA, link, BILLING) == {}
    assert ordered.differing(connection, VERA, link, replace(BILLING, street_1="Kade 2")) != {}
