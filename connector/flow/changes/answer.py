"""What follows from a change: the connection's policies decide, or a person does."""

from dataclasses import dataclass, field

from connector.domain.choices import Decision, EditPolicy, Policy
from connector.domain.document.result import Held
from connector.domain.document.states import State
from connector.flow.changes import credit_note
from connector.flow.changes.detect import CANCELLED, Change
from connector.flow.changes.follow_up_rows import credit_note_row, left_refund_row, next_invoice_row
from connector.flow.order import details
from connector.flow.order.terms import terms_of
from connector.models import OrderSync

TYPED_BY_HAND = (
    "Its invoice was typed by hand, so no credit note can be worked out from it: make it in Exact, then choose "
    "'leave it'."
)


@dataclass(slots=True)
class Answer:
    """What follows: rows to be made, and sentences for the history; those in `asked` wait for a person."""

    rows: list[OrderSync] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def answer_change(document: OrderSync, change: Change) -> Answer:
    """By the person's decision, when the change is still the one that was decided on, else by the policies."""
    decision = document.decision
    answer = Answer()
    if decision and change.mark != document.reviewed:
        answer.asked.append("The order changed again since it was decided on.")
        decision = ""
    if decision == Decision.LEAVE:
        answer.done.append("Left as it is.")
        answer.rows = [left_refund_row(document, refund, row) for refund, row in change.refunds]
        return answer
    if document.draft is None:
        answer.asked += [*_told(document, change), TYPED_BY_HAND]
        return answer
    connection = document.connection
    if change.refunds:
        _answer_refunds(document, change, decision or connection.refunds, answer)
    if change.undone:
        by_refund = change.order.status_id not in CANCELLED
        # How much was given back is not known: never credited by itself.
        policy = Policy.REVIEW if by_refund and not decision else decision or connection.cancellations
        _answer_undone(document, change, policy, answer)
    if change.edits:
        only_edits = not change.refunds and not change.undone
        policy = Policy.REVIEW if decision == Decision.CREDIT and not only_edits else decision or connection.edits
        _answer_edits(document, change, policy, answer)
    (answer.done if decision else answer.asked).extend(change.others)
    return answer


def _told(document: OrderSync, change: Change) -> list[str]:
    """The change in words, for one that only a person can answer."""
    refunds = [f"Refund {refund.id} of {refund.total} {document.currency} was made." for refund, _ in change.refunds]
    undone_too = [f"The order was {change.undone}."] if change.undone else []
    return [*refunds, *undone_too, *change.edits, *change.others]


def _answer_refunds(document: OrderSync, change: Change, policy: str, answer: Answer) -> None:
    for refund, row in change.refunds:
        told = f"Refund {refund.id} of {refund.total} {document.currency} was made"
        if policy == Policy.IGNORE:
            answer.done.append(f"{told}; the connection ignores refunds.")
        elif policy == Policy.REVIEW:
            answer.asked.append(f"{told}; it is not credited yet.")
        else:
            answer.rows.append(credit_note_row(document, refund.id, -refund.total, row))
            answer.done.append(f"{told}; its credit note follows.")


def _answer_undone(document: OrderSync, change: Change, policy: str, answer: Answer) -> None:
    told = f"The order was {change.undone}"
    if change.order.status_id not in CANCELLED:
        told += ", and BigCommerce knows no refund of it"
    if policy == Policy.IGNORE:
        answer.done.append(f"{told}; the connection ignores cancellations.")
    elif policy == Policy.REVIEW:
        answer.asked.append(f"{told}; its invoice is not credited yet.")
    else:
        answer.rows.append(credit_note_row(document, 0, -credit_note.invoiced(document).rest))
        answer.done.append(f"{told}; what remains of its invoice is credited.")


def _answer_edits(document: OrderSync, change: Change, policy: str, answer: Answer) -> None:
    told = "The order changed after it was posted: " + " ".join(change.edits)
    if policy == EditPolicy.IGNORE:
        answer.done.append(f"{told} The connection ignores edits.")
    elif policy == Decision.CREDIT:
        answer.rows.append(credit_note_row(document, -document.sequence, -credit_note.invoiced(document).rest))
        answer.done.append(f"{told} What remains of its invoice is credited.")
    elif policy == EditPolicy.CREDIT_AND_REPOST and (obstacle := cannot_repost(document, change)):
        answer.asked.append(f"{told} {obstacle}")
    elif policy == EditPolicy.CREDIT_AND_REPOST:
        if (rest := credit_note.invoiced(document).rest) > 0:
            answer.rows.append(credit_note_row(document, -document.sequence, -rest))
        answer.rows.append(next_invoice_row(document))
        answer.done.append(f"{told} Its invoice is credited and another one made.")
    else:
        answer.asked.append(told)


def cannot_repost(document: OrderSync, change: Change | None = None) -> str:
    """Say why an order cannot be credited and posted again; empty when it can."""
    refunded = document.credits.filter(sequence__gt=0).exclude(state=State.SKIPPED).exists()
    if refunded or (change and (change.refunds or change.undone)):
        return (
            "It was refunded or cancelled as well, and another invoice would bring back what was given back: correct "
            "it in Exact by hand, then choose 'leave it'."
        )
    outcome = terms_of(document.connection).draft(change.order) if change else None
    if isinstance(outcome, Held):
        return f"As it is now it cannot be invoiced, so nothing is credited yet. {details.hold_of(outcome)}"
    return ""
