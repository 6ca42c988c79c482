"""Who an account is made for, from an order or from the store's customer."""

from collections.abc import Iterable
from typing import Any

from connector.domain.customer.customer import Customer
from connector.domain.customer.written import Buyer
from connector.domain.order.buyer import company_name
from connector.domain.order.model import Address, Order
from connector.domain.order.vat_number import answer
from connector.models import Connection, StoreCustomer

_OF_ADDRESS = ("first_name", "last_name", "company", "street_1", "street_2", "postcode", "city", "state", "country")


def buyer_of(connection: Connection, customer: Customer, order: Order) -> Buyer:
    """Return the buyer of an order."""
    return Buyer(
        customer=customer,
        address=order.billing,
        language=order.language,
        vat_number=answer(order.billing, connection.vat_number_fields),
        chamber_of_commerce=answer(order.billing, connection.chamber_fields),
        peppol_id=answer(order.billing, connection.peppol_fields),
        groups=order.customer_group or _groups(connection, customer),
    )


def buyer_in_store(customer: Customer, row: StoreCustomer) -> Buyer:
    """Return a customer of the store as a buyer. The first address of the address book is the customer's own."""
    return Buyer(
        customer=customer,
        address=address_of(row),
        language=row.language,
        vat_number=row.vat_number,
        chamber_of_commerce=row.chamber_of_commerce,
        peppol_id=row.peppol_id,
        groups=(str(row.group_id),) if row.group_id else (),
    )


def address_of(row: StoreCustomer) -> Address:
    """Return the customer's own address, with the customer's own name and phone number where there are any."""
    first: dict[str, Any] = next(iter(row.addresses), {})
    values: dict[str, Any] = {name: str(first.get(name) or "") for name in _OF_ADDRESS}
    if row.first_name or row.last_name:
        values |= {"first_name": row.first_name, "last_name": row.last_name}
    values["company"] = company_name(row.company) or company_name(values["company"])
    return Address(**values, phone=row.phone or str(first.get("phone") or ""), email=row.email)


def name_in_store(row: StoreCustomer) -> str:
    """Return the customer's name: the company, else the person, else the e-mail address."""
    own = address_of(row)
    return own.company or f"{own.first_name} {own.last_name}".strip() or own.email


def _groups(connection: Connection, customer: Customer) -> tuple[str, ...]:
    """The number of a registered customer's group, when a rule asks for one and the store's customers were read."""
    if not customer.registered or not _ask_for_groups(connection.account_rules):
        return ()
    found = StoreCustomer.objects.filter(store=connection.store, customer_key=customer.key)
    group = found.values_list("group_id", flat=True).first()
    return (str(group),) if group else ()


def _ask_for_groups(rules: Iterable[dict[str, Any]]) -> bool:
    return any(rule["when"].get("customer_group") for rule in rules)
