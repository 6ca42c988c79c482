"""What a document waits for when it is not held: one explanation for each obstacle."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.domain.timing.schedule import Schedule, next_release
from connector.flow.lane.due import released_until
from connector.models import Connection, OrderSync
from connector.models.credentials import Health
from connector.problems.catalogue import explain
from connector.problems.explanation import Explanation, Person

E = Explanation
_NOT_BEGUN = {State.PENDING, State.WAITING, State.UNCERTAIN}


def _nobody() -> str:
    return _("Nobody has to do anything. It goes on by itself.")


def waits(document: OrderSync, now: datetime) -> list[Explanation]:
    """Return everything that a document waits for at a moment (UTC); [] when it waits for nothing.

    What a person must do comes first. The connection comes with store, tenant, division and grant. Times are in the
    active time zone.
    """
    match State(document.state):
        case State.PREPARING | State.POSTING:
            return [E(_("The connector is working on it right now."), _nobody(), "ledger", Person.NOBODY)]
        case State.AWAITING_APPROVAL:
            return [_approval(document.connection)]
        case state if state in _NOT_BEGUN:
            found = [*_sides(document.connection), *_limits(document.connection, now)]
            if state == State.UNCERTAIN:
                return [*found, _uncertain(document)]
            return [*found, *_schedule(document, now)] or [_time_or_turn(document, now)]
    return []


def _sides(connection: Connection) -> Iterator[Explanation]:
    """Explain a vendor that is not connected, and a connection that is switched off."""
    grant, store = connection.division.grant, connection.store
    if grant.state == Health.RECONNECT:
        ended = grant.consented_at or grant.refresh_expires_at
        yield E(
            (
                _("The consent %(name)s has ended, so Exact no longer lets the connector in.")
                if ended
                else _("Nobody has given the consent %(name)s at Exact yet.")
            )
            % {"name": grant.name},
            _("An owner presses Connect to Exact on the consent's page. The orders then go on by themselves."),
            "grant",
        )
    if store.state == Health.RECONNECT:
        yield E(
            _("BigCommerce refuses the API account of %(store)s.") % {"store": store.name},
            _("An owner enters a valid API account on the store's page. The orders then go on by themselves."),
            "store",
        )
    if connection.division.recovering:
        yield E(
            _("A backup was restored, and what may be in Exact already was not looked up to the end."),
            _("The person who runs the machine runs manage.py recover. The orders then go on by themselves."),
            "ledger",
        )
    if connection.mode == Mode.OFF:
        yield _switched_off(connection)


def _switched_off(connection: Connection) -> Explanation:
    if connection.paused_mode:
        return E(
            _("The connection is paused. What the store reports is kept, and nothing is posted."),
            _("An accountant or owner presses Resume on the connection's page."),
            "connection",
        )
    return E(
        _("The connection is switched off. What the store reports is kept, and nothing is posted."),
        _("An owner chooses another mode on the connection's page."),
        "connection",
    )


def _limits(connection: Connection, now: datetime) -> Iterator[Explanation]:
    """Explain a vendor whose calls are used up."""
    sides = {
        _("Exact for division %(code)s") % {"code": connection.division.code}: connection.division.closed_until,
        _("BigCommerce for %(store)s") % {"store": connection.store.name}: connection.store.closed_until,
    }
    for side, until in sides.items():
        if until and until > now:
            text = _("The calls allowed by %(side)s are used up until %(time)s.")
            yield E(text % {"side": side, "time": clock(until)}, _nobody(), "ledger", Person.NOBODY)


def _schedule(document: OrderSync, now: datetime) -> Iterator[Explanation]:
    """Explain a document that the schedule or a person must release."""
    connection, due = document.connection, document.next_attempt_at
    released = released_until(connection, now)
    if connection.mode == Mode.OFF or due is None or due > now or (released and due <= released):
        return
    following = next_release(Schedule.parse(connection.schedule), now, ZoneInfo(connection.store.tenant.timezone))
    if following is None:
        yield E(
            _("The connection's schedule is manual: it posts when somebody presses Run now."),
            _("An operator presses Run now on the connection's page."),
            "connection",
        )
    else:
        yield E(
            _("The connection's schedule (%(schedule)s) releases the next orders at %(time)s.")
            % {"schedule": connection.schedule, "time": clock(following)},
            _("Nobody has to do anything. Press Run now on the connection's page to post them earlier."),
            "connection",
            Person.NOBODY,
        )


def _uncertain(document: OrderSync) -> Explanation:
    text = _(
        "It was sent, and Exact's answer was unclear. The connector searches Exact for it at %(time)s before it sends "
        "anything again."
    ) % {"time": clock(document.next_attempt_at)}
    if document.not_found_count:
        text = " ".join((text, _("It was not in Exact at the first search.")))
    return E(
        text,
        _("Nobody has to do anything. Do not make the invoice by hand meanwhile."),
        "ledger",
        Person.NOBODY,
    )


def _time_or_turn(document: OrderSync, now: datetime) -> Explanation:
    """Explain a document without an obstacle: it waits for its time, or for its turn in the lane."""
    due = document.next_attempt_at
    if due and due > now and document.message:
        found = explain(document.code, document.params)
        next_attempt = _("The next attempt is at %(time)s.") % {"time": clock(due)}
        return replace(found, what_happened=f"{found.what_happened} {next_attempt}")
    if due and due > now:
        return E(_("It waits until %(time)s.") % {"time": clock(due)}, _nobody(), "ledger", Person.NOBODY)
    return E(_("It is due. Its turn comes when the orders before it are done."), _nobody(), "ledger", Person.NOBODY)


def _approval(connection: Connection) -> Explanation:
    if connection.mode == Mode.SHADOW:
        return E(
            _("The draft waits for approval, and the connection is in shadow mode, which posts nothing."),
            _("An owner sets the connection to approval or live first."),
            "connection",
        )
    return E(
        _("The draft waits for a person's approval. It is then posted exactly as it is shown."),
        _("An accountant or owner presses Approve here, or Skip when no invoice is due."),
        "approval",
    )


def clock(moment: datetime | None) -> str:
    """Write a moment in the active time zone: `Tue 24 Nov, 14:05`."""
    return date_format(localtime(moment), "D d M, H:i") if moment else _("a time that is not known")
