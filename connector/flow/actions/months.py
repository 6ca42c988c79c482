"""A person closes a month of a connection, and opens it again. Nothing is booked in a closed month."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from connector.domain.document.codes import Code
from connector.domain.timing.days import EARLIEST, Days
from connector.domain.timing.periods import month_of
from connector.flow import alerts
from connector.flow.actions.transaction import NotPossible, action_data, by_hand, require_reason
from connector.flow.clock import database_now
from connector.flow.ledger import chain, transitions
from connector.flow.reconcile.unsettled import of_days, unsettled
from connector.flow.records.fixed import hash_of
from connector.models import ClosedMonth, Connection, Discrepancy, OrderSync, ReconciliationRun, SyncEvent
from connector.models.kept_words import Said, english
from tenants.models import User


def latest_run(connection: Connection, month: date) -> ReconciliationRun | None:
    """Return the newest finished run of the whole month; None when it was never compared."""
    span = month_of(month)
    runs = ReconciliationRun.objects.filter(connection=connection, first=span.start, last=span.end)
    return runs.filter(state=ReconciliationRun.State.FINISHED).select_related("connection").order_by("-id").first()


def open_in(connection: Connection, month: date) -> QuerySet[Discrepancy]:
    """Return the open differences of a month's orders, refunds and documents, whichever run found them."""
    span = month_of(month)
    return unsettled(connection.pk).filter(of_days(span.start, span.end))


def is_whole(run: ReconciliationRun) -> bool:
    """Whether a run compared a whole month, and began when it was over."""
    month = Days.month(run.first, run.zone)
    return (run.first, run.last) == (month.first, month.last) and run.created_at >= month.until


def is_complete(run: ReconciliationRun | None) -> bool:
    """Whether a month is complete by its own run: that found nothing, and no difference of the month is open."""
    if run is None or not run.complete or not is_whole(run):
        return False
    return not open_in(run.connection, run.first).exists()


def shown_run(connection: Connection, month: date) -> ReconciliationRun | None:
    """Return the newest finished run of the month's first days; None when there is none."""
    span = month_of(month)
    runs = ReconciliationRun.objects.filter(connection=connection, first=span.start, last__lte=span.end)
    finished = runs.filter(state=ReconciliationRun.State.FINISHED).select_related("rules", "actor", "division__grant")
    return finished.order_by("-last", "-id").first()


def close(connection: Connection, month: date, actor: User | None, reason: str = "") -> ClosedMonth:
    """Close the month of a day. A month that is not complete needs a reason. Raises NotPossible."""
    first, now = month.replace(day=1), database_now()
    if month_of(first).end >= now.astimezone(ZoneInfo(connection.store.timezone)).date():
        raise NotPossible(_("This month is not over yet. Close it when it is."))
    _require_begun(connection, first)
    run = latest_run(connection, first)
    if not is_complete(run):
        require_reason(reason)
    newest = OrderSync.objects.filter(connection=connection).aggregate(last=Max("pk"))["last"]
    try:
        with transaction.atomic():
            _record(
                connection,
                first,
                english("Month %(month)s closed: %(why)s"),
                {**action_data("close_month", reason.strip()), "run": _rests_on(run)},
                actor,
            )
            closed = ClosedMonth.objects.create(
                connection=connection,
                month=first,
                run=run,
                closed_at=now,
                closed_by=actor,
                reason=reason.strip(),
                last_document=newest or 0,
            )
            _repeat(connection)
    except IntegrityError:
        raise NotPossible(_("This month is closed already.")) from None
    return closed


def _rests_on(run: ReconciliationRun | None) -> dict[str, Any] | None:
    """What an entry of the chain says of the comparison that a closed month rests on."""
    if run is None:
        return None
    numbers = {name: run.figures.get(name, 0) for name in ("orders", "refunds", "documents")}
    return {"id": run.pk, "complete": run.complete, **numbers, "sha256": hash_of(run)}


def _require_begun(connection: Connection, first: date) -> None:
    """Raise NotPossible for a month before everything that the connection has. A backfill may be of before its first
    day."""
    end = month_of(first).end
    if end >= connection.start_date:
        return
    older = Q(draft__order_date__lte=end.isoformat()) | Q(exact_data__date__lte=end.isoformat())
    if first < EARLIEST or not OrderSync.objects.filter(older, connection=connection).exists():
        text = _(
            "The connection begins on %(start)s, and has nothing of %(month)s or before. There is nothing to close."
        )
        raise NotPossible(text % {"start": connection.start_date, "month": f"{first:%Y-%m}"})


def open_again(connection: Connection, month: date, actor: User | None, reason: str) -> None:
    """Open a closed month, and try again what was held for it. Raises NotPossible."""
    with by_hand(connection.division_id, reason):
        first = month.replace(day=1)
        _record(
            connection,
            first,
            english("Month %(month)s opened again: %(why)s"),
            action_data("open_month", reason.strip()),
            actor,
        )
        closed = ClosedMonth.objects.filter(connection=connection, month=first, opened_at=None)
        if not closed.update(opened_at=database_now(), opened_by=actor, opened_because=reason.strip()):
            raise NotPossible(_("This month is not closed."))
        _repeat(connection)
        transitions.release_blocked(connection, english("A month was opened again; trying again."))


def came_later(closed: ClosedMonth) -> QuerySet[OrderSync]:
    """Return the documents of orders of a closed month that came or were posted later, the newest last."""
    span = month_of(closed.month)
    of_the_month = Q(draft__order_date__gte=span.start.isoformat(), draft__order_date__lte=span.end.isoformat())
    held = Q(code=Code.MONTH_CLOSED, params__month=str(closed))
    later = Q(pk__gt=closed.last_document) | Q(posted_at__gt=closed.closed_at)
    rows = OrderSync.objects.filter(connection=closed.connection_id)
    return rows.filter((later & of_the_month) | held).order_by("pk")


def _repeat(connection: Connection) -> None:
    """Repeat the closed months in the connection's own row, from where each document reads them."""
    months = ClosedMonth.objects.filter(connection=connection, opened_at=None).order_by("month")
    connection.closed_months = [month.isoformat() for month in months.values_list("month", flat=True)]
    connection.save(update_fields=["closed_months"])


def _record(connection: Connection, first: date, text: Said, data: dict[str, Any], actor: User | None) -> None:
    """Add to the history, in the chain, who closed or opened a month and why. It comes before the rows change."""
    text %= {"month": f"{first:%Y-%m}", "why": data["reason"] or english("it is complete")}
    text = english("%(connection)s: %(text)s") % {"connection": connection, "text": text}
    entry = SyncEvent(
        tenant_id=connection.store.tenant_id,
        kind=SyncEvent.Kind.ACTION,
        actor=actor,
        text=text,
        data={**text.said(), **data, "month": first.isoformat(), "about": alerts.about(connection)},
        at=database_now(),
    )
    chain.add_alone(connection.pk, entry)
