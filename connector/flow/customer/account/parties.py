"""A customer of the store's list as the ladder sees the buyer of an order."""

from dataclasses import replace
from typing import Any

from connector.domain.customer.customer import Customer, buyer
from connector.domain.order.buyer import company_name
from connector.domain.order.model import Address
from connector.domain.order.vat_number import number_at
from connector.models import Connection, StoreCustomer

_NUMBER = "number"


def party_of(connection: Connection, row: StoreCustomer) -> Customer:
    """Return a customer of the store's list as the buyer that an order of theirs would have."""
    billing, *others = addresses_of(row)
    number = number_at(billing, (_NUMBER,))
    party = buyer(
        row.customer_key, billing, connection.store.prefix, number, connection.placeholder_emails, others=others
    )
    return party if row.deleted_at is None else replace(party, gone=True)


def addresses_of(row: StoreCustomer) -> list[Address]:
    """Return the customer's addresses, the customer's own first. It has the customer's names, or else its own.

    A customer without addresses has one without a place.
    """
    book = [each for each in row.addresses if isinstance(each, dict)] if isinstance(row.addresses, list) else []
    own, *others = [_address(each) for each in book] or [Address()]
    named = bool(row.first_name or row.last_name or row.company)
    first = Address(
        first_name=row.first_name if named else own.first_name,
        last_name=row.last_name if named else own.last_name,
        # As many shops have it: the person in the record, the company in the address.
        company=company_name(row.company) or own.company,
        street_1=own.street_1,
        street_2=own.street_2,
        city=own.city,
        state=own.state,
        postcode=own.postcode,
        country=own.country,
        phone=row.phone or own.phone,
        email=row.email,
        form_fields=((_NUMBER, row.vat_number),) if row.vat_number else (),
    )
    return [first, *others]


def _address(each: dict[str, Any]) -> Address:
    def text(name: str) -> str:
        return str(each.get(name) or "")

    return Address(
        first_name=text("first_name"),
        last_name=text("last_name"),
        company=company_name(text("company")),
        street_1=text("street_1"),
        street_2=text("street_2"),
        city=text("city"),
        state=text("state"),
        postcode=text("postcode"),
        country=text("country").strip().upper(),
        phone=text("phone"),
    )
