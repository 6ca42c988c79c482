"""Accounts, their addresses and their contact persons: what changed, what was deleted, and how they are changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from connector.clients.exact import records
from connector.clients.exact.bodies import ContactIn
from connector.clients.exact.calls import DivisionCalls
from connector.clients.exact.client import MOST_IDS
from connector.clients.exact.wire import Row, guid, integer, read_one, text
from connector.clients.rows import Odd

T = TypeVar("T")

# The types of an address.
VISIT, POSTAL, INVOICE, DELIVERY = 1, 2, 3, 4
# `EntityType` of an account in the list of deleted records.
_DELETED_ACCOUNT = 2
_DELETED = "Timestamp,EntityKey,EntityType,Division"
_ADDRESS = "ID,Account,Type,Main,AddressLine1,AddressLine2,AddressLine3,Postcode,City,State,Country,Phone,Division"
_CONTACT = "ID,Account,FirstName,LastName,Email,Phone,Language,Division"


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record that was deleted. `account_id` is "" when it was none of the accounts."""

    timestamp: int
    account_id: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address of an account. `type` 1 visiting, 2 postal, 3 invoice, 4 delivery; `main`: the first of its type."""

    id: str
    account: str
    type: int
    main: bool
    address_line1: str
    address_line2: str
    address_line3: str
    postcode: str
    city: str
    state: str
    country: str
    phone: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact person of an account."""

    id: str
    account: str
    first_name: str
    last_name: str
    email: str
    phone: str
    language: str


def deleted_since(division: DivisionCalls, timestamp: int, odd: Odd | None = None) -> Iterator[Deleted]:
    """The records of every kind that were deleted after a sync Timestamp, a thousand a call. Exact filters them by
    nothing else, and keeps them for about two months. Keep the highest Timestamp; it counts apart from that of the
    accounts. `odd` gets those that cannot be read.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SyncDeleted"""
    return division.pages("sync/Deleted", _DELETED, _read_deleted, f"Timestamp gt {int(timestamp)}L", odd)


def accounts_with_ids(division: DivisionCalls, ids: Iterable[str], odd: Odd | None = None) -> Iterator[records.Account]:
    """The accounts with these ids, twenty a call: with more the address grows longer than Exact's servers take. Those
    that Exact does not have are left out. Raises BadValue for an odd id.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMAccounts"""
    left = iter(dict.fromkeys(ids))
    while batch := list(islice(left, MOST_IDS)):
        where = " or ".join(f"ID eq {guid(each)}" for each in batch)
        yield from division.pages("crm/Accounts", records.ACCOUNT, records.read_account, where, odd)


def update_account(division: DivisionCalls, account_id: str, changes: Mapping[str, object]) -> None:
    """Change properties of an account by their names in Exact; None empties one. It may be repeated. Raises NotFound,
    which counts as an error at Exact, and Rejected.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMAccounts"""
    division.put(f"crm/Accounts({guid(account_id)})", changes)


def addresses_of(division: DivisionCalls, account_id: str) -> list[Address]:
    """The addresses of an account, those of each type in Exact's order.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMAddresses"""
    return _of_account(division, "crm/Addresses", _ADDRESS, _read_address, account_id)


def update_address(division: DivisionCalls, address_id: str, changes: Mapping[str, object]) -> None:
    """Change properties of an address by their names in Exact; None empties one. It may be repeated.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMAddresses"""
    division.put(f"crm/Addresses({guid(address_id)})", changes)


def contacts_of(division: DivisionCalls, account_id: str) -> list[Contact]:
    """The contact persons of an account.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMContacts"""
    return _of_account(division, "crm/Contacts", _CONTACT, _read_contact, account_id)


def create_contact(division: DivisionCalls, contact: ContactIn) -> str:
    """Create a contact person and return its id. Exact makes a second one when it is repeated: read them first.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMContacts"""
    return division.post(
        "crm/Contacts", contact.body(), lambda found: records.required(division.own(read_one(found)), "ID")
    )


def _of_account(division: DivisionCalls, path: str, select: str, read: Callable[[Row], T], account_id: str) -> list[T]:
    return list(division.pages(path, select, read, f"Account eq {guid(account_id)}"))


def _read_deleted(row: Row) -> Deleted:
    is_account = integer(row, "EntityType") == _DELETED_ACCOUNT
    return Deleted(
        timestamp=integer(row, "Timestamp") or 0,
        account_id=records.required_id(row, "EntityKey") if is_account else "",
    )


def _read_address(row: Row) -> Address:
    return Address(
        id=records.required(row, "ID"),
        account=text(row, "Account"),
        type=integer(row, "Type") or 0,
        main=row.get("Main") is True,
        address_line1=text(row, "AddressLine1"),
        address_line2=text(row, "AddressLine2"),
        address_line3=text(row, "AddressLine3"),
        postcode=text(row, "Postcode"),
        city=text(row, "City"),
        state=text(row, "State"),
        country=text(row, "Country"),
        phone=text(row, "Phone"),
    )


def _read_contact(row: Row) -> Contact:
    return Contact(
        id=records.required(row, "ID"),
        account=text(row, "Account"),
        first_name=text(row, "FirstName"),
        last_name=text(row, "LastName"),
        email=text(row, "Email"),
        phone=text(row, "Phone"),
        language=text(row, "Language"),
    )
