"""What a person may decide about an order that changed after its invoice was posted; the lane carries it out."""

from connector.domain.choices import Decision
from connector.domain.document.states import State
from connector.flow.actions.transaction import NotPossible, by_hand, told
from connector.flow.changes import answer
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.models import OrderSync
from tenants.models import User


def credit_now(document: OrderSync, actor: User | None, reason: str) -> None:
    """Credit what was refunded; of a cancelled or edited order, all that remains of its invoice."""
    _require_draft(document)
    _decide(document, Decision.CREDIT, told("credit_now", reason), actor)


def credit_and_repost(document: OrderSync, actor: User | None, reason: str) -> None:
    """Credit what remains of the invoice of an edited order, and post the order as it is now."""
    _require_draft(document)
    if obstacle := answer.cannot_repost(document):
        raise NotPossible(obstacle)
    _decide(document, Decision.CREDIT_AND_REPOST, told("credit_and_repost", reason), actor)


def leave_it(document: OrderSync, actor: User | None, reason: str) -> None:
    """Do nothing about this change, now and later; the next change is told again."""
    _decide(document, Decision.LEAVE, told("leave_it", reason), actor)


def _require_draft(document: OrderSync) -> None:
    if document.draft is None:
        raise NotPossible(answer.TYPED_BY_HAND)


def _decide(document: OrderSync, decision: str, data: dict[str, str], actor: User | None) -> None:
    """The order is read once more before it is done: a decision is for the change that was shown."""
    if document.state != State.POSTED or not document.change_pending:
        raise NotPossible("Nothing changed since it was posted that waits for a decision.")
    with by_hand(document.division_id, data["reason"]):
        transitions.note(
            document,
            f"{data['action'].replace('_', ' ').capitalize()}: {data['reason']}",
            actor=actor,
            data=data,
            decision=decision,
            change_pending=False,
            message="",
            recheck_at=database_now(),
        )
