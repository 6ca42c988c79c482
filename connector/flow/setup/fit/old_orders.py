"""A backfill as it would be: its orders are tried, and looked for among Exact's documents. Nothing is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from connector.clients.exact.client import ExactClient
from connector.clients.rows import OddRow
from connector.domain.choices import DocumentKind
from connector.domain.fit.outcome import Outcome
from connector.flow.customer import directory
from connector.flow.inbox.backfill import compare, read
from connector.flow.inbox.backfill.days import day_of, today_of
from connector.flow.outbound.clients import LaneClients
from connector.flow.outbound.within_budget import Tell, within_budget
from connector.flow.setup.fit.trial import Trial
from connector.flow.setup.recent_orders import Recent, recent_orders
from connector.models import BackfillDocument, BackfillOrder, Connection, DirectoryAccount, OrderSync

NO_LIMIT = 10**9


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a backfill would do: its orders with their outcomes, Exact's documents by id, and what those that are to be
    posted would become."""

    rows: list[BackfillOrder]
    documents: Mapping[str, BackfillDocument]
    outcomes: list[Outcome]


def dry_run(connection: Connection, since: date, until: date, tell: Tell) -> DryRun:
    """Read both sides within their limits, compare them, and try the orders that would be queued.

    Raises ClientError, and Stopped in a process that is to stop.
    """
    clients = LaneClients(connection.division, low_priority=True)
    store = clients.store(connection.store)
    trial = Trial.of(connection, store)
    documents, rows, cursor, begun = list[BackfillDocument](), list[BackfillOrder](), "", False
    while cursor or not begun:
        found, cursor = within_budget(partial(read.documents_page, clients.exact, since, cursor), tell)
        documents, begun = documents + found, True
    begun = False
    while cursor or not begun:
        page = partial(read.orders_page, connection, store, trial.terms, (since, until), cursor)
        more, cursor = within_budget(page, tell)
        rows, begun = rows + more, True
    compare.find_outcomes(connection, rows, documents, accounts=_new_accounts(connection, clients.exact, tell))
    _leave_known(connection, rows)
    queued = {row.order_id for row in rows if row.outcome == BackfillOrder.Outcome.QUEUED}
    outcomes = [
        within_budget(partial(trial.outcome, order), tell)
        for order in _read_whole(connection, clients, since, until, tell)
        if order.order_id in queued
    ]
    return DryRun(rows, {each.exact_id: each for each in documents}, outcomes)


def _new_accounts(connection: Connection, client: ExactClient, tell: Tell) -> list[DirectoryAccount]:
    """Return the accounts that changed since the directory was read, not saved. Raises ClientError."""
    division, odd = connection.division, list[OddRow]()
    changed = within_budget(lambda: list(client.accounts_since(division.accounts_timestamp, odd.append)), tell)
    return [directory.row_of(division, account) for account in changed]


def _leave_known(connection: Connection, rows: list[BackfillOrder]) -> None:
    known = OrderSync.objects.filter(connection=connection, kind=DocumentKind.INVOICE, sequence=1)
    ids = set(known.values_list("order_id", flat=True))
    for row in rows:
        if row.order_id in ids:
            row.outcome, row.found = BackfillOrder.Outcome.SKIPPED, []


def _read_whole(connection: Connection, clients: LaneClients, since: date, until: date, tell: Tell) -> Iterator[Recent]:
    """Yield the orders of these days with their lines, fifty a call. Raises ClientError."""
    store = connection.store
    orders = recent_orders(
        clients.store(store),
        days=(today_of(store) - since).days + 1,
        most=NO_LIMIT,
        prices_include_tax=store.prices_include_tax,
        tell=tell,
    )
    return (each for each in orders if each.fetched is None or since <= day_of(each.fetched.order, store) <= until)
