"""The figures of `/metrics`, of the whole installation. docs/monitoring.md explains each.

A bounded number of statements, each over a small table or a partial index, whatever the number of documents. What has
no small index is a tally, which is added up bit by bit. No label names an organisation, a store, a division or a
person: the number of series does not grow with them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Case, Count, F, FloatField, Max, Min, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Least
from django.utils.translation import gettext as _

from connector.clients.transport import Upstream
from connector.domain.choices import Mode, ScheduleKind
from connector.domain.document.states import BlockedReason, State
from connector.flow.clock import database_now
from connector.flow.lane import due
from connector.flow.monitor import tallies
from connector.flow.monitor.tallies import Numbers, by_label
from connector.models import (
    Alert,
    Connection,
    Delivery,
    Division,
    ExactGrant,
    OrderSync,
    RefusedDeliveries,
    Store,
    Worker,
)
from connector.models.credentials import Health

ALL_REFUSALS = ("400", "401", "405", "413", "415", "503")
AN_HOUR = timedelta(hours=1)
SIDES = ("division", "store")


class Kind(StrEnum):
    """Whether a figure goes up and down, or only up."""

    GAUGE = "gauge"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its samples, by the value of `label`; without a label there is one sample, or none.

    `label` may name several, with commas between. So have the values of the samples.
    """

    name: str
    help: str
    kind: Kind
    samples: Mapping[str, float]
    label: str = ""


def figures() -> Iterator[Figure]:
    """Yield every figure, read now; counters are up to a minute and a half behind."""
    now = database_now()
    counted = tallies.add_up()
    yield from _documents(counted)
    yield from _deliveries(counted, now)
    yield _calls(counted)
    yield from _lanes(now)
    yield from _budgets(now)
    yield from _sides(now)
    yield from _alerts()
    yield from _workers(now)


def _gauge(name: str, help_: str, samples: Mapping[str, float], label: str) -> Figure:
    return Figure(f"connector_{name}", help_, Kind.GAUGE, samples, label)


def _single(name: str, help_: str, value: float | None) -> Figure:
    return Figure(f"connector_{name}", help_, Kind.GAUGE, {} if value is None else {"": value})


def _counter(name: str, help_: str, samples: Mapping[str, float], label: str) -> Figure:
    return Figure(f"connector_{name}", help_, Kind.COUNTER, samples, label)


def _documents(counted: Numbers) -> Iterator[Figure]:
    """The documents by state. Each state but the last two has few rows, and an index of them that tells all."""
    rows = OrderSync.objects.order_by()
    by_state = dict.fromkeys(map(str, State), 0) | by_label(counted, "ended")
    by_reason = dict.fromkeys(map(str, BlockedReason), 0)
    for state, number in [
        *rows.filter(next_attempt_at__isnull=False).values_list("state").annotate(n=Count("*")),
        *rows.filter(state__in=due.IN_WORK).values_list("state").annotate(n=Count("*")),
    ]:
        by_state[state] = number
    held = rows.filter(state__in=[State.BLOCKED, State.AWAITING_APPROVAL]).values_list("state", "reason")
    for state, reason, number in held.annotate(n=Count("*")):
        by_state[state] += number
        if state == State.BLOCKED:
            by_reason[reason] = number
    help_ = _("Documents in the ledger by state; posted and skipped are added up as they come.")
    yield _gauge("documents", help_, by_state, "state")
    yield _gauge("documents_held", _("Documents that are held for a person, by reason."), by_reason, "reason")
    moves = by_label(counted, "moves", map(str, State))
    yield _counter("document_moves", _("Moves of documents by the state that they came to."), moves, "to")


def _deliveries(counted: Numbers, now: datetime) -> Iterator[Figure]:
    taken = by_label(counted, "deliveries", map(str, Delivery.Proof))
    yield _counter("deliveries", _("Deliveries that were taken into the inbox, by what proved them."), taken, "proof")
    unread = Delivery.objects.filter(processed_at=None).aggregate(number=Count("pk"), oldest=Min("received_at"))
    yield _single("deliveries_unread", _("Deliveries that no worker has read yet."), unread["number"])
    yield _single(
        "deliveries_unread_seconds", _("Age of the oldest of them; 0 when there are none."), _age(unread["oldest"], now)
    )
    began = now.replace(minute=0, second=0, microsecond=0) - AN_HOUR
    rows = RefusedDeliveries.objects.filter(hour__gte=began).order_by().values_list("status")
    refused = dict.fromkeys(ALL_REFUSALS, 0) | {str(status): n for status, n in rows.annotate(Sum("count"))}
    yield _gauge(
        "webhooks_refused", _("Webhook requests refused in this hour and the one before, by status."), refused, "status"
    )
    hours = by_label(counted, "accepted")
    accepted = sum(hours.get(tallies.hour_of(moment), 0) for moment in (began, now))
    every = accepted + sum(refused.values())
    yield _single(
        "webhook_success_ratio",
        _("Share of the webhook requests of this hour and the one before that were accepted; 1 when there were none."),
        accepted / every if every else 1.0,
    )


def _calls(counted: Numbers) -> Figure:
    labels = [f"{upstream},{outcome}" for upstream in Upstream for outcome in tallies.Outcome]
    return Figure(
        "connector_upstream_calls",
        _("Calls to a vendor: answered well, refused, over its limit, or failed."),
        Kind.COUNTER,
        by_label(counted, "calls", labels),
        "upstream,outcome",
    )


def _lanes(now: datetime) -> Iterator[Figure]:
    lanes = Division.objects.aggregate(
        all=Count("pk"),
        working=Count("pk", filter=Q(lease_until__gt=now)),
        called=Count("pk", filter=Q(woken_at__isnull=False)),
        closed=Count("pk", filter=Q(closed_until__gt=now)),
    )
    yield _gauge("lanes", _("Divisions: all, with a worker, waiting in the queue, closed by a limit."), lanes, "what")
    yield _single(
        "lane_lag_seconds",
        _("How long the document that is overdue the longest has been due, where nothing keeps it but its turn."),
        _age(_oldest_due(now), now),
    )


def _oldest_due(now: datetime) -> datetime | None:
    """When the first document fell due of those that a worker may take at once: one look-up for each connection.

    Live orders only: bulk re-posts wait for them.
    """
    rows = OrderSync.objects.filter(connection=OuterRef("pk"), low_priority=False, next_attempt_at__lte=now)
    first = rows.order_by("next_attempt_at", "id")
    open_ = [Q(**{f"{side}__closed_until": None}) | Q(**{f"{side}__closed_until__lte": now}) for side in SIDES]
    connections = Connection.objects.exclude(mode=Mode.OFF).filter(
        *open_, schedule=ScheduleKind.IMMEDIATE, store__state=Health.ACTIVE, division__grant__state=Health.ACTIVE
    )
    found = connections.annotate(first=Subquery(first.values("next_attempt_at")[:1])).aggregate(oldest=Min("first"))
    oldest: datetime | None = found["oldest"]
    return oldest


def _budgets(now: datetime) -> Iterator[Figure]:
    lowest = Division.objects.aggregate(exact_minute=_left("minute", now), exact_day=_left("day", now))
    lowest |= Store.objects.aggregate(bigcommerce=_left("", now, ends="calls_end_at"))
    yield _gauge(
        "budget_left_ratio",
        _("The lowest share of calls that is left to a division in its minute and its day, or to a store."),
        {name: 1.0 if left is None else left for name, left in lowest.items()},
        "window",
    )


def _left(window: str, now: datetime, ends: str = "") -> Min:
    """The lowest share of a window that has not ended. A full share is what a window begins with."""
    prefix = f"{window}_" if window else ""
    left, limit = Cast(F(f"{prefix}calls_left"), FloatField()), F(f"{prefix}calls_limit")
    running = Q(**{f"{ends or f'{prefix}ends_at'}__gt": now, f"{prefix}calls_limit__gt": 0})
    share = Case(When(running, then=left / limit), default=Value(1.0), output_field=FloatField())
    return Min(Least(share, Value(1.0)))


def _sides(now: datetime) -> Iterator[Figure]:
    helps = {"stores": _("The stores by whether they work."), "consents": _("The consents by whether they work.")}
    for name, model in (("stores", Store), ("consents", ExactGrant)):
        rows = model._default_manager.order_by().values_list("state").annotate(Count("pk"))
        states = dict.fromkeys(map(str, Health), 0) | dict(rows)
        yield _gauge(name, helps[name], states, "state")
    ends = ExactGrant.objects.filter(state=Health.ACTIVE).aggregate(first=Min("refresh_expires_at"))["first"]
    yield _single(
        "token_runway_seconds",
        _("Until the first of the consents in use ends, unless its token is refreshed before."),
        (ends - now).total_seconds() if ends else None,
    )


def _workers(now: datetime) -> Iterator[Figure]:
    is_silent = Q(seen_at__lte=now - Worker.patience())
    found = Worker.objects.aggregate(
        last=Max("seen_at"), seen=Count("pk", filter=~is_silent), silent=Count("pk", filter=is_silent)
    )
    yield _single(
        "worker_silent_seconds", _("For how long no worker was seen; 0 while none has a row."), _age(found["last"], now)
    )
    yield _gauge(
        "workers",
        _("Workers that did not stop in order: seen within three sweeps, or silent for longer."),
        {"seen": found["seen"], "silent": found["silent"]},
        "state",
    )


def _alerts() -> Iterator[Figure]:
    found = Alert.objects.filter(closed_at=None).aggregate(
        open=Count("pk"), unmailed=Count("pk", filter=Q(mailed_at=None) & ~Q(tenant__alert_emails=[]))
    )
    yield _single("alerts_open", _("Alerts that wait for a person."), found["open"])
    yield _single("alerts_unmailed", _("Open alerts whose mail has not left yet."), found["unmailed"])


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
