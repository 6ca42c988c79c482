"""Has a month compared once more when what a person had put right has arrived.

Nobody has to think of it: a difference counts until a later comparison does not find it any more.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from connector.domain.document.reconcile import BUCKET_OF, Bucket
from connector.domain.timing.days import Days
from connector.flow import leases
from connector.flow.actions import comparison
from connector.flow.clock import database_now
from connector.flow.reconcile.run import NotPossible, period_of
from connector.models import Connection, Delivery, Discrepancy, OrderSync, ReconciliationRun

Run = ReconciliationRun.State
# One that stood still or failed is tried again after so long.
AGAIN = timedelta(hours=1)
UNDER_WAY = [state for state, bucket in BUCKET_OF.items() if bucket is Bucket.WAITING]


def begin() -> int:
    """Begin the comparisons of all months of which every repair has arrived. Returns how many."""
    repairs: dict[tuple[int, Days], list[Any]] = defaultdict(list)
    for each in _carried_out():
        repairs[each.run.connection_id, _period(each)].append(each)
    wanted = [
        (rows[0].run.connection, period)
        for (_, period), rows in repairs.items()
        if not any(each.under_way for each in rows) and not all(each.looked_at for each in rows)
    ]
    return sum(_compare(connection, period) for connection, period in wanted)


def _period(each: Discrepancy) -> Days:
    """The month of a difference. One without a day may be of any day of the period in which it was found."""
    zone = each.run.connection.store.timezone
    return Days.month(each.day, zone) if each.day else Days(each.run.first, each.run.last, zone)


def _carried_out() -> QuerySet[Any]:
    """The open differences whose action was carried out: whether it is under way, and compared since it was not."""
    connection, order = OuterRef("run__connection"), OuterRef("order_id")
    documents = OrderSync.objects.filter(connection=connection, order_id=order)
    unread = Delivery.objects.filter(store=OuterRef("run__connection__store"), order_id=order, processed_at=None)
    runs = ReconciliationRun.objects.filter(
        connection=connection,
        first__lte=OuterRef("from_day"),
        last__gte=OuterRef("to_day"),
    )
    changed = documents.order_by("-updated_at").values("updated_at")[:1]
    rows = Discrepancy.objects.filter(
        state=Discrepancy.State.OPEN, carried_out_at__isnull=False, run__tenant__suspended=False
    )
    return rows.select_related("run__connection__store").annotate(
        from_day=Coalesce("day", "run__first"),
        to_day=Coalesce("day", "run__last"),
        under_way=Exists(documents.filter(state__in=UNDER_WAY)) | Exists(unread),
        arrived_at=Greatest("carried_out_at", Coalesce(Subquery(changed), "carried_out_at")),
        looked_at=Exists(runs.filter(_goes_on() | Q(state=Run.FINISHED, created_at__gt=OuterRef("arrived_at")))),
    )


def _goes_on() -> Q:
    """Comparisons that somebody does, or that were in trouble just now. One that began too early is not the last."""
    now = database_now()
    done = Q(state=Run.RUNNING) & (Q(by_worker=True) | ~leases.free(ReconciliationRun, now))
    return done | Q(state=Run.STOPPED, updated_at__gt=now - AGAIN) | Q(state=Run.FAILED, finished_at__gt=now - AGAIN)


def _compare(connection: Connection, period: Days) -> bool:
    """Whether the comparison was begun. A month before the connection's first day has none."""
    try:
        days = period_of(connection, period.first, min(period.last, period.day_of(database_now())))
    except NotPossible:
        return False
    comparison.ask(connection, days, None)
    return True
