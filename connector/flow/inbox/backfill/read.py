"""Reads Exact's documents and the store's orders, a page at a time: what comparing them needs.

A cursor says where the next page begins: "" before the first one and after the last one.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from connector.clients.bigcommerce import period as store_pages
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.exact import period as exact_pages
from connector.clients.exact.client import ExactClient
from connector.clients.exact.period import SALES_ENTRIES, SALES_INVOICES, Booked, Kind
from connector.clients.rows import OddRow
from connector.domain.customer.marks import marks_of
from connector.domain.document.match import DAYS_APART, PlacedOrder
from connector.domain.document.result import to_json
from connector.domain.invoice.draft import SALES_ENTRY, TYPE_OF
from connector.domain.order.model import Order
from connector.flow.clock import database_now
from connector.flow.customer.account.choice import customer_for
from connector.flow.hold import Hold
from connector.flow.inbox.backfill.days import day_of, moments_of
from connector.flow.order.fetch import Fetched, read
from connector.flow.order.terms import Terms
from connector.models import BackfillDocument, BackfillOrder, BackfillRun, Connection, CustomerLink

# A direct invoice also delivers the goods (Exact's SalesInvoices.Type).
SALES: Final = frozenset(TYPE_OF.values())
# The kinds of document in the sequence in which they are read. The cursor of the step is a kind and a link.
_KINDS: Final[Mapping[str, Kind]] = {"invoices": SALES_INVOICES, "entries": SALES_ENTRIES}
_MARGIN = timedelta(days=DAYS_APART)


def keep_documents(run: BackfillRun, client: ExactClient) -> bool:
    """Keep the next page of Exact's documents. Returns whether there are more. Raises the client's errors."""
    rows, run.cursor = documents_page(client, run.since, run.cursor)
    for row in rows:
        row.run = run
    BackfillDocument.objects.bulk_create(rows, ignore_conflicts=True)
    run.documents = run.documents_read.count()
    return bool(run.cursor)


def keep_orders(run: BackfillRun, client: BigCommerceClient, terms: Terms) -> bool:
    """Keep the next 250 orders of the run's days. Returns whether there are more. Raises the client's errors."""
    rows, run.cursor = orders_page(run.connection, client, terms, (run.since, run.until), run.cursor)
    for row in rows:
        row.run = run
    BackfillOrder.objects.bulk_create(rows, ignore_conflicts=True)
    run.orders = run.rows.count()
    return bool(run.cursor)


def documents_page(client: ExactClient, since: date, cursor: str) -> tuple[list[BackfillDocument], str]:
    """Return one page of Exact's documents, not saved, and the next cursor. Raises the client's errors."""
    found, cursor = sales_page(client, since, cursor)
    return [BackfillDocument(**columns(each)) for each in found], cursor


def sales_page(client: ExactClient, since: date, cursor: str) -> tuple[list[Booked], str]:
    """Return one page of Exact's sales documents, and the next cursor. Raises the client's errors.

    Invoices were made from some days before `since` on, and entries are dated so. Until now: what is typed in by hand
    may be late.
    """
    name, _space, link = cursor.partition(" ")
    name = name or next(iter(_KINDS))
    kind = _KINDS[name]
    where = exact_pages.made_since(kind, since - _MARGIN)
    found, link = exact_pages.page_of(client, kind, where, link, _left_out)
    rows = [each for each in found if each.type in SALES]
    if link:
        return rows, f"{name} {link}"
    names = list(_KINDS)
    following = names[names.index(name) + 1 :]
    return rows, f"{following[0]} " if following else ""


def orders_page(
    connection: Connection, client: BigCommerceClient, terms: Terms, days: tuple[date, date], cursor: str
) -> tuple[list[BackfillOrder], str]:
    """Return one page of the orders of these days, the first and the last included, not saved, and the next cursor.

    Raises the client's errors.
    """
    store, (since, until) = connection.store, days
    rows, last = store_pages.order_rows_page(client, *moments_of(store, since, until), int(cursor or 0))
    fetched = [(row["id"], _read(row, store.prices_include_tax)) for row in rows]
    accounts = _accounts(connection, [each.order for _id, each in fetched if each])
    found = [_order(connection, order_id, each, terms, accounts) for order_id, each in fetched]
    return [row for row in found if row.day is None or since <= row.day <= until], "" if last is None else str(last)


def columns(found: Booked) -> dict[str, Any]:
    """Return what a row keeps of a document until it is compared."""
    return {
        "exact_id": found.id,
        "is_entry": found.type == SALES_ENTRY,
        "number": found.number[:40],
        "your_ref": found.your_ref[:60],
        "description": found.description[:200],
        "order_number": found.order_number[:40],
        "account": found.account[:40],
        "amount": found.gross,
        "currency": found.currency[:3],
        "dated": found.dated,
    }


def _read(row: Mapping[str, Any], prices_include_tax: bool | None) -> Fetched | None:
    """Read the order without its lines; None when it cannot be read. Then the lane says why when it reads it."""
    try:
        return read({"order": row, "destinations": [], "fees": [], "prices_include_tax": prices_include_tax})
    except Hold:
        return None


def _order(
    connection: Connection,
    order_id: int,
    fetched: Fetched | None,
    terms: Terms,
    accounts: Mapping[str, Iterable[str]],
) -> BackfillOrder:
    if fetched is None:
        return BackfillOrder(order_id=order_id)
    order = fetched.order
    why = terms.why_not_due(order, database_now())
    return BackfillOrder(
        order_id=order_id,
        day=day_of(order, connection.store),
        total=order.total_inc,
        currency=order.currency,
        marks=sorted(_marks(connection, order, accounts)),
        not_due=to_json((why,)) if why else [],
    )


def placed(connection: Connection, order: Order) -> PlacedOrder:
    """Return an order as it is compared with documents."""
    return PlacedOrder(
        id=int(order.id),
        reference=f"{connection.store.prefix}-{order.id}",
        total=order.total_inc,
        currency=order.currency,
        day=day_of(order, connection.store),
        customers=_marks(connection, order, _accounts(connection, [order])),
    )


def _marks(connection: Connection, order: Order, accounts: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Say who the customer is, as names, e-mail address and accounts that can be compared."""
    customer = customer_for(connection, order)
    names = (customer.company, customer.person)
    return frozenset(marks_of(names, [customer.email], accounts.get(order.customer_id, ())))


def _accounts(connection: Connection, orders: Iterable[Order]) -> dict[str, list[str]]:
    """Return the accounts in Exact that are known to be the customers', by the customer's id."""
    ids = {order.customer_id for order in orders if order.customer_id}
    links = CustomerLink.objects.filter(
        store=connection.store_id, division=connection.division_id, customer_key__in=ids
    ).exclude(account_id="")
    found: dict[str, list[str]] = {}
    for key, account in links.values_list("customer_key", "account_id"):
        found.setdefault(key, []).append(account)
    return found


def _left_out(row: OddRow) -> None:
    """Name no row: a document that cannot be read is compared with no order, and the look before posting finds it."""
