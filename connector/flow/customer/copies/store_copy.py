"""A copy of the store's customers, so that matching and comparing them needs no call.

The customers that changed are read by the time of their last change, 250 a call. The store does not say whether a
change of an address counts as one, and it names no deleted customers; so the whole list is read once a day, and what
it does not have any more is asked for by id. An interrupted read goes on with its cursor.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from connector.clients.bigcommerce import customers as calls
from connector.clients.bigcommerce.answers import is_id
from connector.clients.bigcommerce.calls import StoreCalls
from connector.clients.bigcommerce.customers import Customer, CustomersPage, Place
from connector.clients.rows import OddRow
from connector.flow import odd_rows
from connector.flow.clock import database_now
from connector.flow.customer.copies import forgotten
from connector.flow.customer.copies.store_rows import CONTENT, form_fields_of, row_of
from connector.models import CustomerLink, Store, StoreCustomer

# A change may appear late in the store's list, and the clocks of the vendor's machines differ.
OVERLAP = timedelta(minutes=10)
# Customers that are asked for by id in one turn, after a whole list did not have them: five calls.
ASKED_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Read:
    """What one turn read: how many customers came, the keys of those that are new or changed or gone, where the next
    turn goes on ("" after the last one), and the keys of those that were asked for and cannot be read."""

    customers: int
    changed: frozenset[str]
    cursor: str = ""
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where a read stands. `asked` is None while the list is read; then it is the last row that was asked for by id.

    `started` is by the database's clock, `since` by the store's. `odd`: a customer of this list could not be read.
    """

    whole: bool
    started: datetime
    since: datetime | None
    page: int = 1
    asked: int | None = None
    odd: bool = False

    def as_text(self) -> str:
        since = self.since and self.since.isoformat()
        return json.dumps([self.whole, self.started.isoformat(), since, self.page, self.asked, self.odd])

    @classmethod
    def of(cls, text: str) -> "_Cursor":
        whole, started, since, page, asked, odd = json.loads(text)
        since = since and datetime.fromisoformat(since)
        return cls(whole, datetime.fromisoformat(started), since, page, asked, odd)


def read_store_customers(store: Store, client: StoreCalls, *, whole: bool | None = None) -> Read:
    """Read the store's customers until the end, turn by turn; see `read_page`. Raises the client's errors."""
    read, cursor, changed = 0, "", set[str]()
    while True:
        turn = read_page(store, client, cursor, whole=whole)
        read, cursor, changed = read + turn.customers, turn.cursor, changed | turn.changed
        if not cursor:
            return Read(read, frozenset(changed))


def read_page(store: Store, client: StoreCalls, cursor: str = "", *, whole: bool | None = None) -> Read:
    """Read the next 250 customers into our copy. Begin with the cursor "".

    `whole`: all customers, and not only those that changed since the last read; None: all of them once a day. The links
    of customers that changed are due. Raises the client's errors; then the same cursor goes on.
    """
    at = _Cursor.of(cursor) if cursor else _begin(store, whole)
    if at.asked is not None:
        return _ask_for_missing(store, client, at, at.asked)
    odd: list[OddRow] = []
    began = database_now()
    page = calls.customers_page(client, Place(at.since, at.page), odd.append)
    if odd:
        odd_rows.report(store.tenant, store, "customers", odd)
    changed = _keep(store, page.customers, began)
    return Read(len(page.customers), changed, _moved_on(store, replace(at, odd=at.odd or bool(odd)), page))


def read_with_ids(store: Store, client: StoreCalls, keys: Collection[str]) -> Read:
    """Read some customers by their keys, 50 a call. One that the store does not have any more is marked as deleted.

    What was due before is read now. Raises the client's errors.
    """
    began = database_now()
    odd: list[OddRow] = []
    ids = {int(key): key for key in keys if key.isascii() and key.isdigit() and is_id(int(key))}
    found = calls.customers_with_ids(client, ids, odd.append)
    if odd:
        odd_rows.report(store.tenant, store, "customers", odd)
    left, named = {key for number, key in ids.items() if number not in found}, {row.name for row in odd}
    unread = left & named
    if len(unread) < len(odd):  # a customer without an id may be any of them
        unread = left
    gone = left - unread
    changed = _keep(store, found.values(), began) | _mark_deleted(store, gone, began)
    _no_longer_due(store, {*keys} - gone, began)
    return Read(len(found), changed, unread=frozenset(unread))


def _begin(store: Store, whole: bool | None) -> _Cursor:
    now, until, last = database_now(), store.customers_read_until, store.customers_read_at
    if whole is None:
        whole = last is None or last.date() < now.date()
    if whole or until is None:
        return _Cursor(whole=True, started=now, since=None)
    return _Cursor(whole=False, started=now, since=until - OVERLAP)


def _moved_on(store: Store, at: _Cursor, page: CustomersPage) -> str:
    """Note how far the list was read, and return the next cursor."""
    until = max(filter(None, (store.customers_read_until, page.until)), default=None)
    changes: dict[str, Any] = {"customers_read_until": until}
    following = page.following
    if following is None and not at.whole:
        changes["customers_read_at"] = at.started
    Store.objects.filter(pk=store.pk).update(**changes)
    for name, value in changes.items():
        setattr(store, name, value)
    if following is not None:
        return replace(at, since=following.since, page=following.page).as_text()
    return replace(at, asked=0).as_text() if at.whole else ""


def _ask_for_missing(store: Store, client: StoreCalls, at: _Cursor, after: int) -> Read:
    """Ask by id for customers that the whole list did not have."""
    missing = StoreCustomer.objects.filter(Q(read_at=None) | Q(read_at__lt=at.started), store=store, deleted_at=None)
    rows = list(missing.filter(pk__gt=after).order_by("pk").values_list("pk", "customer_key")[:ASKED_AT_ONCE])
    read = read_with_ids(store, client, [key for _pk, key in rows]) if rows else Read(0, frozenset())
    if len(rows) == ASKED_AT_ONCE:
        return replace(read, cursor=replace(at, asked=rows[-1][0]).as_text())
    if not at.odd:
        odd_rows.report(store.tenant, store, "customers", [])
    store.customers_read_at = at.started
    Store.objects.filter(pk=store.pk).update(customers_read_at=at.started)
    return read


@transaction.atomic
def _keep(store: Store, customers: Iterable[Customer], began: datetime) -> frozenset[str]:
    """Write customers as the store has them, and return the keys of those that are new or changed.

    `began` is the time before the call: who became due later stays due. A customer that another process has read with a
    later change is left as it is. So is one whom we changed since `began`: what was read may be older than our change,
    and it is read again.
    """
    fields = form_fields_of(store)
    rows = {str(customer.id): row_of(store, customer, fields) for customer in customers}
    forgotten.lock_store(store.pk)
    there = StoreCustomer.objects.filter(store=store, customer_key__in=rows)
    known = {row.customer_key: row for row in there.order_by("customer_key").select_for_update()}
    forgotten.empty_customers(rows, known)
    written = {key for key, row in known.items() if row.written_at is not None and row.written_at > began}
    fresh = [row for key, row in sorted(rows.items()) if key not in written and not _is_newer(known.get(key), row)]
    changed = frozenset(row.customer_key for row in fresh if _differs(known.get(row.customer_key), row))
    for row in fresh:
        row.read_at = began
    StoreCustomer.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["store", "customer_key"],
        update_fields=[*CONTENT, "modified_at", "read_at", "deleted_at"],
    )
    _no_longer_due(store, rows, began)
    if written:
        there.filter(customer_key__in=written).update(due_at=database_now())
    _links_are_due(store, changed)
    return changed


def _is_newer(known: StoreCustomer | None, row: StoreCustomer) -> bool:
    if known is None or known.modified_at is None or row.modified_at is None:
        return False
    return known.modified_at > row.modified_at


def _differs(known: StoreCustomer | None, row: StoreCustomer) -> bool:
    if known is None or known.read_at is None or known.deleted_at is not None:
        return True
    return any(getattr(known, name) != getattr(row, name) for name in CONTENT)


@transaction.atomic
def _mark_deleted(store: Store, keys: Collection[str], now: datetime) -> frozenset[str]:
    """Note that the store does not have these customers any more; returns the keys of those that it had until now."""
    rows = StoreCustomer.objects.filter(store=store, customer_key__in=keys, deleted_at=None)
    gone = frozenset(rows.values_list("customer_key", flat=True)) if keys else frozenset()
    if gone:
        rows.update(deleted_at=now)
        _links_are_due(store, gone)
    _no_longer_due(store, keys, now)
    return gone


def _no_longer_due(store: Store, keys: Collection[str] | Mapping[str, object], began: datetime) -> None:
    """Who was due when the call began has been read. Who has become due since then is read again."""
    due = StoreCustomer.objects.filter(store=store, customer_key__in=list(keys), due_at__lte=began)
    if keys:
        due.update(due_at=None)


def _links_are_due(store: Store, keys: Collection[str]) -> None:
    if keys:
        links = CustomerLink.objects.filter(store=store, customer_key__in=keys, forgotten_at=None)
        links.exclude(account_id="").update(due_at=database_now())
