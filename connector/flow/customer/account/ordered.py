"""What an order says of its customer's details. It makes no call: it only says that both sides are to be compared.

An order has a billing address and no customer's record. So it is only a reason to read the record again.
"""

import hashlib
from datetime import timedelta

from connector.domain.choices import CustomerDirection, FieldGroup
from connector.domain.customer.customer import Customer
from connector.domain.customer.details import ADDRESS, Details, fingerprint, fingerprints
from connector.domain.order.model import Address
from connector.flow.clock import database_now
from connector.models import Connection, CustomerLink

# A new link is compared first when the orders that came with this one are posted.
FIRST_COMPARED_AFTER = timedelta(minutes=1)


def newly_linked(connection: Connection, customer: Customer, key: str, billing: Address) -> dict[str, object]:
    """Return the columns of a new link that have both sides read and compared soon."""
    nothing: dict[str, object] = {
        "store_base": {},
        "exact_base": {},
        "in_step_at": None,
        "stays": {},
        "ordered_as": "",
        "due_at": None,
        "read_first": False,
    }
    if not _is_compared(connection, customer, key):
        return nothing
    due_at = database_now() + FIRST_COMPARED_AFTER
    base = fingerprints(_details(customer, billing))
    return {**nothing, "store_base": base, "due_at": due_at, "read_first": True}


def differing(connection: Connection, customer: Customer, link: CustomerLink, billing: Address) -> dict[str, object]:
    """Return the columns of a link that is due because an order has other details than both sides had; else {}.

    Details that were a reason once are none again.
    """
    if link.in_step_at is None or not _is_compared(connection, customer, link.customer_key):
        return {}
    details, base = _details(customer, billing), link.store_base
    marks = {group.value: fingerprint(group, details, like=base.get(group.value, "")) for group in FieldGroup}
    found = {group: mark for group, mark in marks.items() if _says(mark)}
    if all(_is_known(mark, base.get(group, mark)) for group, mark in found.items()):
        return {}
    ordered_as = hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()
    if ordered_as == link.ordered_as:
        return {}
    return {"ordered_as": ordered_as, "due_at": database_now(), "read_first": True}


def _is_compared(connection: Connection, customer: Customer, key: str) -> bool:
    """Whether the link is of a customer who has a record in the store. A guest and a further company have none."""
    return customer.registered and key == customer.key and connection.customer_direction != CustomerDirection.NONE


def _details(customer: Customer, billing: Address) -> Details:
    return Details(
        names={"first_name": billing.first_name, "last_name": billing.last_name, "company": billing.company},
        contact={"email": customer.email, "phone": billing.phone},
        addresses={name: getattr(billing, name) for name in ADDRESS},
        vat_number={"vat_number": customer.vat_number},
    )


def _says(mark: str) -> bool:
    return bool(mark.strip("."))


def _is_known(mark: str, base: str) -> bool:
    """Whether an order says nothing new. What it leaves out, such as the phone number, is no change."""
    return all(not part or part == known for part, known in zip(mark.split("."), base.split("."), strict=False))
