"""The months of a connection, the newest first, some on a page: each with its comparison and who closed it."""

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, Min, OuterRef

from connector.domain.timing.days import EARLIEST
from connector.domain.timing.periods import Span, month_of
from connector.flow.actions import months
from connector.flow.reconcile.unsettled import unsettled
from connector.models import Connection, OrderSync, ReconciliationRun

ON_A_PAGE = 24
_COLUMNS = ("first", "last", "zone", "complete", "created_at", "finished_at")
YEAR = 12


def page_of(connection: Connection, today: date, number: str | None) -> tuple[Page[int], list[dict[str, Any]]]:
    """Return a page of the months from the first with an order, or the start date, until today. Makes four queries."""
    first = _first(connection)
    count = max(0, (today.year - first.year) * YEAR + today.month - first.month + 1)
    page = Paginator(range(count), ON_A_PAGE).get_page(number)
    spans = [month_of(_before(today, months_ago)) for months_ago in page]
    return page, _shown(connection, spans)


def _first(connection: Connection) -> date:
    """The first month of which there may be something: a backfill may be of before the connection's first day."""
    oldest = OrderSync.objects.filter(connection=connection).aggregate(day=Min("ordered_on"))["day"]
    return max(min(oldest or connection.start_date, connection.start_date), EARLIEST)


def _before(day: date, months_ago: int) -> date:
    year, month = divmod(day.year * YEAR + day.month - 1 - months_ago, YEAR)
    return date(year, month + 1, 1)


def _shown(connection: Connection, spans: list[Span]) -> list[dict[str, Any]]:
    closed = {row.month: row for row in connection.month_closings.filter(opened_at=None).select_related("closed_by")}
    runs = _runs(connection, spans)
    open_ones = list(unsettled(connection.pk).values_list("day", "run__first", "run__last").distinct())

    def differs(span: Span) -> bool:
        days = ((day or first, day or last) for day, first, last in open_ones)
        return any(first <= span.end and last >= span.start for first, last in days)

    def line(span: Span) -> dict[str, Any]:
        own = runs.get((span.start, span.end))
        complete = own is not None and own.complete and months.is_whole(own) and not differs(span)
        return {"month": span.start, "run": own, "complete": complete, "closed": closed.get(span.start)}

    return [line(span) for span in spans]


def _runs(connection: Connection, spans: list[Span]) -> dict[tuple[date, date], ReconciliationRun]:
    """The newest finished comparison of each whole month, with one query."""
    finished = ReconciliationRun.objects.filter(connection=connection.pk, state=ReconciliationRun.State.FINISHED)
    newer = finished.filter(first=OuterRef("first"), last=OuterRef("last"), id__gt=OuterRef("id"))
    of_months = finished.filter(first__in=[span.start for span in spans], last__in=[span.end for span in spans])
    return {(run.first, run.last): run for run in of_months.filter(~Exists(newer)).only(*_COLUMNS)}
