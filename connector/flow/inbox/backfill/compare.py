"""Compares orders with the documents of Exact that were read, and notes what is to become of each order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from django.db.models import Q

from connector.domain.choices import DocumentKind
from connector.domain.customer.marks import marks_of
from connector.domain.document.match import Match, PlacedOrder, Sign, Typed, match
from connector.models import (
    BackfillDocument,
    BackfillOrder,
    BackfillRun,
    Connection,
    DirectoryAccount,
    OrderSync,
    ReadDocument,
    Store,
)

T = TypeVar("T")
BATCH = 500
Outcome = BackfillOrder.Outcome


def keep_outcomes(run: BackfillRun, renew: Callable[[], None]) -> None:
    """Note of each order whether Exact has it. `renew` prolongs the run's lease. It may be done again."""
    rows, documents = list(run.rows.all()), list(run.documents_read.all())
    find_outcomes(run.connection, rows, documents, renew)
    for some in _batches(rows):
        BackfillOrder.objects.bulk_update(some, ["outcome", "found"])
        renew()
    named = {key for row in rows for key, _sign in row.found}
    for some_documents in _batches([row for row in documents if row.exact_id in named]):
        BackfillDocument.objects.bulk_update(some_documents, ["account_name"])
        renew()


def find_outcomes(
    connection: Connection,
    rows: Sequence[BackfillOrder],
    documents: Sequence[BackfillDocument],
    renew: Callable[[], None] = lambda: None,
    accounts: Iterable[DirectoryAccount] = (),
) -> None:
    """Set the outcome of each order, and the documents that it may be. Nothing is saved.

    `accounts` are those that the directory has not, or has otherwise.
    """
    placed = placed_of(connection, rows)
    found = match(placed, typed_in(connection, documents, accounts, renew))
    renew()
    known = _in_ledger(connection, placed)
    for row in rows:
        row.outcome, row.found = _outcome(row, found.get(row.order_id, Match()))
        if row.order_id in known:
            row.outcome, row.found = Outcome.SKIPPED, []


def placed_of(connection: Connection, rows: Iterable[BackfillOrder]) -> list[PlacedOrder]:
    """Return the orders of rows, those that could be read."""
    return [
        PlacedOrder(
            id=row.order_id,
            reference=f"{connection.store.prefix}-{row.order_id}",
            total=row.total,
            currency=row.currency,
            day=row.day,
            customers=frozenset(row.marks),
        )
        for row in rows
        if row.total is not None and row.day is not None
    ]


def _in_ledger(connection: Connection, placed: Sequence[PlacedOrder]) -> set[int]:
    """Return the orders that the ledger has already."""
    ids = [order.id for order in placed] or [0]
    known = OrderSync.objects.filter(
        connection=connection, kind=DocumentKind.INVOICE, sequence=1, order_id__range=(min(ids), max(ids))
    )
    return set(known.values_list("order_id", flat=True))


def forget_the_rest(run: BackfillRun) -> None:
    """Forget who the customers are, and the documents that are no order's of the run."""
    run.rows.update(marks=[], tried=None)
    named = {key for found in run.rows.exclude(found=[]).values_list("found", flat=True) for key, _sign in found}
    rest = [pk for pk, key in run.documents_read.values_list("pk", "exact_id") if key not in named]
    for some in _batches(rest):
        BackfillDocument.objects.filter(pk__in=some).delete()


def typed_in(
    connection: Connection,
    documents: Sequence[ReadDocument],
    accounts: Iterable[DirectoryAccount],
    renew: Callable[[], None],
) -> list[Typed]:
    """Return the documents that may have been typed in for an order: those that are nobody's yet.

    Each row gets its account's name; nothing is saved. `accounts` as in `find_outcomes`.
    """
    rows = sorted(_nobodys(connection, documents, renew), key=lambda each: (each.is_entry, each.exact_id))
    known = _directory(connection, rows) | {each.account_id.casefold(): (each.name, each.email) for each in accounts}
    seen, found = set[tuple[object, ...]](), []
    for row in rows:
        # Exact may list what it booked of an invoice as an entry too.
        booking = (row.your_ref, row.description, row.amount, row.currency, row.dated, row.account)
        if row.is_entry and booking in seen:
            continue
        if not row.is_entry:
            seen.add(booking)
        name, email = known.get(row.account, ("", ""))
        row.account_name = name[:200]
        found.append(
            Typed(
                id=row.exact_id,
                your_ref=row.your_ref,
                description=row.description,
                order_number=row.order_number,
                amount=row.amount,
                currency=row.currency,
                dated=row.dated,
                customers=marks_of([name], [email], [row.account]),
            )
        )
    return found


def _nobodys(
    connection: Connection, documents: Sequence[ReadDocument], renew: Callable[[], None]
) -> Iterator[ReadDocument]:
    """Yield the documents that the ledger has not, and that do not bear another store's reference."""
    stores = Store.objects.filter(tenant=connection.store.tenant_id).exclude(pk=connection.store_id)
    others = tuple(f"{prefix}-" for prefix in stores.values_list("prefix", flat=True))
    for some in _batches(documents):
        ids = [row.exact_id for row in some]
        ours = OrderSync.objects.filter(division=connection.division_id, exact_id__in=ids)
        taken = set(ours.values_list("exact_id", flat=True))
        renew()
        yield from (
            row for row in some if row.exact_id not in taken and not row.your_ref.strip().upper().startswith(others)
        )


def _directory(connection: Connection, rows: Iterable[ReadDocument]) -> dict[str, tuple[str, str]]:
    """The names and e-mail addresses of the documents' accounts, by Exact's id in lower case."""
    wanted = {row.account for row in rows}
    accounts = DirectoryAccount.objects.filter(~Q(name="") | ~Q(email=""), division=connection.division_id)
    listed = accounts.values_list("account_id", "name", "email").iterator()
    return {key.casefold(): (name, email) for key, name, email in listed if key.casefold() in wanted}


def _outcome(row: BackfillOrder, found: Match) -> tuple[str, list[tuple[str, Sign]]]:
    if row.not_due:
        return Outcome.SKIPPED, []
    if not found.documents:
        return Outcome.QUEUED, []
    return Outcome.ADOPTED if found.is_sure else Outcome.LIKELY, list(found.documents)


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    yield from (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
