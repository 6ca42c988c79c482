"""Has a month compared once more when what a person had put right has arrived.

Nobody has to think of it: a difference counts until a later comparison does not find it any more.
"""

from collections import defaultdict
from datetime import date, timedelta
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
    repairs: dict[tuple[int, date], list[Any]] = defaultdict(list)
    for each in _carried_out():
        repairs[each.run.connection_id, each.of_day.replace(day=1)].append(each)
    wanted = [
        (rows[0].run.connection, first)
        for (_, first), rows in repairs.items()
        if not any(each.under_way for each in rows) and not all(each.looked_at for each in rows)
    ]
    return sum(_compare(connection, first) for connection, first in wanted)


def _carried_out() -> QuerySet[Any]:
    """The open differences whose action was carried out: whether it is under way, and compared since it was not."""
    connection, order = OuterRef("run__connection"), OuterRef("order_id")
    documents = OrderSync.objects.filter(connection=connection, order_id=order)
    unread = Delivery.objects.filter(store=OuterRef("run__connection__store"), order_id=order, processed_at=None)
    runs = ReconciliationRun.objects.filter(
        connection=connection,
        first__lte=OuterRef("of_day"),
        last__gte=OuterRef("of_day"),
    )
    changed = documents.order_by("-updated_at").values("updated_at")[:1]
    rows = Discrepancy.objects.filter(
        state=Discrepancy.State.OPEN, carried_out_at__isnull=False, run__tenant__suspended=False
    )
    return rows.select_related("run__connection__store").annotate(
        of_day=Coalesce("day", "run__first"),
        under_way=Exists(documents.filter(state__in=UNDER_WAY)) | Exists(unread),
        arrived_at=Greatest("carried_out_at", Coalesce(Subquery(changed), "carried_out_at")),
        looked_at=Exists(runs.filter(_goes_on() | Q(state=Run.FINISHED, created_at__gt=OuterRef("arrived_at")))),
    )


def _goes_on() -> Q:
    """Comparisons that somebody does, or that were in trouble just now. One that began too early is not the last."""
    now = database_now()
    done = Q(state=Run.RUNNING) & (Q(by_worker=True) | ~leases.free(ReconciliationRun, now))
    return done | Q(state=Run.STOPPED, updated_at__gt=now - AGAIN) | Q(state=Run.FAILED, finished_at__gt=now - AGAIN)


def _compare(connection: Connection, first: date) -> bool:
    """Whether the comparison of the month was begun. A month before the connection's first day has none."""
    month = Days.month(first, connection.store.timezone)
    try:
        days = period_of(connection, month.first, min(month.last, month.day_of(database_now())))
    except NotPossible:
        return False
    comparison.ask(connection, days, None)
    return True
