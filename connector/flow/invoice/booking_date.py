"""The day on which a document is booked. A period that Exact refused counts as closed until the next pull.

A month that a person closed in the portal is closed until a person opens it again.
"""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from connector.domain.choices import ClosedPeriod, DocumentKind, InvoiceDate
from connector.domain.document.result import Problem
from connector.domain.document.states import Step
from connector.domain.invoice.draft import Draft
from connector.domain.timing.periods import Calendar, booking_day
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.order.chart import Codes
from connector.models import Connection, Division, MasterData, OrderSync

# The most periods that are tried for one document. Each refusal counts as an error at Exact.
MOST_TRIED = 3


@dataclass(frozen=True, slots=True)
class BookingDay:
    """When an invoice is booked. `printed` is the date to print it with; None leaves it to Exact.

    `moved`: its own day lies in a closed period, so it is booked on the first open day.
    """

    day: date
    printed: date | None
    moved: bool


def calendar_of(division: Division, codes: Codes | None = None) -> Calendar:
    """Return the division's periods as last pulled, and those that were refused since. Makes two queries.

    With the division's `codes` it makes none: the row was read for the present document.
    """
    if codes is not None:
        return codes.periods.with_closed(division.closed_periods)
    closed = Division.objects.values_list("closed_periods", flat=True).get(pk=division.pk)
    rows = division.master_data.filter(kind=MasterData.Kind.PERIOD).values_list("data", flat=True)
    return Calendar.of(list(rows), closed)


def day_for(document: OrderSync, draft: Draft, codes: Codes | None = None) -> BookingDay:
    """Return when the document is booked. Raises Hold when no period takes it. `codes` as in `calendar_of`.

    It is the day of the order or of posting, as the connection says. Exact dates an invoice that stays open, so that
    one is always booked today. So is a further invoice of an edited order.
    """
    connection = document.connection
    dated = not document.stays_open or document.is_entry
    by_order = dated and connection.invoice_date == InvoiceDate.ORDER
    wanted = _own_day(document, draft) if by_order else today_of(connection)
    found = book(connection, wanted, codes)
    return BookingDay(found, found if by_order else None, moved=found != wanted)


def _own_day(document: OrderSync, draft: Draft) -> date:
    """Return the day of the sale. What changed in a sale after its first invoice is of the day on which it is made."""
    is_further = document.kind == DocumentKind.INVOICE and document.sequence > 1
    return today_of(document.connection) if is_further else draft.order_date


def today_of(connection: Connection) -> date:
    """Return today's date in the store's time zone."""
    return database_now().astimezone(ZoneInfo(connection.store.timezone)).date()


def book(connection: Connection, wanted: date, codes: Codes | None = None) -> date:
    """Return the day to book on when it should be `wanted`. Raises Hold when no period takes it."""
    calendar = calendar_of(connection.division, codes).with_ended(connection.closed_months)
    first_open = connection.closed_period == ClosedPeriod.FIRST_OPEN
    found = booking_day(wanted, today_of(connection), calendar, first_open=first_open)
    if isinstance(found, Problem):
        raise Hold((found,))
    return found


def close(document: OrderSync) -> bool:
    """Mark the period that Exact refused as closed, so that no second call fails on it.

    Return whether the document can be booked on another day by itself. It can when the refused call contained the
    day: the printing of an invoice, or a sales entry. It cannot when `MOST_TRIED` periods were refused.
    """
    try:
        if (day := _day_sent(document)) is None:
            return False
        calendar = calendar_of(document.division)
        span = calendar.span_of(day)
        closed = Division.objects.values_list("closed_periods", flat=True).get(pk=document.division_id)
        Division.objects.filter(pk=document.division_id).update(closed_periods=[*closed, span.to_json()])
        named_the_day = document.step == Step.PRINT or document.is_entry
        return named_the_day and _tried(document, calendar, day) < MOST_TRIED and _day_sent(document) != day
    except Hold:
        return False


def closed_last(document: OrderSync) -> str:
    """Return the period that `close` marked for this document, as a problem names it; "" when it marked none."""
    try:
        day = _day_sent(document)
    except Hold as held:
        return str(held.problems[0].params.get("period", ""))
    return "" if day is None else str(calendar_of(document.division).span_of(day))


def _tried(document: OrderSync, calendar: Calendar, refused: date) -> int:
    """Count the closed periods from the order's day to the day that was refused now."""
    own = _own_day(document, Draft.from_json(document.draft)) if document.draft else refused
    return 1 + sum(own <= span.end < refused for span in calendar.closed)


def _day_sent(document: OrderSync) -> date | None:
    """Return the day with which the document is sent; None when it is not known. Raises Hold."""
    if document.draft is not None:
        return day_for(document, Draft.from_json(document.draft)).day
    receipt = (document.order_data or {}).get("receipt")
    return date.fromisoformat(receipt["day"]) if receipt else None


def reopen(division: Division) -> bool:
    """Let every period be tried again after a pull of the master data. Return whether any counted as closed."""
    return bool(Division.objects.filter(pk=division.pk).exclude(closed_periods=[]).update(closed_periods=[]))
