"""What a person may do with a document; the lane does the rest."""

from datetime import timedelta

from django.conf import settings

from connector.domain.choices import Mode
from connector.domain.document.states import SkipReason, State
from connector.flow.actions.transaction import NotPossible, by_hand, told
from connector.flow.changes import recheck
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.models import OrderSync
from tenants.models import User

IN_HAND = {State.PREPARING, State.POSTING}


def retry(document: OrderSync, actor: User | None, reason: str) -> None:
    """Try the same data again now, instead of when the backoff ends. For waiting and uncertain documents."""
    now = database_now()
    match State(document.state):
        case State.WAITING:
            at = now
        case State.UNCERTAIN:  # what may still be on the wire is not looked for before it must have landed
            settled = (document.sent_at or now) + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS)
            at = max(now, settled)
        case State.PENDING:
            raise NotPossible("It is waiting for its turn already; 'run now' on the connection goes past the schedule.")
        case _:
            raise _unfit(document, "retried", "re-post sends a blocked or skipped one through again")
    with by_hand(document.division_id, reason):
        transitions.note(document, f"Retry: {reason}", actor=actor, data=told("retry", reason), next_attempt_at=at)


def refetch(document: OrderSync, actor: User | None, reason: str) -> None:
    """Read the order again, as if the store had just told of it; what was posted is compared, never altered."""
    data, now = told("refetch", reason), database_now()
    text = f"Refetch: {reason}"
    fields: dict[str, object]
    match State(document.state):
        case State.POSTED:
            fields = {"recheck_at": now}
        case State.BLOCKED if recheck.is_released_by_change(document):
            fields = {"recheck_at": now}
        case State.SKIPPED if recheck.may_come_back(document):
            fields = {"recheck_at": now}
        case State.WAITING if not document.exact_id:
            fields = {"next_attempt_at": now, "approved_at": None}
        case State.PENDING if document.approved_at:
            fields = {"approved_at": None}
        case State.PENDING:
            raise NotPossible("It is read when its turn comes; 'run now' on the connection goes past the schedule.")
        case State.AWAITING_APPROVAL:
            with by_hand(document.division_id, reason):
                transitions.move(document, State.PENDING, text, actor=actor, data=data, attempts=0, recheck_at=None)
            return
        case _:
            raise _unfit(document, "read again", "re-post reads the order of a blocked or skipped one anew")
    with by_hand(document.division_id, reason):
        transitions.note(document, text, actor=actor, data=data, **fields)


def re_post(document: OrderSync, actor: User | None, reason: str, *, low_priority: bool = False) -> None:
    """Send a blocked or skipped document through again: the order is read and translated anew.

    With an invoice in Exact already the lane goes on with that one. When the draft has changed since, an open
    invoice is deleted first and a printed one holds the document (flow/replace). Whatever was sent before, Exact is
    searched by our reference before anything is sent again. `low_priority`: live orders go before it.
    """
    if document.state not in {State.BLOCKED, State.SKIPPED}:
        raise _unfit(document, "re-posted", "only blocked and skipped ones are")
    if document.exact_id and document.connection.mode == Mode.SHADOW:
        raise NotPossible("The connection is in shadow mode and writes nothing to Exact, where its invoice stands.")
    with by_hand(document.division_id, reason):
        transitions.move(
            document,
            State.PENDING,
            f"Re-post: {reason}",
            actor=actor,
            data=told("re_post", reason),
            attempts=0,
            worker_deaths=0,
            recheck_at=None,
            approved_at=None,
            replace_requested=bool(document.exact_id),
            low_priority=low_priority,
        )


def skip(document: OrderSync, actor: User | None, reason: str) -> None:
    """Say that no document is to be made; the order does not come back by itself. An invoice in Exact stays there."""
    if document.state not in {State.PENDING, State.AWAITING_APPROVAL, State.BLOCKED}:
        raise _unfit(document, "skipped", "only pending, blocked and unapproved ones are")
    left = f" {document.heading} stays in Exact." if document.exact_id else ""
    with by_hand(document.division_id, reason):
        transitions.move(
            document,
            State.SKIPPED,
            f"Skip: {reason}{left}",
            reason=SkipReason.PERSON,
            actor=actor,
            data=told("skip", reason),
            recheck_at=None,
        )


def approve(document: OrderSync, actor: User | None, reason: str) -> None:
    """Let the draft be posted as it stands. When the order changes first, it is translated and shown anew."""
    if document.state != State.AWAITING_APPROVAL or document.draft is None:
        raise _unfit(document, "approved", "only drafts that wait for it are")
    if document.connection.mode == Mode.SHADOW:
        raise NotPossible("The connection is in shadow mode and posts nothing. Set it to approval or live first.")
    with by_hand(document.division_id, reason):
        transitions.move(
            document,
            State.PENDING,
            f"Approve: {reason}",
            actor=actor,
            data=told("approve", reason),
            attempts=0,
            approved_at=database_now(),
        )


def _unfit(document: OrderSync, done: str, instead: str) -> NotPossible:
    if document.state in IN_HAND:
        return NotPossible("It is being worked on right now. Look at it again in a moment.")
    if document.state == State.UNCERTAIN:
        return NotPossible(
            "It is not clear yet whether the last write landed in Exact; it is looked up by itself. "
            "Nothing else can be done with it before that."
        )
    return NotPossible(f"It is {document.get_state_display()} and cannot be {done}; {instead}.")
