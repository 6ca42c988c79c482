"""What follows from a failure: one consequence per class of error, by what was being done."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from connector.clients import errors
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.flow.hold import Hold, refusal
from connector.flow.invoice import booking_date, exact_document
from connector.flow.lane import due
from connector.flow.ledger import transitions
from connector.flow.outbound.clients import LaneClients
from connector.flow.outbound.reconnect import mark_reconnect, refused_by_store
from connector.models import OrderSync
from connector.problems.catalogue import EXACT, STORE, sentence

# With the backoff below some sixteen hours: a vendor's bad night blocks nothing.
MAX_ATTEMPTS = 24
MAX_DEATHS = 5
EXHAUSTED = problem(Code.WORKER_DIED, times=MAX_DEATHS)
# A store may tell of an order before it can be read; after this many looks it is not there.
ATTEMPTS_TO_FIND = 4
WAIT_SECONDS = 600  # for another document of the order, which wakes it when it is posted
FIRST_BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 10, 3600
# What names only the one document: two that are refused for one fault have the same cause without it.
OWN = ("order_id", "reference", "exact_id", "exact_number", "customer", "email")
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
            transitions.move(document, State.BLOCKED, (EXHAUSTED,), worker_deaths=deaths)
        else:
            text = "The worker stopped before anything was sent; the order goes to the back of its lane."
            transitions.move(document, State.WAITING, text, at=_after(deaths - 1), worker_deaths=deaths)


def raise_if_it_keeps_killing_workers(document: OrderSync) -> None:
    """Raise Hold for one that killed its worker too often while it was sent: by now it is known what became of that."""
    if document.worker_deaths >= MAX_DEATHS:
        raise Hold((EXHAUSTED,))


def hold(document: OrderSync, cause: Hold) -> None:
    """A person must decide. What is at rest stays there, with the cause told."""
    if document.state in due.WITHOUT_NEXT_STEP:
        transitions.note(document, str(cause), recheck_at=None)
    else:
        transitions.move(document, State.BLOCKED, cause.problems)


def wait(document: OrderSync, why: str) -> None:
    """Another document of the order comes first; the attempt does not count."""
    at = database_now() + timedelta(seconds=WAIT_SECONDS)
    transitions.move(document, State.WAITING, why, at=at, attempts=max(document.attempts - 1, 0))


def apply(clients: LaneClients, document: OrderSync, error: Exception) -> None:
    """Give a failed document its next step."""
    why = _why(clients, document, error)
    if isinstance(error, errors.Unauthorized | errors.Reconnect):
        _disconnect(clients, document, str(error))
    if document.state in due.WITHOUT_NEXT_STEP:
        transitions.note(document, sentence(why), recheck_at=_after(document.attempts))
    elif document.state == State.UNCERTAIN:
        transitions.note(document, sentence(why), next_attempt_at=_as_long_again(document))
    else:
        _by_class(document, error, why)


def _why(clients: LaneClients, document: OrderSync, error: Exception) -> Problem:
    """Say what went wrong, as of a document that goes on by itself."""
    match error:
        case errors.RateLimited():
            code = Code.CALLS_USED_UP
        case errors.Unauthorized() | errors.Reconnect():
            code = Code.TOKEN_REFUSED
        case errors.OutcomeUnknown():
            code = Code.CALL_UNCLEAR
        case errors.ClientError():
            code = Code.CALL_FAILED
        case _:
            return problem(Code.FAILED_INSIDE, fault=type(error).__name__)
    own = (str(getattr(document, name)) for name in OWN)
    return problem(code, **refusal(_vendor(clients), error, own))


def _by_class(document: OrderSync, error: Exception, why: Problem) -> None:
    match error:
        case errors.RateLimited() | errors.Unauthorized() | errors.Reconnect():
            # Not this document's fault: the attempt does not count, and the lane is closed until it can go on.
            transitions.move(document, State.WAITING, (why,), at=_opens(error), attempts=max(document.attempts - 1, 0))
        case errors.Rejected() if NO_PERIOD.search(error.detail):
            _no_period(document, why)
        case errors.Rejected():
            _refuse(document, Code.REFUSED, why)
        case errors.Forbidden():
            # A right is missing, nothing is wrong with the order: it goes on when somebody has given the right.
            _refuse(document, Code.RIGHT_MISSING, why, right=error.reason)
        case _ if document.state == State.POSTING:
            _while_posting(document, error, why)
        case errors.NotFound() if document.attempts >= ATTEMPTS_TO_FIND:
            _refuse(document, Code.NOT_FOUND, why)
        case _:
            _back_off(document, why)


def _while_posting(document: OrderSync, error: Exception, why: Problem) -> None:
    match error:
        case errors.NotFound():
            _refuse(document, Code.NOT_FOUND_WHILE_POSTING, why)
        case errors.ClientError() if not isinstance(error, errors.OutcomeUnknown):
            _back_off(document, why)
        case _:  # the write may have landed; so it may after a fault of ours
            _to_uncertain(document, (why,))


def _no_period(document: OrderSync, why: Problem) -> None:
    """The period counts as closed from here on; where the connection says so, the first open day is taken."""
    if booking_date.close(document):
        transitions.move(document, State.WAITING, (problem(Code.PERIOD_GIVES_WAY, **why.params),))
    else:
        _refuse(document, Code.PERIOD_REFUSED, why)


def _refuse(document: OrderSync, code: Code, why: Problem, **more: object) -> None:
    """Hold a document for what was answered; what was made in Exact before is told with it."""
    stands = "" if not document.exact_id else "booked" if document.is_entry else "open"
    held = problem(code, **why.params, **exact_document.in_exact(document), stands=stands, **more)
    transitions.move(document, State.BLOCKED, (held,))


def _back_off(document: OrderSync, why: Problem) -> None:
    if document.attempts >= MAX_ATTEMPTS:
        code = Code.GAVE_UP_INSIDE if why.code is Code.FAILED_INSIDE else Code.GAVE_UP
        transitions.move(document, State.BLOCKED, (problem(code, **why.params, tries=document.attempts),))
    else:
        transitions.move(document, State.WAITING, (why,), at=_after(document.attempts - 1))


def _to_uncertain(document: OrderSync, why: str | tuple[Problem, ...], **fields: Any) -> None:
    settled = (document.sent_at or database_now()) + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS)
    transitions.move(document, State.UNCERTAIN, why, at=settled, **fields)


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
    if _vendor(clients) == EXACT:
        mark_reconnect(clients.division.grant, text)
    else:
        refused_by_store(document.connection.store, text)


def _vendor(clients: LaneClients) -> str:
    """Who was called last."""
    return STORE if clients.last_upstream == "bigcommerce" else EXACT
