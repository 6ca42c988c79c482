"""What a document waits for that stands still without being held: one explanation for each thing in its way."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime

from connector.domain.choices import Mode
from connector.domain.document.explain import Explanation, explain
from connector.domain.document.states import State
from connector.domain.timing.schedule import Schedule, next_release
from connector.flow.lane.due import released_until
from connector.models import Connection, OrderSync
from connector.models.credentials import Health

E = Explanation
_NOBODY = "Nobody has to do anything; it goes on by itself."
_OBSTRUCTED = {State.PENDING, State.WAITING, State.UNCERTAIN}
_IN_HAND = E("The connector is working on it right now.", _NOBODY, "ledger")


def waits(document: OrderSync, now: datetime) -> list[Explanation]:
    """Return everything that a document waits for at a moment (UTC), what a person must do first; [] when at rest.

    Its connection comes with store, tenant, division and grant. Times are told in the active time zone.
    """
    match State(document.state):
        case State.PREPARING | State.POSTING:
            return [_IN_HAND]
        case State.AWAITING_APPROVAL:
            return [_approval(document.connection)]
        case state if state in _OBSTRUCTED:
            found = [*_sides(document.connection), *_limits(document.connection, now)]
            if state == State.UNCERTAIN:
                return [*found, _uncertain(document)]
            return [*found, *_schedule(document, now)] or [_turn(document, now)]
    return []


def _sides(connection: Connection) -> Iterator[Explanation]:
    """Both sides must be connected, and the connection switched on."""
    grant, store = connection.division.grant, connection.store
    if grant.state == Health.RECONNECT:
        ended = grant.consented_at or grant.refresh_expires_at
        yield E(
            f"The consent {grant.name} has ended, so Exact lets the connector in no more."
            if ended
            else f"Nobody has agreed at Exact to the consent {grant.name} yet.",
            "An owner presses Connect to Exact on the consent's page; the orders then go on by themselves.",
            "grant",
        )
    if store.state == Health.RECONNECT:
        yield E(
            f"BigCommerce refuses the API account of {store.name}.",
            "An owner enters a valid API account on the store's page; the orders then go on by themselves.",
            "store",
        )
    if connection.mode == Mode.OFF:
        yield _switched_off(connection)


def _switched_off(connection: Connection) -> Explanation:
    if connection.paused_mode:
        return E(
            "The connection is paused: what the store reports is kept, and nothing is posted.",
            "An accountant or owner presses Resume on the connection's page.",
            "connection",
        )
    return E(
        "The connection is switched off: what the store reports is kept, and nothing is posted.",
        "An owner chooses another mode on the connection's page.",
        "connection",
    )


def _limits(connection: Connection, now: datetime) -> Iterator[Explanation]:
    """The vendors allow so many calls; beyond them a side is closed for a while."""
    sides = {
        f"Exact for division {connection.division.code}": connection.division.closed_until,
        f"BigCommerce for {connection.store.name}": connection.store.closed_until,
    }
    for side, until in sides.items():
        if until and until > now:
            yield E(f"The calls allowed by {side} are used up until {clock(until)}.", _NOBODY, "ledger")


def _schedule(document: OrderSync, now: datetime) -> Iterator[Explanation]:
    """What is due is released by the schedule, or by a person."""
    connection, due = document.connection, document.next_attempt_at
    released = released_until(connection, now)
    if connection.mode == Mode.OFF or due is None or due > now or (released and due <= released):
        return
    following = next_release(Schedule.parse(connection.schedule), now, ZoneInfo(connection.store.tenant.timezone))
    if following is None:
        yield E(
            "The connection's schedule is manual: it posts when somebody says so.",
            "An operator presses Run now on the connection's page.",
            "connection",
        )
    else:
        yield E(
            f"The connection's schedule ({connection.schedule}) releases the next orders at {clock(following)}.",
            "Nobody has to do anything; whoever cannot wait presses Run now on the connection's page.",
            "connection",
        )


def _uncertain(document: OrderSync) -> Explanation:
    looked = " It was not there when the connector looked first." if document.not_found_count else ""
    return E(
        "It was sent, and Exact's answer was unclear. Before anything is sent again, Exact is searched for it "
        f"at {clock(document.next_attempt_at)}.{looked}",
        "Nobody has to do anything. Do not make the invoice by hand meanwhile.",
        "ledger",
    )


def _turn(document: OrderSync, now: datetime) -> Explanation:
    """Nothing is in the way: it has its time, and then its turn in the lane."""
    due = document.next_attempt_at
    if due and due > now and document.message:
        told = explain("", document.message)
        return E(f"{told.what_happened} The next attempt is at {clock(due)}.", told.who, told.where)
    if due and due > now:
        return E(f"It waits until {clock(due)}.", _NOBODY, "ledger")
    return E("It is due: its turn comes when the orders before it are done.", _NOBODY, "ledger")


def _approval(connection: Connection) -> Explanation:
    if connection.mode == Mode.SHADOW:
        return E(
            "The draft waits for approval, and the connection is in shadow mode, which posts nothing.",
            "An owner sets the connection to approval or live first.",
            "connection",
        )
    return E(
        "The draft waits for a person's approval; then it is posted exactly as it is shown.",
        "An accountant or owner presses Approve here, or Skip when no invoice is due.",
        "approval",
    )


def clock(moment: datetime | None) -> str:
    """Write a moment in the active time zone: `Tue 24 Nov, 14:05`."""
    return f"{localtime(moment):%a %d %b, %H:%M}" if moment else "a time that is not known"
