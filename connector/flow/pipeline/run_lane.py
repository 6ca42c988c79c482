"""Works on a lane's documents, one after the other. post_document.py has a document's stages."""

import time
import traceback
from dataclasses import dataclass, field

import structlog
from structlog.contextvars import bound_contextvars

from connector.clients.errors import ClientError
from connector.domain.document.states import State
from connector.flow import leases, stopping
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import due as customers
from connector.flow.hold import Hold
from connector.flow.inbox import exact_webhook, intake
from connector.flow.invoice import numbers, stock
from connector.flow.lane import due, slots, wakeup
from connector.flow.outbound import history
from connector.flow.outbound.clients import LaneClients
from connector.flow.pipeline import failure, heal
from connector.flow.pipeline.lane import Lane, Work
from connector.flow.pipeline.next_document import Queue
from connector.flow.pipeline.post_document import post_document
from connector.models import Division

log = structlog.get_logger(__name__)

# A turn ends after so many seconds. While other lanes wait it is shorter, so that tenants take turns: lanes that hand
# themselves back change places after so many documents or seconds; a lane with new work waits for one document.
LANE_SECONDS = 30.0
SHARED_SECONDS = 5.0
SHARED_DOCUMENTS = 10
IN_TROUBLE = {State.WAITING, State.UNCERTAIN, State.BLOCKED}


@dataclass(slots=True)
class Turn:
    """One turn of a lane: how many documents were worked on, and whether there may be another one."""

    seconds: float
    documents: int = 0
    began: float = field(default_factory=time.monotonic)

    def goes_on(self) -> bool:
        """Whether the turn may begin a document. It begins none after a stop was asked for."""
        spent = time.monotonic() - self.began
        if stopping.is_asked() or spent >= self.seconds:
            return False
        if not self.documents or not slots.lanes().a_lane_waits:
            return True
        if self.documents >= SHARED_DOCUMENTS or spent >= SHARED_SECONDS:
            return False
        return not wakeup.new_lane_waits()


def drain_lane(division_id: int, *, seconds: float = LANE_SECONDS, ignore_schedule: bool = False) -> int:
    """Do the due work of one lane for a bounded time. Returns how many documents were worked on.

    Returns 0 at once when another worker holds the lane, or when its organisation is suspended.
    """
    lease = leases.acquire(Division, division_id)
    if lease is None:
        return 0
    try:
        division = Division.objects.select_related("grant__tenant").get(pk=division_id)
        if division.grant.tenant.suspended:
            return 0
        with bound_contextvars(tenant=division.grant.tenant_id, division=division.code):
            count = _drain(Lane(division, lease, LaneClients(division, lease)), seconds, ignore_schedule)
    except leases.LeaseLost as lost:
        log.warning("lane_lost", division=division.code, text=str(lost))
        return 0
    finally:
        leases.release(lease)
    # Work that came meanwhile woke a worker that could not get the lease.
    if due.has_work(division_id, database_now()):
        wakeup.hand_back(division_id)
    return count


def _drain(lane: Lane, seconds: float, ignore_schedule: bool) -> int:
    turn, queue = Turn(seconds), Queue(lane.division.pk, ignore_schedule)
    failure.recover(lane.division.pk)
    try:
        exact_webhook.take_in(lane.division.pk)
    finally:  # a fault of it holds no document up
        _work_on_due(lane, turn, queue)
    if turn.goes_on() and not turn.documents:
        _bring_customers_in_step(lane, turn)
    return turn.documents


def _work_on_due(lane: Lane, turn: Turn, queue: Queue) -> None:
    """Work on the documents that are due, until the turn ends."""
    while turn.goes_on():
        lane.renew()
        found = queue.next()
        if found is None:
            break
        document = found.document
        with bound_contextvars(request=document.request, document=document.pk, order=document.order_id):
            work_on(lane, found)
        if document.state in IN_TROUBLE:
            queue.look_again()  # what went wrong may have closed a connection
        turn.documents += 1
        if turn.documents % numbers.MANY == 0:
            _read_numbers(lane)
    if not stopping.is_asked():
        _read_numbers(lane)


def _read_numbers(lane: Lane) -> None:
    """Read missing invoice numbers, also in a lane that always has work. A failed call is tried again later."""
    try:
        numbers.read_numbers(lane.division, lane.clients.exact)
    except ClientError as error:
        log.warning("numbers_not_read", division=lane.division.code, error=type(error).__name__)


def _bring_customers_in_step(lane: Lane, turn: Turn) -> None:
    """Carry over what changed in customers' details, in a turn without a document: documents come first.

    A turn with documents hands the lane back when customers are due, so it asks nothing more.
    """
    division = lane.division
    intake.take_in_customers(division.pk)
    connections = due.connections_with_customers(division.pk, database_now())
    if connections:
        clients = LaneClients(division, lane.lease, low_priority=True)
        customers.work_off(division, connections, clients, turn.goes_on)


def work_on(lane: Lane, found: due.Found) -> None:
    """Work on one document. Any error gives it a state with a next step. Raises LeaseLost."""
    document = lane.clients.document = found.document
    lane.clients.tokens.know(document.connection.division.grant)
    work = Work(lane, found)
    try:
        post_document(work)
    except leases.LeaseLost:
        raise
    except Hold as cause:
        failure.hold(document, cause)
    except ClientError as error:
        # The vendor's text may name the customer, so it goes into the history, not into the log.
        log.warning("document_failed", document=document.pk, error=type(error).__name__, endpoint=error.endpoint)
        if missing := stock.not_there(document, work.draft, work.exact, lane.stock, error):
            failure.hold(document, Hold(missing))
        elif not heal.tries_again(work, error):
            failure.apply(lane.clients, document, error)
    except Exception as error:  # a fault of ours: the lane goes on with the next document
        # The error's own text may quote the order, so the log gets its class and where it was raised.
        where = traceback.format_tb(error.__traceback__)
        log.error(
            "unexpected", document=document.pk, state=document.state, error=type(error).__name__, where="".join(where)
        )
        failure.apply(lane.clients, document, error)
    finally:
        lane.clients.document = None
        history.write_what_is_left(document)
