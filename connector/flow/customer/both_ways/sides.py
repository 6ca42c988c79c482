"""Both sides' rows as details, and what the connection says about each group."""

from typing import Any

from connector.domain.choices import POSTING_MODES, CustomerConflicts, CustomerDirection, FieldGroup, FieldOwner
from connector.domain.customer.account_rules import Facts, given_by
from connector.domain.customer.details import ADDRESS, Details
from connector.domain.customer.in_step import Rules
from connector.domain.order.buyer import company_name
from connector.domain.order.model import Address
from connector.domain.order.vat_number import number_at
from connector.models import Connection, DirectoryAccount, StoreCustomer


def of_customer(row: StoreCustomer, payment_condition: str = "") -> Details:
    """Return what the store has. Its first address is the customer's own. `payment_condition` is that of the rules."""
    own = own_address(row)
    company = company_name(row.company) or company_name(str(own.get("company") or ""))
    return Details(
        names={"first_name": row.first_name, "last_name": row.last_name, "company": company},
        contact={"email": row.email, "phone": row.phone},
        addresses={name: str(own.get(name) or "") for name in ADDRESS},
        vat_number={"vat_number": row.vat_number},
        payment_condition={"payment_condition": payment_condition},
    )


def of_account(row: DirectoryAccount) -> Details:
    """Return what the account has. Its visiting address is the account's own."""
    return Details(
        names={"name": row.name},
        contact={"email": row.email, "phone": row.phone},
        addresses={
            "street_1": row.address_line1,
            "street_2": row.address_line2,
            "postcode": row.postcode,
            "city": row.city,
            "state": row.state,
            "country": row.country,
        },
        vat_number={"vat_number": row.vat_number},
        payment_condition={"payment_condition": row.payment_condition},
    )


def payment_condition_of(connection: Connection, row: StoreCustomer) -> str:
    """Return the payment condition that the connection's rules give a customer; "" when none does."""
    if not connection.account_rules:
        return ""
    own = own_address(row)
    billing = Address(
        country=str(own.get("country") or ""),
        postcode=str(own.get("postcode") or ""),
        form_fields=(("number", row.vat_number),),
    )
    business = bool(number_at(billing, ("number",)))
    groups = (str(row.group_id),) if row.group_id else ()
    return given_by(connection.account_rules, Facts(billing.country, business, groups)).payment_condition


def own_address(row: StoreCustomer) -> dict[str, Any]:
    """Return the customer's own address, as our copy has it; {} when there is none."""
    book = row.addresses
    return book[0] if isinstance(book, list) and book and isinstance(book[0], dict) else {}


def rules_of(connection: Connection, group: FieldGroup) -> Rules:
    """Return what the connection says about a group. One that posts nothing carries nothing over."""
    posts = connection.mode in POSTING_MODES
    return Rules(
        FieldOwner(getattr(connection, f"{group.value}_owner")),
        CustomerDirection(connection.customer_direction) if posts else CustomerDirection.NONE,
        CustomerConflicts(connection.customer_conflicts),
    )
