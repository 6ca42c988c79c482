"""A comparison that a person asks for on a page. A worker does it, and another goes on when that one dies."""

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.domain.timing.days import Days
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.isolate import isolate
from connector.flow.lane import wakeup
from connector.flow.reconcile import run as runs
from connector.models import Connection, ReconciliationRun
from tenants.models import User

State = ReconciliationRun.State


@transaction.atomic
def ask(connection: Connection, days: Days, actor: User | None) -> ReconciliationRun:
    """Have a worker compare a period, or go on with the run of it that was interrupted."""
    run = runs.begin(connection, days, actor)
    ReconciliationRun.objects.filter(pk=run.pk).update(by_worker=True, state=State.RUNNING, problem="")
    wakeup.wake_comparison(run.pk)
    return run


def go_on(run_id: int) -> None:
    """Do the comparison. Does nothing when another worker has it, and for an organisation that is suspended."""
    run = _going_on().select_related("connection__store__tenant", "connection__division__grant", "actor")
    found = run.filter(pk=run_id).first()
    if found is not None:
        isolate(partial(_compare, found), "comparison_failed", show=partial(_fault, found), run=run_id)


def wake_due() -> int:
    """Wake every run that a person asked for and that no worker has. Returns how many."""
    lost = list(_going_on().filter(leases.free(ReconciliationRun, database_now())).values_list("pk", flat=True))
    for pk in lost:
        wakeup.wake_comparison(pk)
    return len(lost)


def _going_on() -> QuerySet[ReconciliationRun]:
    return ReconciliationRun.objects.filter(by_worker=True, state=State.RUNNING, tenant__suspended=False)


def _compare(run: ReconciliationRun) -> None:
    """Compare. Why it stands still or was given up stands in the run, and on the page."""
    try:
        runs.reconcile(run.connection, Days(run.first, run.last, run.zone), actor=run.actor, low_priority=True)
    except (runs.NotPossible, ClientError):
        return


def _fault(run: ReconciliationRun, error: Exception) -> None:
    text = _("The connector failed (%(error)s). The log of the worker has more. Compare again.")
    ReconciliationRun.objects.filter(pk=run.pk).update(
        state=State.STOPPED, problem=text % {"error": type(error).__name__}, updated_at=database_now()
    )
