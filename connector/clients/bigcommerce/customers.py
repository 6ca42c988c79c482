"""The store's customers with their addresses and form fields: reading them by pages or by id, and changing them.

Facts: BigCommerce reference "Customers V3". The list is sorted by its last change and not by id, which is no choice of
the vendor's. Whether `date_modified:min` counts its own second is not documented: a second more is asked for. Ten
customers are changed by a call, and three calls may be under way at once: one lane writes one after the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from connector.clients.bigcommerce import answers
from connector.clients.bigcommerce.calls import StoreCalls
from connector.clients.bigcommerce.wire import clean
from connector.clients.errors import UnexpectedResponse
from connector.clients.rows import Odd, read_or_tell
from connector.clients.strict_json import Unreadable, plain
from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

Row = Mapping[str, Any]

# The vendor's maxima: rows of a page, customers of a change. Fifty ids keep the answer with all addresses small.
PAGE = 250
MOST_UPDATES = 10
MOST_IDS = 50
_MOST_PAGES = 100
_PATH, _ADDRESSES = "v3/customers", "v3/customers/addresses"
_READ, _WRITE = "store_v2_customers_read_only", "store_v2_customers"
_WHOLE = {"include": "addresses,formfields"}
_SECOND = timedelta(seconds=1)
# Our name of a part of an address → the vendor's.
_ADDRESS_NAMES = {
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "company",
    "street_1": "address1",
    "street_2": "address2",
    "postcode": "postal_code",
    "city": "city",
    "state": "state_or_province",
    "country": "country_code",
    "phone": "phone",
}
_CUSTOMER_NAMES = ("email", "first_name", "last_name", "company", "phone")


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """An address of a customer's book. `country` is ISO 3166, "" when the store gives none of two letters."""

    id: int
    first_name: str
    last_name: str
    company: str
    street_1: str
    street_2: str
    postcode: str
    city: str
    state: str
    country: str
    phone: str
    form_fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of the store. `modified` is in UTC, None when the store gives no time that can be read.

    `group_id` is 0 for no group. A form field is a name and what was answered.
    """

    id: int
    email: str
    first_name: str
    last_name: str
    company: str
    phone: str
    group_id: int
    modified: datetime | None
    addresses: tuple[StoreAddress, ...] = ()
    form_fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list begins: at the customers changed since a time (UTC; None for all), `page` of these."""

    since: datetime | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """Some customers, the oldest change first. `until` is the last change (UTC), None when it is not known.

    `following` is where the next page begins, None after the last one.
    """

    customers: list[Customer]
    until: datetime | None
    following: Place | None


@dataclass(frozen=True, slots=True)
class CustomerUpdate:
    """What a customer gets: `changes` by our names (email, first_name, last_name, company, phone), `form_fields` by
    the store's."""

    id: int
    changes: Mapping[str, str] = field(default_factory=dict)
    form_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AddressUpdate:
    """What an address gets: `changes` by our names (see StoreAddress), `form_fields` by the store's."""

    id: int
    changes: Mapping[str, str] = field(default_factory=dict)
    form_fields: Mapping[str, str] = field(default_factory=dict)


def customers_page(store: StoreCalls, place: Place, odd: Odd) -> CustomersPage:
    """One page of the customers, 250 a call. Begin with `Place()` for all of them, or `Place(since)`.

    Each page starts at the last change of the page before: a customer who changes meanwhile moves to the end and would
    shift numbered pages. So a customer can come twice. `odd` gets a customer that cannot be read. Raises
    UnexpectedResponse when the store does not sort them, or repeats one page without end.
    https://developer.bigcommerce.com/docs/rest-management/customers#get-all-customers"""
    query = {**_WHOLE, "sort": "date_modified:asc", "page": str(place.page), "limit": str(PAGE)}
    if place.since is not None:
        query["date_modified:min"] = _written(place.since - _SECOND)

    def parse(answer: object) -> tuple[list[Customer], bool]:
        rows, more = answers.rows(answer), answers.pages_left(answer, place.page)
        return _customers(rows, odd), len(rows) >= answers.SMALLEST_FULL_PAGE if more is None else more

    found, more = store.get(_PATH, parse, _PATH, _READ, query)
    times = [each.modified for each in found if each.modified]
    if times != sorted(times) or (place.since and times and times[0] < place.since - _SECOND):
        raise UnexpectedResponse(_("The customers do not come in the order of their changes"), endpoint=_PATH)
    until = times[-1] if times else place.since
    return CustomersPage(found, until, _following(place, until) if more else None)


def customers_with_ids(store: StoreCalls, ids: Iterable[int], odd: Odd) -> dict[int, Customer]:
    """The customers with these ids, 50 a call. One that no longer exists is left out; so is one that cannot be read,
    which `odd` gets by its id. Raises BadValue for an id below 1.
    https://developer.bigcommerce.com/docs/rest-management/customers#get-all-customers"""
    wanted = sorted(set(ids))
    if wanted and not answers.is_id(wanted[0]):
        raise BadValue(_("ids of BigCommerce are positive"))
    found: dict[int, Customer] = {}
    for start in range(0, len(wanted), MOST_IDS):
        asked = wanted[start : start + MOST_IDS]
        query = {**_WHOLE, "id:in": ",".join(map(str, asked)), "page": "1", "limit": str(PAGE)}
        rows = store.get(_PATH, answers.rows, _PATH, _READ, query)
        found |= {each.id: each for each in _customers(rows, odd) if each.id in asked}
    return found


def update_customers(store: StoreCalls, updates: Sequence[CustomerUpdate]) -> set[int]:
    """Change up to ten customers by one call; returns the ids that the store says it changed.

    Raises BadValue for more than ten or an unknown name; Rejected when the store refuses one: then it has changed none
    (assumed). An e-mail address that another customer has is such a refusal.
    https://developer.bigcommerce.com/docs/rest-management/customers#update-customers"""
    if len(updates) > MOST_UPDATES:
        raise BadValue(_("at most ten customers are changed by one call"))
    rows = [_body(each, {name: name for name in _CUSTOMER_NAMES}) for each in updates]
    return store.put(_PATH, rows, _ids, _WRITE) if rows else set()


def change_none(store: StoreCalls) -> None:
    """Change no customer, which shows whether the API account may change any. That an empty list changes nothing,
    however the store answers it, is assumed. Raises Forbidden when it may not.
    https://developer.bigcommerce.com/docs/rest-management/customers#update-customers"""
    store.put(_PATH, [], _ids, _WRITE)


def update_address(store: StoreCalls, update: AddressUpdate) -> bool:
    """Change one address. False: the store left it as it is, because this customer has one like that already, which
    may be this one. The store then says 200 and gives no address.
    https://developer.bigcommerce.com/docs/rest-management/customers/addresses#update-a-customer-address"""
    return update.id in store.put(_ADDRESSES, [_body(update, _ADDRESS_NAMES)], _ids, _WRITE)


def update_form_fields(store: StoreCalls, customer_id: int, form_fields: Mapping[str, str]) -> bool:
    """Answer a customer's form fields by their names. True when the store says that it did. The vendor has given up
    its own call for this.
    https://developer.bigcommerce.com/docs/rest-management/customers#update-customers"""
    return customer_id in update_customers(store, [CustomerUpdate(customer_id, form_fields=form_fields)])


def read_customer(row: Row) -> Customer:
    """A customer of the list. An address that cannot be read is left out. Raises Unreadable.
    https://developer.bigcommerce.com/docs/rest-management/customers#get-all-customers"""
    addresses = row.get("addresses")
    return Customer(
        id=_id(row),
        **{name: _text(row, name) for name in _CUSTOMER_NAMES},
        group_id=_group(row),
        modified=_moment(row.get("date_modified")),
        addresses=tuple(_addresses(addresses if isinstance(addresses, list) else [])),
        form_fields=_form_fields(row),
    )


def _customers(rows: list[object], odd: Odd) -> list[Customer]:
    found: list[Customer] = []
    for row in rows:
        number = row.get("id") if isinstance(row, dict) else None
        found += read_or_tell(row, read_customer, odd, str(number) if answers.is_id(number) else "", _("customer"))
    return found


def _following(place: Place, until: datetime | None) -> Place:
    """The next page: of what changed since the last change of this one, or of the same when nothing did.

    Raises UnexpectedResponse.
    """
    if until is not None and (place.since is None or until > place.since):
        return Place(until)
    if place.page >= _MOST_PAGES:
        raise UnexpectedResponse(
            _("The list did not end after %(pages)s pages"), given={"pages": _MOST_PAGES}, endpoint=_PATH
        )
    return Place(place.since, place.page + 1)


def _body(update: CustomerUpdate | AddressUpdate, names: Mapping[str, str]) -> dict[str, object]:
    if not answers.is_id(update.id) or update.changes.keys() - names.keys():
        raise BadValue(_("what is to be changed has no name in BigCommerce"))
    body: dict[str, object] = {"id": update.id}
    body |= {names[name]: value for name, value in update.changes.items()}
    if update.form_fields:
        body["form_fields"] = [{"name": name, "value": value} for name, value in update.form_fields.items()]
    return body


def _ids(answer: object) -> set[int]:
    return {row["id"] for row in answers.rows(answer) if isinstance(row, dict) and answers.is_id(row.get("id"))}


def _addresses(rows: list[object]) -> Iterable[StoreAddress]:
    for row in rows:
        if isinstance(row, dict) and answers.is_id(row.get("id")):
            values = {ours: _text(row, theirs) for ours, theirs in _ADDRESS_NAMES.items()}
            values["country"] = _country(values["country"])
            yield StoreAddress(id=row["id"], **values, form_fields=_form_fields(row))


def _form_fields(row: Row) -> tuple[tuple[str, str], ...]:
    """The form fields by name. An answer may be a text, a number or several texts."""
    fields = row.get("form_fields")
    named = [each for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []
    return tuple((_text(each, "name"), _answer(each.get("value"))) for each in named if _text(each, "name"))


def _answer(value: object) -> str:
    match value:
        case str():
            return clean(value).strip()
        case list():
            return ", ".join(filter(None, map(_answer, value)))
        case None | bool() | dict():
            return ""
    return plain(value) if isinstance(value, Decimal) else str(value)


def _country(text: str) -> str:
    code = text.upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _written(moment: datetime) -> str:
    """A time as the vendor's examples have it: without a zone, in UTC (assumed)."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def _id(row: Row) -> int:
    value = row.get("id")
    if not answers.is_id(value):
        raise Unreadable(_("%(name)s is missing"), name="id")
    return value


def _group(row: Row) -> int:
    value = row.get("customer_group_id")
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0


def _text(row: Row, key: str) -> str:
    """A text without blanks around it; "" when it is missing or none."""
    value = row.get(key)
    return clean(value).strip() if isinstance(value, str) else ""
