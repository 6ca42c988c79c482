"""Finds everything that belongs to one customer of a store.

A registered customer has an id; a guest has a key, G and twelve digits of a hash of the e-mail address. Orders that
were placed with a registered customer's address as a guest are the same person's, and so are those whose copy has
expired.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from connector.domain.customer.customer import Customer, customer_of, is_placeholder
from connector.domain.customer.names import name_key
from connector.flow.hold import Hold
from connector.flow.order.fetch import read
from connector.models import Connection, CustomerEvent, CustomerLink, DirectoryAccount, OrderSync, Store, StoreCustomer
from tenants.models import Tenant

_GUEST = re.compile(r"G[0-9a-f]{12}")
_ADDRESSES = ("billing_address", "address")
_PERSONAL = (
    *("first_name", "last_name", "company", "street_1", "street_2", "city", "zip", "phone", "email"),
    "postcode",  # as our own copies call it
)
_OF_DETAILS = (*_PERSONAL, "name")
# Their events name accounts, which may be another party's.
_OF_LINKS = (CustomerEvent.Kind.LINKED, CustomerEvent.Kind.UNLINKED, CustomerEvent.Kind.MERGED)
_OF_ACCOUNT = ("name", "email", "phone", "phone_key", "address_line1", "address_line2", "city", "postcode")


class NotFound(Exception):
    """Nothing is kept of such a customer."""


class InSeveralStores(Exception):
    """Several stores have such a customer. `hashes` are theirs."""

    def __init__(self, hashes: Iterable[str]) -> None:
        super().__init__()
        self.hashes = tuple(hashes)


@dataclass(frozen=True, slots=True)
class Subject:
    """One customer of a store. `keys` are the customer's own and those of guest orders with the same address.

    `values` are the texts that tell who it is.
    """

    store: Store
    key: str
    keys: frozenset[str]
    customer: StoreCustomer | None
    links: tuple[CustomerLink, ...]
    accounts: tuple[DirectoryAccount, ...]
    order_ids: frozenset[int]
    values: frozenset[str] = field(repr=False)

    @property
    def documents(self) -> QuerySet[OrderSync]:
        """The documents of the customer's orders."""
        of_store = OrderSync.objects.filter(connection__store=self.store, order_id__in=self.order_ids)
        return of_store.select_related("connection__store", "division").order_by("connection_id", "pk")

    @property
    def events(self) -> QuerySet[CustomerEvent]:
        """What happened to the customer."""
        return CustomerEvent.objects.filter(_of_keys(self.keys), store=self.store).order_by("pk")


def find(tenant: Tenant, key: str, store_hash: str = "") -> Subject:
    """Find a customer by the store's id or a guest's key. Raises NotFound, and InSeveralStores when no store is named.

    A key of a further company, such as 12-3f9a01, is the customer's.
    """
    base = key.strip().partition("-")[0]
    if not base.isdecimal() and not _GUEST.fullmatch(base):
        raise NotFound
    stores = Store.objects.filter(tenant=tenant, **({"store_hash": store_hash} if store_hash else {}))
    found = [subject for store in stores.order_by("pk") if (subject := _in_store(store, base))]
    if not found:
        raise NotFound
    if len(found) > 1:
        raise InSeveralStores(subject.store.store_hash for subject in found)
    return found[0]


def as_it_is_now(subject: Subject) -> Subject:
    """Return the customer with the links and copies that there are now. Some may be newer than the subject."""
    links = _links(subject.store, subject.keys)
    customer = StoreCustomer.objects.filter(store=subject.store, customer_key=subject.key).first()
    accounts = _accounts(subject.store, links, subject.values)
    return replace(subject, customer=customer, links=links, accounts=accounts)


def _in_store(store: Store, base: str) -> Subject | None:
    customer = StoreCustomer.objects.filter(store=store, customer_key=base).first()
    former = frozenset(_former(store, base))
    emails = _former_emails(store, base, former)
    orders = _of_guest(store, base) if base.startswith("G") else _of_registered(store, base, customer, emails)
    keys = frozenset({base, *_guest_keys(store, orders)})
    links = _links(store, keys)
    known = CustomerEvent.objects.filter(_of_keys(keys), store=store).exists()
    if not (customer or orders or links or known):
        return None
    emails |= {order.email for order in orders} | {customer.email if customer else ""}
    accounts = _accounts(store, links, emails)
    order_ids = frozenset(order.order_id for order in orders)
    rows = OrderSync.objects.filter(connection__store=store, order_id__in=order_ids)
    return Subject(
        store=store,
        key=base,
        keys=keys,
        customer=customer,
        links=links,
        accounts=accounts,
        order_ids=order_ids,
        values=frozenset(filter(None, map(str.strip, _values(customer, links, accounts, rows, former)))),
    )


def _of_keys(keys: Iterable[str]) -> Q:
    found = Q(customer_key__in=list(keys))
    for key in keys:
        found |= Q(customer_key__startswith=f"{key}-")
    return found


def _former(store: Store, base: str) -> Iterator[tuple[str, str]]:
    """The values that a customer's details had before and after each change, with their names."""
    events = CustomerEvent.objects.filter(_of_keys([base]), store=store).exclude(kind__in=_OF_LINKS)
    for before, after in events.values_list("before", "after"):
        for values in (before, after):
            yield from ((name, str(value)) for name, value in values.items() if name in _OF_DETAILS and value)


def _former_emails(store: Store, base: str, former: Iterable[tuple[str, str]]) -> set[str]:
    """The e-mail addresses that the customer had, but for those that are another customer's now."""
    emails = {value for name, value in former if name == "email"}
    others = StoreCustomer.objects.filter(store=store).exclude(customer_key=base).annotate(written=Lower("email"))
    theirs = others.filter(written__in={each.lower() for each in emails}).values_list("written", flat=True)
    return {each for each in emails if each.lower() not in set(theirs)} if emails else set()


def _of_registered(store: Store, base: str, customer: StoreCustomer | None, former: set[str]) -> list[OrderSync]:
    rows = OrderSync.objects.filter(connection__store=store)
    own = list(rows.filter(order_data__order__customer_id=int(base)))
    emails = former | {order.email for order in own} | {customer.email if customer else ""}
    known = {each.lower() for each in emails if each and not is_placeholder(each, _placeholders(store))}
    ids = {order.order_id for order in own}
    others = rows.filter(email__in=known | emails - {""}).exclude(order_id__in=ids) if known else []
    return [*own, *(order for order in others if _customer_id(order) in {None, 0})]


def _of_guest(store: Store, base: str) -> list[OrderSync]:
    rows = OrderSync.objects.filter(connection__store=store).exclude(order_data__order__customer_id__gt=0)
    emails = [each for each in rows.values_list("email", flat=True).distinct() if each and _key_of(each) == base]
    without = rows.filter(email="", order_data__has_key="order").select_related("connection__store")
    named = (order for order in without.iterator(chunk_size=200) if (who := _customer(order)) and who.key == base)
    return [*rows.filter(email__in=emails), *named]


def _key_of(email: str) -> str:
    """The key of a guest with this address, as `customer_of` makes it."""
    return f"G{hashlib.sha256(email.strip().lower().encode()).hexdigest()[:12]}"


def _customer_id(order: OrderSync) -> int | None:
    """The customer's id in the order; 0 for a guest, None when the copy has expired."""
    known = (order.order_data or {}).get("order")
    return None if known is None else int(known.get("customer_id") or 0)


def _customer(order: OrderSync) -> Customer | None:
    try:
        known = read(order.order_data or {}).order
    except Hold:
        return None
    connection = order.connection
    return customer_of(known, connection.store.prefix, connection.vat_number_fields, connection.placeholder_emails)


def _guest_keys(store: Store, orders: Iterable[OrderSync]) -> Iterator[str]:
    """The keys of guests that these orders' addresses have."""
    placeholders = _placeholders(store)
    for order in orders:
        if order.email and not is_placeholder(order.email, placeholders):
            yield _key_of(order.email)


def _placeholders(store: Store) -> list[str]:
    return [each for row in Connection.objects.filter(store=store) for each in row.placeholder_emails]


def _links(store: Store, keys: Iterable[str]) -> tuple[CustomerLink, ...]:
    rows = CustomerLink.objects.filter(_of_keys(keys), store=store)
    return tuple(rows.select_related("division").order_by("pk"))


def _accounts(store: Store, links: Sequence[CustomerLink], emails: Iterable[str]) -> tuple[DirectoryAccount, ...]:
    """The copies of accounts that the customer alone has, or had. `emails` are among the customer's texts."""
    return tuple({each.pk: each for each in (*_own_accounts(links), *_left_accounts(store, links, emails))}.values())


def _own_accounts(links: Iterable[CustomerLink]) -> Iterator[DirectoryAccount]:
    """The copies of accounts that no other customer has, but for those who are forgotten."""
    for link in links:
        if link.account_id:
            rows = DirectoryAccount.objects.filter(division=link.division_id, account_id=link.account_id)
            yield from (row for row in rows if not _is_others(row, links))


def _left_accounts(store: Store, links: Sequence[CustomerLink], emails: Iterable[str]) -> Iterator[DirectoryAccount]:
    """The copies of accounts that the customer had, and that were made for the customer or have such an address.

    One that a person took away may be another party's.
    """
    codes, known = {link.search_code.upper() for link in links}, {email.lower() for email in emails if email}
    for link in links:
        events = CustomerEvent.objects.filter(
            store=store, division=link.division_id, customer_key=link.customer_key, kind__in=_OF_LINKS
        )
        had = {str(before["account"]) for before in events.values_list("before", flat=True) if before.get("account")}
        rows = DirectoryAccount.objects.filter(
            Q(account_id__in=link.not_accounts) | Q(code__in=had), division=link.division_id
        )
        ours = [row for row in rows if row.search_code in codes or row.email in known]
        yield from (row for row in ours if not _is_others(row, links))


def _is_others(account: DirectoryAccount, links: Iterable[CustomerLink]) -> bool:
    """Whether another customer who is not forgotten has the account."""
    others = CustomerLink.objects.filter(division=account.division_id, account_id=account.account_id, forgotten_at=None)
    return others.exclude(pk__in=[each.pk for each in links]).exists()


def _values(
    customer: StoreCustomer | None,
    links: Iterable[CustomerLink],
    accounts: Iterable[DirectoryAccount],
    orders: Iterable[OrderSync],
    former: Iterable[tuple[str, str]],
) -> Iterator[str]:
    yield from (value for _name, value in former)
    if customer is not None:
        yield from _of_address({name: getattr(customer, name, "") for name in _PERSONAL})
        for address in customer.addresses:
            yield from _of_address(address)
    for link in links:
        yield from (link.name, link.account_name)
    for account in accounts:
        yield from (getattr(account, name) for name in _OF_ACCOUNT)
    for order in orders:
        yield from (order.customer, order.email, name_key(order.customer))
        yield from _in_order(order.order_data or {})


def _in_order(value: Any) -> Iterator[str]:
    """The texts of all addresses in an order, but for the shop's own."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in _ADDRESSES and isinstance(inner, Mapping):
                yield from _of_address(inner) if value.get("kind") != "pickup" else ()
            else:
                yield from _in_order(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_order(inner)


def _of_address(address: Mapping[str, Any]) -> Iterator[str]:
    texts = {name: str(address.get(name) or "") for name in _PERSONAL}
    first, last = texts["first_name"], texts["last_name"]
    whole = f"{first} {last}".strip()
    yield from texts.values()
    yield from (whole, f"{last}, {first}" if first and last else "", name_key(whole), name_key(texts["company"]))
