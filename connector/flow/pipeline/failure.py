"""Gives a document its next step after an error: each class of error has one consequence."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from connector.clients import errors
from connector.clients.exact.texts import lacks_period
from connector.clients.transport import Upstream
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.flow.hold import Hold, refusal
from connector.flow.invoice import booking_date, stock
from connector.flow.lane import due
from connector.flow.ledger import transitions, unclear
from connector.flow.outbound.clients import LaneClients
from connector.flow.outbound.reconnect import mark_reconnect, refused_by_store
from connector.models import OrderSync
from connector.problems.catalogue import EXACT, STORE, sentence

MAX_ATTEMPTS = due.MAX_ATTEMPTS
MAX_DEATHS = 5
EXHAUSTED = problem(Code.WORKER_DIED, times=MAX_DEATHS)
# A store may report an order before it can be read. After this many attempts the order does not exist.
ATTEMPTS_TO_FIND = 4
# After so many answers that cannot be read a search for an unclear write is given up.
MOST_UNREADABLE = 3
# Where Exact is searched for a document: invoices, entries by their transactions, receipts.
SEARCHED = {"salesinvoice/SalesInvoices", "salesentry/SalesEntries", "financialtransaction/TransactionLines"}
WAIT_SECONDS = 600  # for another document of the order, which wakes this one when it is posted
FIRST_BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 10, 3600
LATE_LOOK_SECONDS = 86400  # between looks at a document that failed MAX_ATTEMPTS times; see flow/monitor/unfinished
# Errors that are no document's fault. The attempt does not count, and the lane or the endpoint is closed for a while.
NOBODYS_FAULT = (errors.RateLimited, errors.Unauthorized, errors.Reconnect)


def recover(division_id: int) -> None:
    """Free the documents of a dead worker. Only the holder of the lane's lease may call this."""
    orphans = OrderSync.objects.filter(division=division_id, state__in=due.IN_WORK)
    if not orphans.exists():
        return
    for document in orphans.select_related("connection__store__tenant"):
        deaths = document.worker_deaths + 1
        if document.state == State.POSTING:
            unclear.count_lost(document)
            _to_uncertain(document, Problem(Code.WORKER_STOPPED_WRITING), worker_deaths=deaths)
        elif deaths >= MAX_DEATHS:
            transitions.move(document, State.BLOCKED, (EXHAUSTED,), worker_deaths=deaths)
        else:
            why = (Problem(Code.WORKER_STOPPED),)
            transitions.move(document, State.WAITING, why, at=_after(deaths - 1), worker_deaths=deaths)


def raise_if_it_keeps_killing_workers(document: OrderSync) -> None:
    """Raise Hold when the document killed its worker too often. What became of its last write is known by now."""
    if document.worker_deaths >= MAX_DEATHS:
        raise Hold((EXHAUSTED,))


def hold(document: OrderSync, cause: Hold) -> None:
    """Hold the document, because a person must decide. One without a next step keeps its state and notes the cause."""
    if document.state in due.WITHOUT_NEXT_STEP:
        transitions.note(document, cause.problems, recheck_at=None)
    else:
        again = stock.next_look(cause.problems)
        look: dict[str, Any] = {"recheck_at": again} if again else {}
        transitions.move(document, State.BLOCKED, cause.problems, **look)


def wait(document: OrderSync, why: Problem) -> None:
    """Let the document wait for another one of the order. The attempt does not count."""
    at = database_now() + timedelta(seconds=WAIT_SECONDS)
    transitions.move(document, State.WAITING, (why,), at=at, attempts=max(document.attempts - 1, 0))


def apply(clients: LaneClients, document: OrderSync, error: Exception) -> None:
    """Give a failed document its next step."""
    why = _why(clients, document, error)
    if isinstance(error, errors.Unauthorized | errors.Reconnect):
        _disconnect(clients, document, error)
    if document.state in due.WITHOUT_NEXT_STEP:
        tries = _counted(document, error)
        transitions.note(document, (why,), recheck_at=_next_look_at(tries), attempts=tries)
    elif document.state == State.UNCERTAIN:
        _search_again(document, error, why)
    else:
        _by_class(document, error, why)


def _why(clients: LaneClients, document: OrderSync, error: Exception) -> Problem:
    """Return what went wrong, as the problem of a document that goes on by itself."""
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
    return problem(code, **refusal(_vendor(clients), error, document.own_values))


def _counted(document: OrderSync, error: Exception) -> int:
    """Return the document's attempts, this one included when it counts."""
    return document.attempts + (not isinstance(error, NOBODYS_FAULT))


def _search_again(document: OrderSync, error: Exception, why: Problem) -> None:
    """Repeat a failed search later. Hold the document when it failed too often: sooner when it cannot be read."""
    tries = _counted(document, error)
    if not _gives_up_search(document, error, why, is_last=tries > MAX_ATTEMPTS):
        transitions.note(document, (why,), next_attempt_at=_next_search_at(document), attempts=tries)


def _gives_up_search(document: OrderSync, error: Exception, why: Problem, *, is_last: bool) -> bool:
    """Hold the document when the search for it failed too often; return whether it was held."""
    unreadable = unclear.count_unreadable(document) if isinstance(error, errors.UnexpectedResponse) else 0
    if not is_last and unreadable < MOST_UNREADABLE:
        return False
    answer = {name: why.params.get(name, "") for name in ("fault", "said", "given")}
    failed = {"error": why.params.get("error", sentence(why)), "tries": MAX_ATTEMPTS if is_last else unreadable}
    held = problem(Code.SEARCH_GAVE_UP, noun=document.english_noun, **failed, **answer)
    transitions.move(document, State.BLOCKED, (held,))
    return True


def _by_class(document: OrderSync, error: Exception, why: Problem) -> None:
    match error:
        case errors.ClientError() if isinstance(error, NOBODYS_FAULT):
            transitions.move(
                document, State.WAITING, (why,), at=_opens_at(error), attempts=max(document.attempts - 1, 0)
            )
        case errors.Rejected() if lacks_period(error.messages):
            _no_period(document, why)
        case errors.Rejected():
            _refuse(document, Code.REFUSED, why)
        case errors.Forbidden():
            # The order is fine. It goes on when somebody has given the right.
            _refuse(document, Code.RIGHT_MISSING, why, right=error.reason)
        case _ if document.state == State.POSTING:
            _while_posting(document, error, why)
        case errors.NotFound() if document.attempts >= ATTEMPTS_TO_FIND:
            _refuse(document, Code.NOT_FOUND, why)
        case _:
            _back_off(document, error, why)


def _is_search(document: OrderSync, error: Exception) -> bool:
    """Whether a document that was sent before was searched for, by our reference, before it is sent again."""
    if document.sent_at is None or document.exact_id or document.state != State.PREPARING:
        return False
    return isinstance(error, errors.UnexpectedResponse | errors.Unavailable) and error.endpoint in SEARCHED


def _while_posting(document: OrderSync, error: Exception, why: Problem) -> None:
    match error:
        case errors.NotFound():
            _refuse(document, Code.NOT_FOUND_WHILE_POSTING, why)
        case errors.ClientError() if not isinstance(error, errors.OutcomeUnknown):
            _back_off(document, error, why)
        case _:  # Exact may have the write, also after a fault of ours
            if not (isinstance(error, errors.OutcomeUnknown) and error.endpoint):  # then no call has counted it
                unclear.count_lost(document)
            _to_uncertain(document, why)


def _no_period(document: OrderSync, why: Problem) -> None:
    """Mark the period as closed. Book on the first open day where the connection allows it, else hold the document."""
    if booking_date.close(document):
        transitions.move(document, State.WAITING, (problem(Code.PERIOD_GIVES_WAY, **why.params),))
    else:
        _refuse(document, Code.PERIOD_REFUSED, why, period=booking_date.closed_last(document))


def _refuse(document: OrderSync, code: Code, why: Problem, **more: object) -> None:
    """Hold a document for the vendor's answer, and name what is in Exact already."""
    held = problem(code, **why.params, **unclear.left(document), **more)
    transitions.move(document, State.BLOCKED, (held,))


def _back_off(document: OrderSync, error: Exception, why: Problem) -> None:
    is_last = document.attempts >= MAX_ATTEMPTS
    if _is_search(document, error) and _gives_up_search(document, error, why, is_last=is_last):
        return
    if is_last:
        code = Code.GAVE_UP_INSIDE if why.code is Code.FAILED_INSIDE else Code.GAVE_UP
        transitions.move(document, State.BLOCKED, (problem(code, **why.params, tries=document.attempts),))
    else:
        transitions.move(document, State.WAITING, (why,), at=_after(document.attempts - 1))


def _to_uncertain(document: OrderSync, why: Problem, **fields: Any) -> None:
    settled = (document.sent_at or database_now()) + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS)
    transitions.move(document, State.UNCERTAIN, (why,), at=settled, **fields)


def _after(tries: int) -> datetime:
    seconds = min(FIRST_BACKOFF_SECONDS * 2 ** min(max(tries, 0), 20), LONGEST_BACKOFF_SECONDS)
    return database_now() + timedelta(seconds=seconds)


def _next_look_at(tries: int) -> datetime:
    if tries < MAX_ATTEMPTS:
        return _after(tries - 1)
    return database_now() + timedelta(seconds=LATE_LOOK_SECONDS)


def _next_search_at(document: OrderSync) -> datetime:
    """Return when to repeat a failed search: after half the time since the write, within the backoff's bounds."""
    now = database_now()
    passed = (now - (document.sent_at or now)).total_seconds() / 2
    return now + timedelta(seconds=min(max(passed, FIRST_BACKOFF_SECONDS), LONGEST_BACKOFF_SECONDS))


def _opens_at(error: errors.ClientError) -> datetime | None:
    """Return when our own budget opens again; None when the vendor refused, as that has closed the lane already."""
    return error.until if isinstance(error, errors.RateLimited) and not error.status else None


def _disconnect(clients: LaneClients, document: OrderSync, error: errors.ClientError) -> None:
    """Stop all calls to the vendor that refuses our credentials. Its documents wait, and one alert is raised."""
    if _vendor(clients) == EXACT:
        mark_reconnect(clients.division.grant, error)
    else:
        refused_by_store(document.connection.store, error)


def _vendor(clients: LaneClients) -> str:
    """Return the vendor that was called last."""
    return STORE if clients.last_upstream == Upstream.BIGCOMMERCE else EXACT
