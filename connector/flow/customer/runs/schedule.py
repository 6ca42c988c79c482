"""Begins the pulls of customers that are due by the connection's schedule."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from connector.domain.choices import POSTING_MODES, CustomerDirection
from connector.flow.clock import database_now
from connector.flow.customer.runs import run as customer_run
from connector.flow.isolate import isolate
from connector.models import Connection, CustomerRun
from connector.models.credentials import Health

State = CustomerRun.State
_NEWEST_RUN = "newest_run"


def begin() -> int:
    """Begin a pull of every connection whose customers were read longer ago than its schedule says. Returns how many.

    A person has pulled it once before. One statement finds the connections; one that fails keeps no other from its
    turn.
    """
    now = database_now()
    due = [each for each in _scheduled() if _is_due(each, now)]
    begun = [isolate(partial(_start, each), "customers_not_begun", connection=each.pk) for each in due]
    return sum(run is not None for run in begun)


def _scheduled() -> QuerySet[Connection]:
    """The connections with a schedule and a first pull, of which no run goes on, with the time of their newest run."""
    runs = CustomerRun.objects.filter(connection=OuterRef("pk"))
    newest = runs.order_by().values("connection").annotate(at=Max("created_at")).values("at")
    wanted = Q(mode__in=list(POSTING_MODES), customer_minutes__gt=0, store__tenant__suspended=False)
    wanted &= Q(store__state=Health.ACTIVE, division__grant__state=Health.ACTIVE) & ~Q(
        customer_direction=CustomerDirection.NONE
    )
    found = Connection.objects.filter(
        wanted,
        Exists(runs.filter(scheduled=False, state=State.FINISHED).exclude(what=CustomerRun.What.REPORT)),
        ~Exists(runs.filter(state__in=[State.RUNNING, State.PAUSED])),
    )
    return found.annotate(**{_NEWEST_RUN: Subquery(newest)}).select_related("store__tenant", "division")


def _is_due(connection: Connection, now: datetime) -> bool:
    """Whether both the last read and the newest run, which may have failed, are long enough ago."""
    every = timedelta(minutes=connection.customer_minutes)
    newest: datetime | None = getattr(connection, _NEWEST_RUN)
    return all(each is None or each + every <= now for each in (connection.store.customers_read_at, newest))


def _start(connection: Connection) -> CustomerRun:
    return customer_run.start(connection, None, CustomerRun.What.PULL, scheduled=True)
