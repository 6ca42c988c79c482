"""What a person may decide about an order that changed after its invoice was posted. The lane does the work."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.domain.choices import Decision
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.document.states import State
from connector.flow.actions.transaction import NotPossible, action_data, by_hand
from connector.flow.changes import answer
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.models import OrderSync
from connector.models.kept_words import english, in_english
from connector.problems.catalogue import sentence
from tenants.models import User

DECISION_NAMES: dict[str, Promise] = {
    Decision.CREDIT: gettext_lazy("Credit now"),
    Decision.CREDIT_AND_REPOST: gettext_lazy("Credit and re-post"),
    Decision.LEAVE: gettext_lazy("Leave it"),
}


def credit_now(document: OrderSync, actor: User | None, reason: str) -> None:
    """Credit the refund; for a cancelled or edited order, the rest of its invoice. Raises NotPossible."""
    _require_draft(document)
    _decide(document, Decision.CREDIT, action_data("credit_now", reason), actor)


def credit_and_repost(document: OrderSync, actor: User | None, reason: str) -> None:
    """Credit the rest of the edited order's invoice, and post the order as it is now. Raises NotPossible."""
    _require_draft(document)
    if answer.was_refunded(document):
        raise NotPossible(sentence(Problem(Code.REPOST_CHARGES_REFUND)))
    _decide(document, Decision.CREDIT_AND_REPOST, action_data("credit_and_repost", reason), actor)


def leave_it(document: OrderSync, actor: User | None, reason: str) -> None:
    """Do nothing about this change. The next change is reported again. Raises NotPossible."""
    _decide(document, Decision.LEAVE, action_data("leave_it", reason), actor)


def _require_draft(document: OrderSync) -> None:
    if document.draft is None:
        raise NotPossible(sentence(Problem(Code.TYPED_BY_HAND)))


def _decide(document: OrderSync, decision: str, data: dict[str, str], actor: User | None) -> None:
    """Record the decision. The lane reads the order again first, because the decision is about the change shown.

    Raises NotPossible.
    """
    if document.state != State.POSTED or not document.change_pending:
        raise NotPossible(_("No change of this order waits for a decision."))
    with by_hand(document.division_id, data["reason"]):
        transitions.note(
            document,
            english("%(decision)s: %(reason)s")
            % {"decision": in_english(DECISION_NAMES[decision]), "reason": data["reason"]},
            actor=actor,
            data=data,
            decision=decision,
            change_pending=False,
            **transitions.causes(()),
            recheck_at=database_now(),
            attempts=0,
        )
