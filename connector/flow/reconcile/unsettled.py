"""Which differences are unsettled, and which of them a run settles.

A run settles a difference that was there before it began, when it looked at the very same order or document again. What
it still finds has a row of its own, which stands in for the earlier one.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from connector.domain.choices import DocumentKind
from connector.domain.document.reconcile import BUCKET_OF, Bucket, Kind
from connector.domain.document.states import State
from connector.domain.timing.days import DAY, Days
from connector.flow.clock import database_now
from connector.models import Discrepancy, OrderSync, ReconciliationRun, RunDocument

S = Discrepancy.State
# What the comparison of a document with Exact's says of it, whatever run compares it.
OF_A_DOCUMENT = [
    *(Kind.AMOUNT, Kind.VAT, Kind.CURRENCY, Kind.ACCOUNT, Kind.DATE, Kind.REFERENCE, Kind.STATE, Kind.DELETED),
]
OF_THE_TOTALS = Q(order_id=0, exact_id="")


def unsettled(connection_id: int) -> QuerySet[Discrepancy]:
    """Return the open differences of a connection, whichever run found them."""
    rows = Discrepancy.objects.filter(run__connection=connection_id, state=S.OPEN)
    return rows.filter(run__state=ReconciliationRun.State.FINISHED)


def of_days(first: date, last: date) -> Q:
    """Those of an order, a refund or a document of these days, and those of a period that has some of them."""
    return Q(day__gte=first, day__lte=last) | Q(day=None, run__first__lte=last, run__last__gte=first)


def carry_over(run: ReconciliationRun) -> None:
    """Keep what people said of the same differences before, in any run of the connection.

    The owner stays. One that was accepted is accepted while both of its figures are the same. One whose action was
    carried out is still under way while its document is.
    """
    former = Discrepancy.objects.filter(
        ~OF_THE_TOTALS | Q(run__first__lte=run.last, run__last__gte=run.first),
        run__connection=run.connection_id,
        order_id__in=run.discrepancies.values("order_id"),
    )
    owners, accepted, carried_out = {}, {}, {}
    for each in former.exclude(run=run).exclude(owner=None, reason="").order_by("id").iterator():
        owners[_key(each)] = each.owner_id
        if each.state == S.ACCEPTED and each.figures:
            accepted[_key(each), each.figures] = each
        elif each.state == S.OPEN and each.carried_out_at:
            carried_out[each.order_id] = each.carried_out_at
    for each in run.discrepancies.select_related("document").iterator():
        each.owner_id = owners.get(_key(each))
        before = accepted.get((_key(each), each.figures))
        if before is not None:
            each.state, each.reason, each.changed_at = before.state, before.reason, before.changed_at
        if each.document and BUCKET_OF[State(each.document.state)] is Bucket.WAITING:
            each.carried_out_at = carried_out.get(each.order_id)
        if each.owner_id or before or each.carried_out_at:
            each.save(update_fields=["owner", "state", "reason", "changed_at", "carried_out_at"])


def settle(run: ReconciliationRun) -> None:
    """Close what earlier runs found and this one looked at again, and what it has a row of its own for.

    It looked at the documents that it compared, and at what there was on its days: a copy that Exact does not list any
    more is gone. A document that the ledger knows is looked at only when it was compared. What is of a whole period is
    looked at again when this run and others that began later have read all of it; so is a day of another zone.
    """
    own = OrderSync.objects.filter(pk=OuterRef("document"), exact_id__iexact=OuterRef("exact_id")).exclude(exact_id="")
    again = run.discrepancies.filter(**{name: OuterRef(name) for name in ("kind", "order_id", "reference", "exact_id")})
    expected = RunDocument.objects.filter(run=run)
    rows = unsettled(run.connection_id).exclude(run=run).filter(created_at__lt=run.created_at)
    rows = rows.annotate(
        known=Exists(own),
        compared=Exists(expected.filter(document=OuterRef("document"))),
        again=Exists(again),
    )
    seen = Q(known=False) | Q(compared=True)
    listed = Q(day__gte=run.first, day__lte=run.last, run__zone=run.zone) & seen
    compared = (Q(known=True) | Q(kind=Kind.DELETED)) & Q(kind__in=OF_A_DOCUMENT, compared=True)
    settled = rows.filter(listed | compared | (Q(again=True) & ~OF_THE_TOTALS) | _readable_now(expected))
    settled.update(state=S.RESOLVED, changed_at=database_now())
    covered = [row.pk for row in _covered(run, rows.filter(seen))]
    Discrepancy.objects.filter(pk__in=covered, state=S.OPEN).update(state=S.RESOLVED, changed_at=database_now())


def _readable_now(expected: QuerySet[RunDocument]) -> Q:
    """An order that could not be read has no day: the run read it now when the store's list had it."""
    listed = expected.exclude(day=None).filter(document__kind=DocumentKind.INVOICE)
    unread = Q(day=None, document=None, kind=Kind.MISSING_DOCUMENT, order_id__gt=0)
    return unread & Q(order_id__in=listed.values("document__order_id"))


def _covered(run: ReconciliationRun, rows: QuerySet[Discrepancy]) -> Iterator[Discrepancy]:
    """Yield those whose days were read again to the last hour, by this run and finished ones that began later.

    No run has the days of one that goes over the end of a month, and in another zone a day has other hours.
    """
    first, last = run.first - DAY, run.last + DAY
    whole = Q(day=None, run__first__lte=last, run__last__gte=first)
    elsewhere = Q(day__gte=first, day__lte=last) & ~Q(run__zone=run.zone)
    found = list(rows.filter(whole | elsewhere).select_related("run"))
    if not found:
        return
    finished = ReconciliationRun.objects.filter(
        connection=run.connection_id,
        state=ReconciliationRun.State.FINISHED,
        created_at__gt=min(row.created_at for row in found),
    )
    spans = finished.exclude(pk=run.pk).values_list("created_at", "first", "last", "zone")
    runs = [(began, Days(start, end, zone)) for began, start, end, zone in spans]
    runs.append((run.created_at, Days(run.first, run.last, run.zone)))
    for row in found:
        days = Days(row.day or row.run.first, row.day or row.run.last, row.run.zone)
        if _cover((span for began, span in runs if began > row.created_at), days):
            yield row


def _cover(read: Iterable[Days], days: Days) -> bool:
    """Whether these periods together have every hour of the days."""
    reached = days.since
    for each in sorted(read, key=lambda span: span.since):
        if each.since <= reached:
            reached = max(reached, each.until)
    return reached >= days.until


def _key(each: Discrepancy) -> tuple[object, ...]:
    return each.kind, each.order_id, each.reference, each.exact_id
