"""Finds the customer's account: linked before, else matched in the division's directory, else created.

An account is created at most once. The intent is committed in CustomerLink before the POST, and after an unclear
answer Exact is searched by our SearchCode before the POST is repeated.
"""

import hashlib
import re
from dataclasses import astuple, dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from connector.clients import errors
from connector.clients.exact.bodies import AccountIn, AddressIn
from connector.clients.exact.client import ExactClient
from connector.domain.choices import CustomerStrategy
from connector.domain.document.codes import Code
from connector.domain.order.model import Address, Order
from connector.domain.order.vat_number import read_vat_number
from connector.flow.clock import database_now
from connector.flow.customer import directory
from connector.flow.hold import Hold, refusal
from connector.models import Connection, CustomerLink, DirectoryAccount
from connector.problems.catalogue import EXACT

DELIVERY_ADDRESS = 4  # crm/Addresses.Type
# Exact's text for a reference to a record that is not in the division, in Dutch and English.
MISSING_RECORD = re.compile(
    r"(ongeldige referentie|invalid reference): *"
    r"(besteld door|factuur voor|leveren aan|ordered by|invoice to|deliver to)",
    re.IGNORECASE,
)
LONGEST_NAME = 50  # of an account (assumed, like all lengths in Exact)


@dataclass(frozen=True, slots=True)
class Party:
    """Exact's account and delivery address for an order. An empty address means the account's own."""

    account_id: str
    address_id: str


def find_or_create_account(
    connection: Connection, order: Order, client: ExactClient, *, delivered: bool = True
) -> Party:
    """Find or create the account, and the delivery address when the document is `delivered`.

    A known customer at a known address costs no call. Raises Hold when a person must decide, and the client's errors.
    """
    strategy = connection.customer_strategy if order.customer_id else connection.guest_strategy
    if strategy == CustomerStrategy.COLLECTIVE:
        return Party(_collective_account(connection, client), "")
    link, _made = CustomerLink.objects.get_or_create(
        store=connection.store,
        division=connection.division,
        customer_key=customer_key(order),
        defaults={"search_code": f"{connection.store.prefix}-{customer_key(order)}"},
    )
    if not link.account_id:
        vat_number = read_vat_number(order, tuple(connection.vat_number_fields))
        _match(link, order, vat_number, client)
        if not link.account_id:
            if strategy == CustomerStrategy.MATCH:
                raise Hold(Code.CUSTOMER_NOT_FOUND, search_code=link.search_code, name=order.billing.name)
            _create(link, order, vat_number, client)
    return Party(link.account_id, _delivery_address(link, order, client) if delivered else "")


def forget_missing_account(connection: Connection, order: Order, refusal: errors.Rejected) -> None:
    """Remove the link to an account or address that Exact does not have any more, so that a re-post searches again."""
    if not MISSING_RECORD.search(refusal.detail):
        return
    links = CustomerLink.objects.filter(
        store=connection.store, division=connection.division, customer_key=customer_key(order)
    )
    missing = links.values_list("account_id", flat=True)
    DirectoryAccount.objects.filter(division=connection.division, account_id__in=list(missing)).delete()
    links.update(account_id="", account_code="", matched_by="", addresses={}, sent_at=None)


def customer_key(order: Order) -> str:
    """Return the customer's id; for a guest "G" and 12 hex digits of a hash of the e-mail address.

    Raises Hold for a guest without an e-mail address.
    """
    if order.customer_id:
        return order.customer_id
    email = order.billing.email.strip().lower()
    if not email:
        raise Hold(Code.GUEST_WITHOUT_EMAIL)
    return "G" + hashlib.sha256(email.encode()).hexdigest()[:12]


def _collective_account(connection: Connection, client: ExactClient) -> str:
    """Return Exact's id of the collective account. Raises Hold when the division lacks it, and the client's errors."""
    division, code = connection.division, connection.collective_account
    account = directory.by_code(division, code)
    if account is None:
        directory.pull(division, client)
        account = directory.by_code(division, code)
    if account is None:
        raise Hold(Code.COLLECTIVE_ACCOUNT_MISSING, account=code)
    return account.account_id


def _match(link: CustomerLink, order: Order, vat_number: str, client: ExactClient) -> None:
    """Link to an existing account. Raises Hold when a person must choose or correct one, and the client's errors."""
    found = directory.find(link.division, link.search_code, vat_number, order.billing.email)
    if not all(_usable(account) for account in found.accounts) or len(found.accounts) != 1:
        # Somebody may have created or corrected the account in Exact since the last pull.
        directory.pull(link.division, client)
        found = directory.find(link.division, link.search_code, vat_number, order.billing.email)
    if not found.accounts:
        return
    if len(found.accounts) > 1:
        raise Hold(
            Code.ACCOUNTS_ALIKE,
            amount=len(found.accounts),
            by=found.by,
            accounts=", ".join(str(account) for account in found.accounts),
            search_code=link.search_code,
        )
    (account,) = found.accounts
    _check_usable(account, found.by)
    _link(link, account.account_id, account.code, account.name, found.by)


def _usable(account: DirectoryAccount) -> bool:
    return account.is_customer and not account.blocked


def _check_usable(account: DirectoryAccount, by: str) -> None:
    if account.blocked:
        raise Hold(Code.ACCOUNT_BLOCKED, account=account, by=by)
    if not account.is_customer:
        raise Hold(Code.ACCOUNT_NO_CUSTOMER, account=account, by=by)


def _create(link: CustomerLink, order: Order, vat_number: str, client: ExactClient) -> None:
    """Create the account, at most once. Raises Hold when Exact refuses it, and the client's errors."""
    if link.sent_at is not None and _landed(link, client):
        return
    _set(link, sent_at=database_now())
    sent = _account_in(link, order.billing, vat_number)
    try:
        account = client.create_account(sent)
    except errors.OutcomeUnknown as error:
        text = _("It is not clear whether Exact made the account. Exact is searched for it first. %(error)s")
        raise errors.Unavailable(text % {"error": error}) from None
    except errors.Rejected as error:
        _set(link, sent_at=None)
        details = refusal(EXACT, error, [*_texts(sent), *_texts(order.billing)])
        raise Hold(Code.ACCOUNT_REFUSED, name=order.billing.name, **details) from None
    except errors.ClientError:
        _set(link, sent_at=None)  # these classes say that nothing was written
        raise
    _link(link, account.id, account.code, account.name, "created")


def _account_in(link: CustomerLink, billing: Address, vat_number: str) -> AccountIn:
    return AccountIn(
        name=(billing.company or billing.name or billing.email)[:LONGEST_NAME],
        search_code=link.search_code,
        email=billing.email,
        phone=billing.phone,
        vat_number=vat_number,
        address_line1=billing.street_1,
        address_line2=billing.street_2,
        postcode=billing.postcode,
        city=billing.city,
        country=billing.country,
    )


def _texts(sent: AccountIn | AddressIn | Address) -> list[str]:
    """Return all texts in the body or address."""
    return [value for value in astuple(sent) if isinstance(value, str)]


def _landed(link: CustomerLink, client: ExactClient) -> bool:
    """Search Exact for the account after an unclear POST. Return whether it was found, and link it.

    Raises Hold when several are found, and the client's errors: Unavailable until the settle time is over.
    """
    settled = (link.sent_at or database_now()) + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS)
    if database_now() < settled:
        raise errors.Unavailable(
            _("It is not clear yet whether Exact made the account. Exact is searched for it soon.")
        )
    found = client.accounts_by_search_code(link.search_code)
    if len(found) > 1:
        raise Hold(Code.ACCOUNTS_OF_ONE_SEARCH_CODE, amount=len(found), search_code=link.search_code)
    for account in found:
        _link(link, account.id, account.code, account.name, "search code")
    return bool(found)


def _delivery_address(link: CustomerLink, order: Order, client: ExactClient) -> str:
    """Return Exact's id of the order's delivery address, which is created when it is new; "" for the account's own.

    Raises Hold when Exact refuses the address, and the client's errors.
    """
    if not order.ship_to:
        return ""
    address = order.ship_to[0]
    mark = directory.address_fingerprint(address.street_1, address.postcode, address.city, address.country)
    if link.matched_by != "created" and directory.has_address(link.division, link.account_id, mark):
        return ""
    mark = f"{mark[:32]}{_recipient_mark(address)}"
    if mark not in link.addresses:
        sent = _address_in(link, address)
        try:
            address_id = client.create_address(sent)
        except errors.OutcomeUnknown as error:
            # This may be repeated: for an identical address Exact returns the id of the first one.
            text = _("It is not clear whether Exact made the delivery address. %(error)s")
            raise errors.Unavailable(text % {"error": error}) from None
        except errors.Rejected as error:
            details = refusal(EXACT, error, [*_texts(sent), *_texts(address)])
            raise Hold(Code.ADDRESS_REFUSED, **details) from None
        _set(link, addresses={**link.addresses, mark: address_id})
    return str(link.addresses[mark])


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


def _link(link: CustomerLink, account_id: str, code: str, name: str, by: str) -> None:
    _set(link, account_id=account_id, account_code=code, account_name=name[:200], matched_by=by, sent_at=None)


def _set(link: CustomerLink, **fields: object) -> None:
    for name, value in fields.items():
        setattr(link, name, value)
    link.save(update_fields=list(fields))
