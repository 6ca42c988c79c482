"""What follows from a failure: one consequence per class of error, by what was being done."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from connector.clients import errors
from connector.domain.document.states import BlockedReason, State
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.invoice import booking_date
from connector.flow.lane import due
from connector.flow.ledger import transitions
from connector.flow.outbound.clients import LaneClients
from connector.flow.outbound.reconnect import mark_reconnect, refused_by_store
from connector.models import OrderSync

# With the backoff below some sixteen hours: a vendor's bad night blocks nothing.
MAX_ATTEMPTS = 24
MAX_DEATHS = 5
EXHAUSTED = f"The worker died {MAX_DEATHS} times with this order in hand. Look into its log, then re-post."
# A store may tell of an order before it can be read; after this many looks it is not there.
ATTEMPTS_TO_FIND = 4
WAIT_SECONDS = 600  # for another document of the order, which wakes it when it is posted
FIRST_BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 10, 3600
# Exact's texts for "no open period for this date", in Dutch and English.
NO_PERIOD = re.compile(r"boekjaar|fiscal year|financial year|periode|period\b", re.IGNORECASE)


def recover(division_id: int) -> None:
    """Free what a dead worker of this lane had in hand. Only the holder of the lane's lease may call this."""
    orphans = OrderSync.objects.filter(division=division_id, state__in=due.IN_WORK)
    if not orphans.exists():
        return
    for document in orphans.select_related("connection__store__tenant"):
        deaths = document.worker_deaths + 1
        if document.state == State.POSTING:
            text = "The worker stopped while a write may have been on its way; it is looked up."
            _to_uncertain(document, text, worker_deaths=deaths)
        elif deaths >= MAX_DEATHS:
            reason = BlockedReason.EXHAUSTED
            transitions.move(document, State.BLOCKED, EXHAUSTED, reason=reason, worker_deaths=deaths)
        else:
            text = "The worker stopped before anything was sent; the order goes to the back of its lane."
            transitions.move(document, State.WAITING, text, at=_after(deaths - 1), worker_deaths=deaths)


def raise_if_it_keeps_killing_workers(document: OrderSync) -> None:
    """Raise Hold for one that killed its worker too often while it was sent: by now it is known what became of that."""
    if document.worker_deaths >= MAX_DEATHS:
        raise Hold(BlockedReason.EXHAUSTED, EXHAUSTED)


def hold(document: OrderSync, cause: Hold) -> None:
    """A person must decide. What is at rest stays there, with the cause told."""
    if document.state in due.WITHOUT_NEXT_STEP:
        transitions.note(document, str(cause), recheck_at=None)
    else:
        transitions.move(document, State.BLOCKED, str(cause), reason=cause.reason)


def wait(document: OrderSync, why: str) -> None:
    """Another document of the order comes first; the attempt does not count."""
    at = database_now() + timedelta(seconds=WAIT_SECONDS)
    transitions.move(document, State.WAITING, why, at=at, attempts=max(document.attempts - 1, 0))


def apply(clients: LaneClients, document: OrderSync, error: Exception) -> None:
    """Give a failed document its next step."""
    if isinstance(error, errors.ClientError):
        text = str(error)
    else:
        text = f"Something went wrong inside the connector ({type(error).__name__}); see its log."
    if isinstance(error, errors.Unauthorized | errors.Reconnect):
        _disconnect(clients, document, text)
    if document.state in due.WITHOUT_NEXT_STEP:
        transitions.note(document, text, recheck_at=_after(document.attempts))
    elif document.state == State.UNCERTAIN:
        transitions.note(document, text, next_attempt_at=_as_long_again(document))
    else:
        _by_class(document, error, text)


def _by_class(document: OrderSync, error: Exception, text: str) -> None:
    match error:
        case errors.RateLimited() | errors.Unauthorized() | errors.Reconnect():
            # Not this document's fault: the attempt does not count, and the lane is closed until it can go on.
            transitions.move(document, State.WAITING, text, at=_opens(error), attempts=max(document.attempts - 1, 0))
        case errors.Rejected() if NO_PERIOD.search(str(error)):
            _no_period(document, text)
        case errors.Rejected():
            _refuse(document, text, BlockedReason.REJECTED)
        case errors.Forbidden():
            # A right is missing, nothing is wrong with the order: it goes on when somebody has given the right.
            _refuse(document, text, BlockedReason.INTERNAL)
        case _ if document.state == State.POSTING:
            _while_posting(document, error, text)
        case errors.NotFound() if document.attempts >= ATTEMPTS_TO_FIND:
            _refuse(document, text, BlockedReason.INTERNAL)
        case _:
            _back_off(document, text)


def _while_posting(document: OrderSync, error: Exception, text: str) -> None:
    match error:
        case errors.NotFound():
            _refuse(document, text, BlockedReason.REJECTED)
        case errors.ClientError() if not isinstance(error, errors.OutcomeUnknown):
            _back_off(document, text)
        case _:  # the write may have landed; so it may after a fault of ours
            _to_uncertain(document, text)


def _no_period(document: OrderSync, text: str) -> None:
    """The period counts as closed from here on; where the connection says so, the first open day is taken."""
    if booking_date.close(document):
        transitions.move(document, State.WAITING, f"{text} Its period counts as closed; taking the first open day.")
    else:
        text = f"{text} The period counts as closed until the master data is pulled again."
        _refuse(document, text, BlockedReason.PERIOD)


def _refuse(document: OrderSync, text: str, reason: BlockedReason) -> None:
    if document.exact_id:
        stands = "is booked in Exact" if document.is_entry else "is open in Exact, not printed"
        text = f"{document.heading} {stands}. {text}"
    transitions.move(document, State.BLOCKED, f"{text} Mend the cause, then re-post.", reason=reason)


def _back_off(document: OrderSync, text: str) -> None:
    if document.attempts >= MAX_ATTEMPTS:
        text = f"{text} Tried {document.attempts} times; re-post when the cause is mended."
        transitions.move(document, State.BLOCKED, text, reason=BlockedReason.INTERNAL)
    else:
        transitions.move(document, State.WAITING, text, at=_after(document.attempts - 1))


def _to_uncertain(document: OrderSync, text: str, **fields: Any) -> None:
    settled = (document.sent_at or database_now()) + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS)
    transitions.move(document, State.UNCERTAIN, text, at=settled, **fields)


def _after(tries: int) -> datetime:
    seconds = min(FIRST_BACKOFF_SECONDS * 2 ** min(max(tries, 0), 20), LONGEST_BACKOFF_SECONDS)
    return database_now() + timedelta(seconds=seconds)


def _as_long_again(document: OrderSync) -> datetime:
    """A search that failed is tried again after half of the time that has passed, within the backoff's bounds."""
    now = database_now()
    passed = (now - (document.sent_at or now)).total_seconds() / 2
    return now + timedelta(seconds=min(max(passed, FIRST_BACKOFF_SECONDS), LONGEST_BACKOFF_SECONDS))


def _opens(error: errors.ClientError) -> datetime | None:
    """When our own budget opens again. What the vendor says is by its clock, and has closed the lane already."""
    return error.until if isinstance(error, errors.RateLimited) and not error.status else None


def _disconnect(clients: LaneClients, document: OrderSync, text: str) -> None:
    """Credentials are dead: nothing more is attempted on that side, its documents wait, one alert."""
    if clients.last_upstream != "bigcommerce":
        mark_reconnect(clients.division.grant, text)
        return
    refused_by_store(document.connection.store, text)
