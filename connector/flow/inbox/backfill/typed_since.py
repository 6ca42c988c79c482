"""Finds what was typed into Exact since a run has read it, before an order of the run is posted.

Days may pass between the two. One look asks for what changed since the last one, and is for the next orders of a lane's
turn: a call for the invoices, one for the lines of entries, and one for each twenty entries that are not ours.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from connector.clients.exact import period
from connector.clients.exact.client import MOST_IDS, ExactClient
from connector.clients.exact.period import SALES_ENTRIES, SALES_INVOICES, Booked
from connector.clients.exact.records import Invoice
from connector.domain.document.codes import Code
from connector.domain.document.match import NAMED, Match, Sign, Typed, match, numbers_in
from connector.domain.document.result import problem
from connector.domain.document.states import State
from connector.domain.order.model import Order
from connector.flow.customer.copies import directory
from connector.flow.inbox.backfill import compare, into_ledger, read
from connector.flow.inbox.backfill.into_ledger import described
from connector.flow.ledger import transitions
from connector.models import BackfillDocument, BackfillOrder, BackfillRun, DirectoryAccount, OrderSync

AT_ONCE = 20
"""So many orders are posted on one look."""
# Exact dates changes by its server's local time, which no zone is so far from. What is read twice does no harm.
_ZONES = timedelta(hours=14)
_KEPT = ["number", "your_ref", "description", "order_number", "account", "amount", "currency", "dated"]
Outcome = BackfillOrder.Outcome
Found = list[tuple[str, Sign]]


@dataclass(slots=True)
class Look:
    """What may have been typed in for the orders of a run, and for how many orders that holds."""

    typed: list[Typed]
    left: int = AT_ONCE


def is_typed_in(document: OrderSync, order: Order, client: ExactClient, looks: dict[int, Look]) -> bool:
    """Hold an order of a backfill that may have been typed into Exact since, or adopt the document that names it.

    Returns whether it was one of both. What a person has been asked about already is left out. `looks` are those of the
    turn, by run. Raises the client's errors.
    """
    rows = BackfillOrder.objects.filter(document=document, outcome__in=[Outcome.QUEUED, Outcome.LIKELY])
    row = rows.select_related("run__connection__store", "run__connection__division").order_by("-pk").first()
    if row is None:
        return False
    look = looks.get(row.run_id)
    if look is None or not look.left:
        look = looks[row.run_id] = _look(row.run, client)
    look.left -= 1
    asked = {key for key, _sign in row.found}
    matched = _matched(row, order, look.typed)
    found = [(key, sign) for key, sign in matched.documents if key not in asked]
    if found:
        _take(document, row, replace(matched, documents=tuple(found)), client)
    elif look.typed:
        _forget_after_the_last(document, row.run)
    return bool(found)


def _look(run: BackfillRun, client: ExactClient) -> Look:
    """Read what changed, keep what is nobody's, and return all that was kept."""
    since = datetime.fromisoformat(run.seen_until) if run.seen_until else _begin(run)
    invoices = list(period.changed_since(client, SALES_INVOICES, since))
    entries = period.lines_changed_since(client, since)
    ours = OrderSync.objects.filter(division=run.connection.division_id, exact_id__in=[key for key, _at in entries])
    known = set(ours.values_list("exact_id", flat=True))
    ids = list(dict.fromkeys(key for key, _at in entries if key not in known))
    found = [*invoices]
    for start in range(0, len(ids), MOST_IDS):
        found += period.with_ids(client, SALES_ENTRIES, ids[start : start + MOST_IDS])
    _keep(run, found)
    moments = [each.modified for each in invoices if each.modified] + [at for _key, at in entries if at]
    if moments:
        run.seen_until = max(moments).replace(tzinfo=None).isoformat()
        BackfillRun.objects.filter(pk=run.pk).update(seen_until=run.seen_until)
    documents = list(run.documents_read.all())
    _know_accounts(run, documents, client)
    return Look(compare.typed_in(run.connection, documents, (), lambda: None))


def _begin(run: BackfillRun) -> datetime:
    return run.created_at.astimezone(UTC).replace(tzinfo=None) - _ZONES


def _keep(run: BackfillRun, found: list[Booked]) -> None:
    ours = OrderSync.objects.filter(division=run.connection.division_id, exact_id__in=[each.id for each in found])
    known = set(ours.values_list("exact_id", flat=True))
    rows = {
        each.id: BackfillDocument(run=run, **read.columns(each))
        for each in found
        if each.type in read.SALES and each.id not in known
    }
    BackfillDocument.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["run", "exact_id"], update_fields=_KEPT
    )


def _know_accounts(run: BackfillRun, documents: list[BackfillDocument], client: ExactClient) -> None:
    """Read the accounts that are new since, when a document has one: its name tells whose the document is."""
    division = run.connection.division
    wanted = {row.account.casefold() for row in documents if row.account}
    known = DirectoryAccount.objects.filter(division=division, account_id__in=wanted)
    if wanted - {key.casefold() for key in known.values_list("account_id", flat=True)}:
        directory.pull(division, client)


def _matched(row: BackfillOrder, order: Order, typed: list[Typed]) -> Match:
    if not typed:
        return Match()
    numbers = {int(number) for each in typed for number in numbers_in(each.your_ref, each.description)}
    others = row.run.rows.filter(order_id__in=[each for each in numbers if each < 2**63]).exclude(pk=row.pk)
    connection = row.run.connection
    mine = read.placed(connection, order)
    placed = [mine, *compare.placed_of(connection, others)]
    return match(placed, typed)[mine.id]


def _take(document: OrderSync, row: BackfillOrder, found: Match, client: ExactClient) -> None:
    """Hold the document; then adopt the one that surely is the order's, when it still is, and nobody's.

    Without the order's number nothing is sure here: other orders of the customer are not looked at. When the process
    ends between the two, a person decides.
    """
    (key, sign), *others = found.documents
    invoice = None
    if found.is_sure and not others and sign in NAMED and row.outcome == Outcome.QUEUED:
        invoice = into_ledger.in_exact_now(row.run, [key], client).get(key)
    _hold(document, row, list(found.documents))
    if invoice is None or invoice.currency != document.currency or into_ledger.is_held(row.run, key):
        return
    if not into_ledger.differs(invoice.amount_fc, document.total):
        _adopt(document, row, invoice, sign)


def _adopt(document: OrderSync, row: BackfillOrder, invoice: Invoice, sign: Sign) -> None:
    """Take a document for the order's, and note it on the run's page, both or none."""

    def note() -> None:
        BackfillOrder.objects.filter(pk=row.pk).update(outcome=Outcome.ADOPTED, found=[(invoice.id, sign)])
        BackfillRun.objects.filter(pk=row.run_id).update(likely=F("likely") - 1, adopted=F("adopted") + 1)

    text, fields = into_ledger.adoption(document, invoice, sign)
    with suppress(IntegrityError):  # another document took it just now: this one stays held
        transitions.move(document, State.POSTED, text, also=note, **fields)


def _hold(document: OrderSync, row: BackfillOrder, found: Found) -> None:
    """Hold the document, and list what was found on the run's page, both or none."""

    def note() -> None:
        likely = {"outcome": Outcome.LIKELY, "found": [*row.found, *found]}
        BackfillOrder.objects.filter(pk=row.pk).update(**likely)
        if row.outcome == Outcome.QUEUED:
            BackfillRun.objects.filter(pk=row.run_id).update(queued=F("queued") - 1, likely=F("likely") + 1)

    documents = described(row.run, [key for key, _sign in found])
    why = problem(Code.MAY_BE_IN_EXACT, amount=len(found), documents=documents)
    # Without a draft it can be linked to a document of its amount, as one that was found by the first reading.
    transitions.move(document, State.BLOCKED, (why,), draft=None, reference="", also=note)


def _forget_after_the_last(document: OrderSync, run: BackfillRun) -> None:
    """Forget the documents that are no order's when no other order of the backfills may still be posted."""
    others = OrderSync.objects.filter(connection=run.connection_id, backfilled=True, exact_id="")
    if not others.exclude(state__in=[State.POSTED, State.SKIPPED]).exclude(pk=document.pk).exists():
        with transaction.atomic():
            compare.forget_the_rest(run)
