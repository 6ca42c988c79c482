"""Gives the orders of a run their rows in the ledger. An order that the ledger has is not touched.

A row is made in its last state, together with the note that it was made, so a run that is killed makes none twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from connector.clients import errors
from connector.clients.exact.client import MOST_IDS, ExactClient
from connector.clients.exact.records import Invoice
from connector.domain.choices import DocumentKind
from connector.domain.document.codes import Code
from connector.domain.document.match import Sign
from connector.domain.document.result import from_json, problem
from connector.domain.document.states import State
from connector.domain.money import plain, tidy
from connector.flow import trace
from connector.flow.clock import database_now
from connector.flow.customer.copies import forgotten
from connector.flow.hold import Hold
from connector.flow.invoice import exact_document
from connector.flow.invoice.compare import TOLERANCE
from connector.flow.invoice.snapshot import snapshot
from connector.flow.lane import wakeup
from connector.flow.ledger import transitions
from connector.flow.order.fetch import Fetched, fetch
from connector.flow.outbound.clients import LaneClients
from connector.models import BackfillDocument, BackfillOrder, BackfillRun, OrderSync
from connector.models.document_words import said_noun_of
from connector.models.kept_words import Said, english, in_english
from connector.problems.backfill import SIGNS

Outcome = BackfillOrder.Outcome


@dataclass(frozen=True, slots=True)
class IntoLedger:
    """Gives rows to the orders of a run. `renew` prolongs its lease."""

    run: BackfillRun
    clients: LaneClients
    renew: Callable[[], None]

    def next_batch(self) -> bool:
        """Give the next orders their rows; at most so many that one call reads their documents from Exact.

        Returns whether there were any. Raises the clients' errors.
        """
        rows = list(self.run.rows.filter(done=False).order_by("order_id")[:MOST_IDS])
        self._leave_known(rows)
        rows = [row for row in rows if not row.done]
        in_exact = self._read([row for row in rows if row.outcome == Outcome.ADOPTED])
        for row in rows:
            if row.outcome == Outcome.ADOPTED:
                self._check(row, in_exact)
        self._queue([row for row in rows if row.outcome == Outcome.QUEUED])
        for row in rows:
            if row.outcome != Outcome.QUEUED:
                self._enter(row, in_exact)
        return self.run.rows.filter(done=False).exists()

    def _leave_known(self, rows: Sequence[BackfillOrder]) -> None:
        known = self._documents(rows)
        for row in rows:
            if row.order_id in known:
                row.found = []
                self._done(row, Outcome.SKIPPED, known[row.order_id])

    def _documents(self, rows: Iterable[BackfillOrder]) -> dict[int, int]:
        """The rows that the ledger has of these orders, by order."""
        ids = [row.order_id for row in rows]
        found = OrderSync.objects.filter(
            connection=self.run.connection_id, order_id__in=ids, kind=DocumentKind.INVOICE, sequence=1
        )
        return dict(found.values_list("order_id", "pk"))

    def _queue(self, rows: Sequence[BackfillOrder]) -> None:
        """Queue orders that Exact has not, behind live ones, the oldest first."""
        if not rows:
            return
        now = database_now()
        with transaction.atomic():
            OrderSync.objects.bulk_create([self._row(row, next_attempt_at=now) for row in rows], ignore_conflicts=True)
            made = self._documents(rows)
            for row in rows:
                self._done(row, Outcome.QUEUED, made[row.order_id])
            wakeup.wake([self.run.connection.division_id])

    def _row(self, row: BackfillOrder, **fields: Any) -> OrderSync:
        made = OrderSync.invoice_row(
            self.run.connection, row.order_id, due_at=database_now(), request=trace.current() or trace.new_id()
        )
        made.low_priority = made.backfilled = True
        made.total, made.currency, made.ordered_on = row.total, row.currency, row.day
        for name, value in fields.items():
            setattr(made, name, value)
        return made

    def _read(self, rows: Sequence[BackfillOrder]) -> dict[str, Invoice]:
        """Read the documents of these orders as Exact has them now."""
        ids = [key for row in rows for key, _sign in row.found]
        return in_exact_now(self.run, ids, self.clients.exact)

    def _check(self, row: BackfillOrder, in_exact: Mapping[str, Invoice]) -> None:
        """Look whether the document is still there, with the order's amount, and nobody's."""
        ((key, _sign),) = row.found
        invoice = in_exact.get(key)
        if invoice is None:
            row.outcome, row.found = Outcome.QUEUED, []
        elif invoice.currency != row.currency or differs(invoice.amount_fc, row.total):
            row.outcome, row.found = Outcome.LIKELY, [(key, Sign.OTHER_AMOUNT)]
        elif is_held(self.run, key):
            row.outcome, row.found = Outcome.QUEUED, []

    def _enter(self, row: BackfillOrder, in_exact: Mapping[str, Invoice]) -> None:
        try:
            fetched = None if row.outcome == Outcome.SKIPPED else self._fetch(row)
        except errors.NotFound:  # it was archived meanwhile
            self._done(row, Outcome.SKIPPED, None)
            return
        self.renew()
        document = self._row(
            row, next_attempt_at=None, **(fetched.facts(self.run.connection.store.timezone) if fetched else {})
        )
        try:
            with transaction.atomic():
                self._make(row, document, in_exact)
                self._done(row, Outcome(row.outcome), document.pk)
        except IntegrityError:  # a delivery was first: the order is live
            known = self._documents([row])
            if row.order_id not in known:
                raise
            self._done(row, Outcome.SKIPPED, known[row.order_id])

    def _make(self, row: BackfillOrder, document: OrderSync, in_exact: Mapping[str, Invoice]) -> None:
        match row.outcome:
            case Outcome.ADOPTED:
                ((key, sign),) = row.found
                text, fields = adoption(document, in_exact[key], Sign(sign))
                transitions.enter(document, State.POSTED, text, **fields)
            case Outcome.LIKELY:
                found = described(self.run, [key for key, _sign in row.found])
                why = problem(Code.MAY_BE_IN_EXACT, amount=len(row.found), documents=found)
                transitions.enter(document, State.BLOCKED, (why,))
            case _:
                transitions.enter(document, State.SKIPPED, from_json(row.not_due))

    def _fetch(self, row: BackfillOrder) -> Fetched | None:
        """Read the order; None when it cannot be read. Raises the store client's errors."""
        store = self.run.connection.store
        try:
            fetched = fetch(self.clients.store(store), row.order_id, prices_include_tax=store.prices_include_tax)
            return forgotten.as_kept(self.run.connection, fetched)
        except Hold:
            return None

    def _done(self, row: BackfillOrder, outcome: BackfillOrder.Outcome, document: int | None) -> None:
        row.done = True
        BackfillOrder.objects.filter(pk=row.pk).update(done=True, outcome=outcome, found=row.found, document=document)


def in_exact_now(run: BackfillRun, ids: Sequence[str], client: ExactClient) -> dict[str, Invoice]:
    """Read up to twenty documents that a run knows, with their lines; those that are gone are left out.

    The lines are kept, so that a change of a VAT code or a GL account in Exact is seen later. Raises ClientError.
    """
    entries = set(run.documents_read.filter(exact_id__in=ids, is_entry=True).values_list("exact_id", flat=True))
    found: list[Invoice] = []
    if invoices := [key for key in ids if key not in entries]:
        found += client.invoices_of(invoices)
    if entries:
        found += client.entries_of(sorted(entries))
    return {invoice.id: invoice for invoice in found}


def is_held(run: BackfillRun, key: str) -> bool:
    """Whether a document of the ledger has this one of Exact."""
    return OrderSync.objects.filter(division=run.connection.division_id, exact_id=key).exists()


def adoption(document: OrderSync, invoice: Invoice, sign: Sign) -> tuple[Said, dict[str, Any]]:
    """Return what the history says of a document that is taken for the order's, and what the row then has."""
    form = exact_document.form_in_exact(invoice)
    text = english("Was in Exact already, typed in by hand: linked to %(document)s %(number)s. %(why)s") % {
        "document": said_noun_of(document.kind, form),
        "number": invoice.number or invoice.id,
        "why": in_english(SIGNS[sign]),
    }
    return text, {
        "data": {"exact_id": invoice.id, "number": invoice.number, "total": str(invoice.amount_fc)},
        "exact_id": invoice.id,
        "exact_number": invoice.number,
        "form": form,
        "exact_data": snapshot(invoice, dated=invoice.dated, printed=invoice.is_final, accepted=True),
        "posted_at": database_now(),
    }


def described(run: BackfillRun, keys: Sequence[str]) -> str:
    """Name documents that an order may be, by their ids, for a problem."""
    rows = run.documents_read.filter(exact_id__in=keys).order_by("exact_id")
    return ", ".join(map(_named, rows))


def _named(row: BackfillDocument) -> str:
    amount = "" if row.amount is None else f"{plain(tidy(row.amount, 2))} {row.currency}"
    return f"{row.number or row.exact_id} ({', '.join(filter(None, (amount, str(row.dated or ''), row.your_ref)))})"


def differs(theirs: Decimal | None, ours: Decimal | None) -> bool:
    """Whether two amounts are not the same; one that is not known is never the same."""
    return theirs is None or ours is None or abs(theirs - ours) >= TOLERANCE
