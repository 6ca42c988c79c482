"""The duty for each division, beside its orders: have Exact report changed accounts.

It is due once a day, and at once when it was in order before and something else is wanted now. After a refusal it is
due the next day: Exact blocks an app after ten errors in an hour, and one a day is no harm. The worker that moves the
division's column does it, so two workers never both do it.
"""

import threading
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from connector.clients import errors
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import subscription
from connector.flow.isolate import isolate
from connector.models import Alert, Division
from connector.models.credentials import Health
from connector.problems.alerts import AlertCode, alert_text
from connector.problems.calls import kept, kept_fault

log = structlog.get_logger(__name__)

DAY = timedelta(days=1)
# A call that Exact did not count as an error is tried again after this time.
RETRY_AFTER = timedelta(minutes=10)
TEMPORARY = (errors.RateLimited, errors.Unavailable, errors.NotSent, errors.OutcomeUnknown)
_DUTY = "subscription"


def look_after(stopping: threading.Event) -> int:
    """Do the duty of each division where it is due, until `stopping` is set; returns how many succeeded."""
    if not subscription.possible():
        return 0
    done = 0
    for pk in list(due(database_now()).values_list("pk", flat=True)):
        if stopping.is_set():
            break
        act, show = partial(perform, pk), partial(_show, pk)
        done += bool(isolate(act, "division_not_looked_after", show=show, division=pk))
    return done


def due(now: datetime) -> QuerySet[Division]:
    """Return the divisions whose subscription is to be looked at."""
    cause = Concat(Value("division:"), Cast(OuterRef("pk"), CharField()), Value(f":{_DUTY}"))
    failed = Exists(Alert.objects.filter(tenant=OuterRef("grant__tenant"), cause=cause, closed_at=None))
    late = Q(webhook_checked_at=None) | Q(webhook_checked_at__lte=now - DAY)
    found = Division.objects.annotate(wanted=_flag(subscription.is_wanted()), made=_flag(~Q(webhook_id="")))
    changed = ~Q(wanted=F("made")) & ~Q(failed)
    in_use = found.filter(Q(wanted=True) | Q(made=True), late | changed)
    return in_use.filter(grant__state=Health.ACTIVE, grant__tenant__suspended=False).order_by("pk")


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False))


def perform(pk: int) -> bool:
    """Do the duty for one division unless another worker has begun it; returns whether it succeeded."""
    now = database_now()
    if not due(now).filter(pk=pk).update(webhook_checked_at=now):
        return False
    division = Division.objects.select_related("grant__tenant").get(pk=pk)
    try:
        subscription.look_after(division)
    except TEMPORARY as error:
        log.warning("division_not_looked_after", division=division.code, error=type(error).__name__)
        Division.objects.filter(pk=pk).update(webhook_checked_at=now - DAY + RETRY_AFTER)
        return False
    except errors.ClientError as error:
        log.warning("division_not_looked_after", division=division.code, error=type(error).__name__)
        _raise(division, kept(error))
        return False
    alerts.close_alert(division.grant.tenant, _cause(division))
    return True


def _show(pk: int, error: Exception) -> None:
    """Open the alert of a fault that is not Exact's."""
    _raise(Division.objects.select_related("grant__tenant").get(pk=pk), kept_fault(error))


def _raise(division: Division, params: dict[str, object]) -> None:
    said = alert_text(AlertCode.ACCOUNTS_NOT_REPORTED, division=division, **params)
    page = reverse("admin:connector_division_change", args=[division.pk])
    alerts.raise_alert(division.grant.tenant, _cause(division), said, page=page)


def _cause(division: Division) -> str:
    return f"{alerts.about(division)}:{_DUTY}"
