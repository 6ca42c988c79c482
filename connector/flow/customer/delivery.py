"""The delivery address of an order on the customer's account, which is made once."""

import hashlib

from connector.clients import errors
from connector.clients.exact.bodies import AddressIn
from connector.clients.exact.client import ExactClient
from connector.clients.wording import marked as _
from connector.domain.document.codes import Code
from connector.domain.order.model import Address, Order
from connector.flow.customer import directory, missing
from connector.flow.hold import Hold, refusal, texts
from connector.models import CustomerLink
from connector.problems.catalogue import EXACT

DELIVERY_ADDRESS = 4  # crm/Addresses.Type


def delivery_address(link: CustomerLink, order: Order, client: ExactClient) -> str:
    """Return Exact's id of the order's delivery address, which is created when it is new; "" for the account's own.

    Raises AccountGone, Hold when Exact refuses the address, and the client's errors.
    """
    if not order.ship_to:
        return ""
    address = order.ship_to[0]
    mark = directory.address_fingerprint(address.street_1, address.postcode, address.city, address.country)
    if link.matched_by != "created" and directory.has_address(link.division, link.account_id, mark):
        return ""
    mark = f"{mark[:32]}{_recipient_mark(address)}"
    if mark not in link.addresses:
        link.addresses = {**link.addresses, mark: _make(link, address, client)}
        link.save(update_fields=["addresses"])
    return str(link.addresses[mark])


def _make(link: CustomerLink, address: Address, client: ExactClient) -> str:
    sent = _address_in(link, address)
    try:
        return client.create_address(sent)
    except errors.OutcomeUnknown as error:
        # This may be repeated: for an identical address Exact returns the id of the first one.
        text = _("It is not clear whether Exact made the delivery address. %(error)s")
        raise errors.unavailable_after(error, text) from None
    except errors.Rejected as error:
        if missing.is_named_by(error):
            missing.raise_if_gone(link.division, link.account_id, client)
        raise Hold(Code.ADDRESS_REFUSED, **refusal(EXACT, error, texts(sent, address))) from None


def _recipient_mark(address: Address) -> str:
    recipient = f"{address.company} {address.name} {address.street_2}".casefold()
    return hashlib.sha256(recipient.encode()).hexdigest()[:16]


def _address_in(link: CustomerLink, address: Address) -> AddressIn:
    recipient = ", ".join(part for part in (address.company, address.name) if part)
    return AddressIn(
        account=link.account_id,
        type=DELIVERY_ADDRESS,
        address_line1=address.street_1,
        address_line2=address.street_2,
        address_line3="" if recipient == link.account_name else recipient,
        postcode=address.postcode,
        city=address.city,
        country=address.country,
    )
