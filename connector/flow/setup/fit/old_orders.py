"""A backfill as it would be: its orders are tried, and looked for among Exact's documents. The ledger is not written.

A command does it at once and keeps nothing; a worker does it turn by turn, and its page shows what came of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from connector.clients import errors
from connector.clients.exact.client import ExactClient
from connector.clients.rows import OddRow
from connector.domain.fit.add_up import add_up
from connector.domain.fit.outcome import Outcome
from connector.flow.customer.copies import directory
from connector.flow.hold import Hold
from connector.flow.inbox.backfill import compare, read
from connector.flow.inbox.backfill import run as backfill
from connector.flow.inbox.backfill.days import day_of, today_of
from connector.flow.order.fetch import fetch
from connector.flow.outbound.clients import LaneClients
from connector.flow.outbound.within_budget import Tell, within_budget
from connector.flow.setup.fit.trial import Trial
from connector.flow.setup.recent_orders import Recent, recent_orders
from connector.models import BackfillDocument, BackfillOrder, BackfillRun, Connection, DirectoryAccount

NO_LIMIT = 10**9
BATCH = 10


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
    queued = {row.order_id for row in rows if row.outcome == BackfillOrder.Outcome.QUEUED}
    outcomes = [
        within_budget(partial(trial.outcome, order), tell)
        for order in _read_whole(connection, clients, since, until, tell)
        if order.order_id in queued
    ]
    return DryRun(rows, {each.exact_id: each for each in documents}, outcomes)


def work_on(run_id: int) -> None:
    """Do a worker's turn of a backfill or of a dry run."""
    backfill.go_on(run_id, try_some=try_some)


def try_some(run: BackfillRun, clients: LaneClients) -> bool:
    """Try the next orders of a dry run that would be queued, and add all up after the last ones.

    Returns whether there are more. Raises the store client's errors.
    """
    store = run.connection.store
    client = clients.store(store)
    trial = Trial.of(run.connection, client)
    run.rows.exclude(outcome=BackfillOrder.Outcome.QUEUED).update(done=True)
    left = run.rows.filter(done=False).order_by("order_id")
    rows = list(left[:BATCH])
    for row in rows:
        row.done = True
        try:
            order = Recent(row.order_id, fetch(client, row.order_id, prices_include_tax=store.prices_include_tax))
        except Hold as hold:
            order = Recent(row.order_id, None, hold.problems)
        except errors.NotFound:  # it was archived meanwhile
            row.outcome = BackfillOrder.Outcome.SKIPPED
            continue
        row.tried = trial.outcome(order).to_json()
    BackfillOrder.objects.bulk_update(rows, ["done", "outcome", "tried"])
    if left.exists():
        return True
    tried = run.rows.filter(outcome=BackfillOrder.Outcome.QUEUED).order_by("-order_id").values_list("tried", flat=True)
    result = add_up([Outcome.from_json(each) for each in tried if each]).to_json()
    BackfillRun.objects.filter(pk=run.pk).update(result=result)
    return False


def _new_accounts(connection: Connection, client: ExactClient, tell: Tell) -> list[DirectoryAccount]:
    """Return the accounts that changed since the directory was read, not saved. Raises ClientError."""
    division, odd = connection.division, list[OddRow]()
    changed = within_budget(lambda: list(client.accounts_since(division.accounts_timestamp, odd.append)), tell)
    return [directory.row_of(division, account) for account in changed]


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
