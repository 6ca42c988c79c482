"""The delivery address of an order on the customer's account, which is made once."""

import hashlib

from connector.clients.exact.accounts import DELIVERY
from connector.domain.customer.likeness import Reason
from connector.domain.customer.names import same_name
from connector.domain.customer.written import WrittenAddress, written_address
from connector.domain.document.codes import Code
from connector.domain.order.model import Address, Order
from connector.flow.customer.account.addresses import Book, RefusedAddress, is_same_flat
from connector.flow.customer.copies import directory
from connector.flow.hold import Hold
from connector.models import CustomerLink, DirectoryAccount


def delivery_address(book: Book, order: Order) -> str:
    """Return Exact's id of the order's delivery address, which is created when it is new; "" for the account's own.

    Raises AccountGone, Hold when Exact refuses the address, and the client's errors.
    """
    if not order.ship_to:
        return ""
    address, link = order.ship_to[0], book.link
    mark = directory.address_fingerprint(address.street_1, address.postcode, address.city, address.country)
    if link.matched_by != Reason.CREATED:
        account = directory.account_at(link.division, link.account_id, mark)
        if account is not None and _is_own(account, address, order.billing):
            return ""
    mark = f"{mark[:32]}{_recipient_mark(address)}"
    if mark not in link.addresses:
        place, cuts = written_address(address, _recipient(link, address))
        found = book.find(place, frozenset({DELIVERY}))
        book.remember(mark, found or _make(book, place, address), place, () if found else cuts)
    return str(link.addresses[mark])


def _is_own(account: DirectoryAccount, address: Address, billing: Address) -> bool:
    """Whether a delivery to the account's own street is for the account: not for another flat, nor for somebody else.

    An order may leave the second line out.
    """
    if not is_same_flat(address.street_2, account.address_line2):
        return False
    own = (account.name, billing.company, billing.name)
    return all(any(same_name(name, each) for each in own) for name in (address.company, address.name) if name)


def _make(book: Book, place: WrittenAddress, address: Address) -> str:
    try:
        return book.make(place, DELIVERY, address)
    except RefusedAddress as refused:
        raise Hold(Code.ADDRESS_REFUSED, **refused.details) from None


def _recipient_mark(address: Address) -> str:
    recipient = f"{address.company} {address.name} {address.street_2}".casefold()
    return hashlib.sha256(recipient.encode()).hexdigest()[:16]


def _recipient(link: CustomerLink, address: Address) -> str:
    recipient = ", ".join(part for part in (address.company, address.name) if part)
    return "" if recipient == link.account_name else recipient
