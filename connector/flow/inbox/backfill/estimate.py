"""How many orders, calls and days a backfill takes, before it begins; and how far it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Q

from connector.clients.bigcommerce.period import PAGE as ORDERS_A_CALL
from connector.clients.bigcommerce.period import count_at_most
from connector.domain.choices import POSTING_MODES, DocumentForm
from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.flow.inbox.backfill.days import moments_of
from connector.flow.outbound import rate_limits
from connector.flow.outbound.clients import store_client
from connector.models import BackfillOrder, BackfillRun, Connection

DOCUMENTS_A_CALL: Final = 60
# Waiting for a next attempt or in work: neither posted nor for a person.
_ON_THEIR_WAY: Final = [State.PENDING, State.WAITING, State.PREPARING, State.POSTING, State.UNCERTAIN]
_RATE_OF = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Estimate:
    """At most so many orders; about so many calls to each side; so many days of Exact's limit, 0 when nothing is sent.

    `a_day` is how many calls of a day are left to a backfill by live orders.
    """

    orders: int
    store_calls: int
    exact_calls: int
    a_day: int
    days: int


def estimate(connection: Connection, since: date, until: date) -> Estimate:
    """Ask the store how many orders there are, with two calls. Raises the store client's errors."""
    orders = count_at_most(store_client(connection.store), *moments_of(connection.store, since, until))
    return of_orders(connection, orders)


def of_orders(connection: Connection, orders: int) -> Estimate:
    """Return what so many orders take. As many documents of Exact are assumed, of each kind."""
    exact = 2 * _up(orders, DOCUMENTS_A_CALL) + orders * _exact_calls_each(connection)
    now, division = database_now(), connection.division
    limit = rate_limits.day_of(division, now).limit
    a_day = max(int(limit * (1 - rate_limits.LIVE_SHARE)), 1)
    left = rate_limits.calls_for_low_priority(division, now)
    days = 0 if exact == 0 else 1 + _up(max(exact - left, 0), a_day)
    return Estimate(orders, orders + _up(orders, ORDERS_A_CALL), exact, a_day, days)


def _exact_calls_each(connection: Connection) -> int:
    """Calls to Exact of an order whose customer is known: two to look for it, the create, the print."""
    if connection.mode not in POSTING_MODES:
        return 0
    prints = connection.finalize and connection.document != DocumentForm.SALES_ENTRY
    return 4 if prints else 3


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `posted`, `held` and `left` are the queued orders whose documents are posted, for a person, or
    on their way; `a_minute` is how many were posted a minute lately, `minutes` what the rest takes at that rate.
    """

    read: int
    handled: int
    posted: int
    held: int
    left: int
    a_minute: float
    minutes: int | None


def progress(run: BackfillRun) -> Progress:
    """Return how far a run is, with one statement."""
    lately = database_now() - _RATE_OF
    queued = Q(outcome=BackfillOrder.Outcome.QUEUED)
    found = run.rows.aggregate(
        handled=Count("pk", filter=Q(done=True)),
        posted=Count("pk", filter=queued & Q(document__state=State.POSTED)),
        held=Count("pk", filter=queued & Q(document__state__in=[State.BLOCKED, State.AWAITING_APPROVAL])),
        left=Count("pk", filter=queued & Q(document__state__in=_ON_THEIR_WAY)),
        lately=Count("pk", filter=queued & Q(document__posted_at__gte=lately)),
    )
    rate = found.pop("lately") / (_RATE_OF / timedelta(minutes=1))
    minutes = round(found["left"] / rate) if rate else None
    return Progress(read=run.orders, a_minute=rate, minutes=minutes, **found)


def _up(number: int, by: int) -> int:
    return -(-number // by)
