"""Tells which documents do not come to an end, are not approved, or could not be looked at again after a change.

One alert of each kind for an organisation, not one for each document.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.isolate import isolate
from connector.flow.lane import due
from connector.models import Connection, OrderSync, SyncEvent
from connector.problems.alerts import AlertCode, AlertText, alert_text, named_as_param
from tenants.models import Tenant

Row = Mapping[str, Any]
Found = tuple[Tenant, Row]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CAUSE, UNAPPROVED, UNREAD = "standing", "standing:unapproved", "standing:unread"
# How many are named in the alert, and how many are counted at most.
NAMED, MOST_COUNTED = 5, 1000
LOOKED_SECONDS = 900
# Any other document has come to its end, or waits for a person. `_unapproved` has those to be approved. Both halves
# have an index of such rows alone.
UNFINISHED = Q(next_attempt_at__isnull=False) | Q(state__in=due.IN_WORK)
# Documents in these states may wait for their schedule.
RELEASED = {State.PENDING, State.WAITING}


def look_after() -> None:
    """Raise the alerts of each organisation that has such documents, and close them where there are none any more.

    It looks once in a quarter of an hour.
    """
    if not cache.add("standing:looked", True, LOOKED_SECONDS):
        return
    now = database_now()
    drafts = f"?state__exact={State.AWAITING_APPROVAL}"
    _tell(CAUSE, _unfinished(now), partial(_said, AlertCode.UNFINISHED, kept=_by_state))
    _tell(UNAPPROVED, _unapproved(now), partial(_said, AlertCode.UNAPPROVED, kept=_by_order), only=drafts)
    _tell(UNREAD, _unread(), partial(_said, AlertCode.UNREAD, kept=_with_error))


def _tell(cause: str, found: Iterable[Found], said: Callable[[list[Row]], AlertText], *, only: str = "") -> None:
    """Raise or close the alerts of a cause. Their page is the ledger; `only` limits it to some of its documents."""
    rows_of: dict[Tenant, list[Row]] = defaultdict(list)
    for tenant, row in found:
        rows_of[tenant].append(row)
    for tenant in Tenant.objects.filter(alerts__cause=cause, alerts__closed_at=None).distinct():
        if tenant not in rows_of:
            alerts.close_alert(tenant, cause)
    page = reverse("admin:connector_ordersync_changelist") + only
    for tenant, rows in rows_of.items():
        act = partial(_raise, tenant, cause, partial(said, rows), page)
        isolate(act, "documents_not_reported", tenant=tenant.slug, cause=cause)


def _raise(tenant: Tenant, cause: str, said: Callable[[], AlertText], page: str) -> None:
    text = said()
    alerts.raise_alert(tenant, cause, text, page=page)
    alerts.say_again(tenant, cause, text)


def _unfinished(now: datetime) -> Iterator[Found]:
    """Yield the documents that were begun more than a day ago and wait for nobody's schedule, the oldest first.

    A document is begun when its row is made, and again when a person or a change sends it through again.
    """
    begins = SyncEvent.objects.filter(document=OuterRef("pk"), data__to=State.PENDING).order_by("-id")
    rows = _in_use(OrderSync.objects.filter(UNFINISHED, created_at__lte=now - DAY))
    rows = rows.annotate(begun=Coalesce(Subquery(begins.values("at")[:1]), "created_at")).filter(begun__lte=now - DAY)
    found = list(rows.order_by("begun").values("connection_id", "order_id", "state", "next_attempt_at", "begun"))
    connections = Connection.objects.select_related("store__tenant").in_bulk({row["connection_id"] for row in found})
    released = {pk: due.released_until(connection, now) for pk, connection in connections.items()}
    for row in found[:MOST_COUNTED]:
        if not _waits_for_its_schedule(row, released[row["connection_id"]], now):
            yield connections[row["connection_id"]].store.tenant, row


def _unapproved(now: datetime) -> Iterator[Found]:
    """Yield the drafts that have waited for an approval for more than a day, the oldest first.

    A draft that is made again, because the order changed, begins again.
    """
    shown = SyncEvent.objects.filter(document=OuterRef("pk"), data__to=State.AWAITING_APPROVAL).order_by("-id")
    rows = _in_use(OrderSync.objects.filter(state=State.AWAITING_APPROVAL, created_at__lte=now - DAY))
    rows = rows.annotate(begun=Coalesce(Subquery(shown.values("at")[:1]), "created_at")).filter(begun__lte=now - DAY)
    return _with_tenants(rows.order_by("begun").values("connection__store__tenant", "order_id", "state")[:MOST_COUNTED])


def _unread() -> Iterator[Found]:
    """Yield the documents without a next step whose every look after a change failed, each with its last error.

    A delivery, a decision or a person's refetch lets them begin again.
    """
    failures = SyncEvent.objects.filter(document=OuterRef("pk"), data__has_key="problems").order_by("-id")
    rows = _in_use(
        OrderSync.objects.filter(
            state__in=due.WITHOUT_NEXT_STEP, recheck_at__isnull=False, attempts__gte=due.MAX_ATTEMPTS
        )
    )
    rows = rows.annotate(failure=Subquery(failures.values("pk")[:1])).order_by("recheck_at")
    return _with_tenants(rows.values("connection__store__tenant", "order_id", "state", "failure")[:MOST_COUNTED])


def _in_use(rows: QuerySet[OrderSync]) -> QuerySet[OrderSync]:
    """Leave out those of a paused connection or a suspended organisation, which wait for a person."""
    return rows.exclude(connection__mode=Mode.OFF).filter(connection__store__tenant__suspended=False)


def _with_tenants(rows: Iterable[Row]) -> Iterator[Found]:
    found = list(rows)
    tenants = Tenant.objects.in_bulk({row["connection__store__tenant"] for row in found})
    return ((tenants[row["connection__store__tenant"]], row) for row in found)


def _waits_for_its_schedule(row: Row, released: datetime | None, now: datetime) -> bool:
    """Whether the document is due and was not released, or was released within the last day, or hour by hand."""
    if row["state"] not in RELEASED or row["next_attempt_at"] > now:
        return False
    if released is None or released < row["next_attempt_at"] or row["begun"] > released - DAY:
        return True
    return now - HOUR < released < now


def _said(code: AlertCode, rows: list[Row], kept: Callable[[Row], dict[str, Any]]) -> AlertText:
    named = [kept(row) for row in rows[:NAMED]]
    number = str(len(rows)) if len(rows) < MOST_COUNTED else f"{MOST_COUNTED}+"
    return alert_text(
        code, number=number, tries=due.MAX_ATTEMPTS, named=named_as_param(named, more=len(rows) > len(named))
    )


def _by_order(row: Row) -> dict[str, Any]:
    return {"order": row["order_id"]}


def _by_state(row: Row) -> dict[str, Any]:
    return {"order": row["order_id"], "state": row["state"]}


def _with_error(row: Row) -> dict[str, Any]:
    event = SyncEvent.objects.filter(pk=row["failure"]).first()
    return {**_by_state(row), "problems": event.data["problems"] if event else []}
