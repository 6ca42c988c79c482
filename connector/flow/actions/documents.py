"""What a person may do with a document. The lane does the rest."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from connector.domain.choices import Mode
from connector.domain.document.states import SkipReason, State
from connector.flow.actions.transaction import NotPossible, action_data, by_hand
from connector.flow.changes import recheck
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.flow.outbound import rate_limits
from connector.models import OrderSync
from connector.models.kept_words import english, together
from tenants.models import User

IN_WORK = {State.PREPARING, State.POSTING}


def retry(document: OrderSync, actor: User | None, reason: str) -> None:
    """Try the same data again now, before the backoff ends. For waiting and uncertain documents. Raises NotPossible."""
    now = database_now()
    match State(document.state):
        case State.WAITING:
            at = now
        case State.UNCERTAIN:  # the request may still be on its way, so Exact is searched only later
            settled = (document.sent_at or now) + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS)
            at = max(now, settled)
        case State.PENDING:
            raise NotPossible(_("It waits for its turn already. Run now on the connection skips the schedule."))
        case _:
            raise _unfit(document, _("It cannot be retried. Re-post sends a blocked or skipped document again."))
    with by_hand(document.division_id, reason):
        rate_limits.let_through(document)
        transitions.note(
            document,
            english("Retry: %(reason)s") % {"reason": reason},
            actor=actor,
            data=action_data("retry", reason),
            next_attempt_at=at,
        )


def refetch(document: OrderSync, actor: User | None, reason: str) -> None:
    """Read the order again, as after a delivery. A posted document is compared, never changed. Raises NotPossible."""
    data, now = action_data("refetch", reason), database_now()
    text = english("Refetch: %(reason)s") % {"reason": reason}
    look: dict[str, object] = {"recheck_at": now, "attempts": 0}
    fields: dict[str, object]
    match State(document.state):
        case State.POSTED:
            fields = look
        case State.BLOCKED if recheck.is_released_by_change(document):
            fields = look
        case State.SKIPPED if recheck.may_come_back(document):
            fields = look
        case State.WAITING if not document.exact_id:
            fields = {"next_attempt_at": now, "approved_at": None}
        case State.PENDING if document.approved_at:
            fields = {"approved_at": None}
        case State.PENDING:
            raise NotPossible(_("It is read when its turn comes. Run now on the connection skips the schedule."))
        case State.AWAITING_APPROVAL:
            with by_hand(document.division_id, reason):
                transitions.move(document, State.PENDING, text, actor=actor, data=data, attempts=0, recheck_at=None)
            return
        case _:
            raise _unfit(
                document, _("It cannot be read again. Re-post reads the order of a blocked or skipped document.")
            )
    with by_hand(document.division_id, reason):
        transitions.note(document, text, actor=actor, data=data, **fields)


def re_post(document: OrderSync, actor: User | None, reason: str, *, low_priority: bool = False) -> None:
    """Post a blocked or skipped document again: the order is read and translated again.

    An invoice that is in Exact already is kept when the draft is the same. When the draft has changed, an open invoice
    is deleted first, and a printed one holds the document (flow/invoice/replace). Exact is searched by our reference
    before anything is sent again. `low_priority`: it is one of many, so live orders go first. One alone is sent at
    once, also when Exact refused it several times within the hour. Raises NotPossible.
    """
    if document.state not in {State.BLOCKED, State.SKIPPED}:
        raise _unfit(document, _("It cannot be re-posted. Only blocked and skipped documents can."))
    if document.exact_id and document.connection.mode == Mode.SHADOW and not document.chosen_at:
        raise NotPossible(_("The connection is in shadow mode and writes nothing to Exact, and Exact has its invoice."))
    with by_hand(document.division_id, reason):
        if not low_priority:
            rate_limits.let_through(document)
        transitions.move(
            document,
            State.PENDING,
            english("Re-post: %(reason)s") % {"reason": reason},
            actor=actor,
            data=action_data("re_post", reason),
            attempts=0,
            worker_deaths=0,
            unclear={},
            recheck_at=None,
            approved_at=None,
            replace_requested=bool(document.exact_id),
            low_priority=low_priority,
        )


def skip(document: OrderSync, actor: User | None, reason: str) -> None:
    """Make no document of this order. It does not come back by itself. An invoice in Exact stays.

    Raises NotPossible.
    """
    if document.state not in {State.PENDING, State.AWAITING_APPROVAL, State.BLOCKED}:
        raise _unfit(document, _("It cannot be skipped. Only pending, blocked and unapproved documents can."))
    text = english("Skip: %(reason)s") % {"reason": reason}
    if document.exact_id:
        text = together(text, english("%(Document)s stays in Exact.") % {"Document": document.said_title})
    with by_hand(document.division_id, reason):
        transitions.move(
            document,
            State.SKIPPED,
            text,
            reason=SkipReason.PERSON,
            actor=actor,
            data=action_data("skip", reason),
            recheck_at=None,
        )


def approve(document: OrderSync, actor: User | None, reason: str) -> None:
    """Post the draft as it is. If the order changes first, it is translated and shown again. Raises NotPossible."""
    if document.state != State.AWAITING_APPROVAL or document.draft is None:
        raise _unfit(document, _("It cannot be approved. Only drafts that wait for approval can."))
    if document.connection.mode == Mode.SHADOW:
        raise NotPossible(_("The connection is in shadow mode and posts nothing. Set it to approval or live first."))
    with by_hand(document.division_id, reason):
        transitions.move(
            document,
            State.PENDING,
            english("Approve: %(reason)s") % {"reason": reason},
            actor=actor,
            data=action_data("approve", reason),
            attempts=0,
            approved_at=database_now(),
        )


def _unfit(document: OrderSync, why_not: str) -> NotPossible:
    if document.state in IN_WORK:
        return NotPossible(_("The connector is working on it right now. Look at it again in a moment."))
    if document.state == State.UNCERTAIN:
        return NotPossible(
            _(
                "It is not clear yet whether Exact has the last write. The connector looks it up by itself. Wait for "
                "that first."
            )
        )
    state = _("It is %(state)s.") % {"state": document.get_state_display()}
    return NotPossible(f"{state} {why_not}")
