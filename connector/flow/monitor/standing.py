"""Tells when documents do not come to an end: one alert for an organisation, not one for each document."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.lane import due
from connector.models import Connection, OrderSync, SyncEvent
from connector.models.documents import STATE_NAMES
from tenants.models import Tenant

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CAUSE = "standing"
# How many are named in the alert, and how many are counted at most.
NAMED, MOST_COUNTED = 5, 1000
LOOKED_SECONDS = 900
# A document in any other state has come to its end, or waits for a person.
UNFINISHED = [State.PENDING, State.PREPARING, State.POSTING, State.UNCERTAIN, State.WAITING]
# Documents in these states may wait for their schedule.
RELEASED = {State.PENDING, State.WAITING}


def look_after() -> None:
    """Raise the alert of each organisation that has such documents, and close it where there are none any more.

    It looks once in a quarter of an hour.
    """
    if not cache.add("standing:looked", True, LOOKED_SECONDS):
        return
    standing: dict[Tenant, list[Mapping[str, Any]]] = defaultdict(list)
    for tenant, row in _standing(database_now()):
        standing[tenant].append(row)
    for tenant in Tenant.objects.filter(alerts__cause=CAUSE, alerts__closed_at=None).distinct():
        if tenant not in standing:
            alerts.close_alert(tenant, CAUSE)
    for tenant, rows in standing.items():
        alerts.raise_alert(tenant, CAUSE, _text(rows), page=reverse("admin:connector_ordersync_changelist"))


def _standing(now: datetime) -> Iterator[tuple[Tenant, Mapping[str, Any]]]:
    """Yield the documents that were begun more than a day ago and wait for nobody's schedule, the oldest first.

    A document is begun when its row is made, and again when a person or a change sends it through again. Those of a
    paused connection wait for a person.
    """
    begins = SyncEvent.objects.filter(document=OuterRef("pk"), data__to=State.PENDING).order_by("-id")
    rows = OrderSync.objects.filter(state__in=UNFINISHED, created_at__lte=now - DAY).exclude(connection__mode=Mode.OFF)
    rows = rows.annotate(begun=Coalesce(Subquery(begins.values("at")[:1]), "created_at")).filter(begun__lte=now - DAY)
    found = list(rows.order_by("begun").values("connection_id", "order_id", "state", "next_attempt_at", "begun"))
    connections = Connection.objects.select_related("store__tenant").in_bulk({row["connection_id"] for row in found})
    released = {pk: due.released_until(connection, now) for pk, connection in connections.items()}
    for row in found[:MOST_COUNTED]:
        if not _waits_for_its_schedule(row, released[row["connection_id"]], now):
            yield connections[row["connection_id"]].store.tenant, row


def _waits_for_its_schedule(row: Mapping[str, Any], released: datetime | None, now: datetime) -> bool:
    """Whether the document is due and was not released, or was released within the last day, or hour by hand."""
    if row["state"] not in RELEASED or row["next_attempt_at"] > now:
        return False
    if released is None or released < row["next_attempt_at"] or row["begun"] > released - DAY:
        return True
    return now - HOUR < released < now


def _text(rows: list[Mapping[str, Any]]) -> str:
    named = [
        _("order %(order)s (%(state)s)") % {"order": row["order_id"], "state": STATE_NAMES[row["state"]]}
        for row in rows
    ]
    return _(
        "%(number)s documents have not come to an end for more than a day: %(named)s. The page of each says what it "
        "waits for. This alert closes by itself when they are done."
    ) % {
        "number": len(rows) if len(rows) < MOST_COUNTED else f"{MOST_COUNTED}+",
        "named": ", ".join(named[:NAMED]) + (", …" if len(named) > NAMED else ""),
    }
