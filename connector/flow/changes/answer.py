"""Decides what follows from a change, by the connection's policies or a person's decision."""

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
    "Its invoice was typed by hand, so the connector cannot make a credit note. Make it in Exact, then choose "
    "'leave it'."
)


@dataclass(slots=True)
class Answer:
    """What follows: new rows, and sentences for the history. A person must decide about those in `asked`."""

    rows: list[OrderSync] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def answer_change(document: OrderSync, change: Change) -> Answer:
    """Return what follows: by the person's decision when it was about this very change, else by the policies."""
    decision = document.decision
    answer = Answer()
    if decision and change.mark != document.reviewed:
        answer.asked.append("The order changed again after the decision.")
        decision = ""
    if decision == Decision.LEAVE:
        answer.done.append("Left as it is.")
        answer.rows = [left_refund_row(document, refund, row) for refund, row in change.refunds]
        return answer
    if document.draft is None:
        answer.asked += [*_describe(document, change), TYPED_BY_HAND]
        return answer
    connection = document.connection
    if change.refunds:
        _answer_refunds(document, change, decision or connection.refunds, answer)
    if change.undone:
        by_refund = change.order.status_id not in CANCELLED
        # The amount that was given back is not known, so a person decides.
        policy = Policy.REVIEW if by_refund and not decision else decision or connection.cancellations
        _answer_undone(document, change, policy, answer)
    if change.edits:
        only_edits = not change.refunds and not change.undone
        policy = Policy.REVIEW if decision == Decision.CREDIT and not only_edits else decision or connection.edits
        _answer_edits(document, change, policy, answer)
    (answer.done if decision else answer.asked).extend(change.others)
    return answer


def _describe(document: OrderSync, change: Change) -> list[str]:
    """Describe a change that only a person can handle."""
    refunds = [f"Refund {refund.id} of {refund.total} {document.currency} was made." for refund, _ in change.refunds]
    undone_too = [f"The order was {change.undone}."] if change.undone else []
    return [*refunds, *undone_too, *change.edits, *change.others]


def _answer_refunds(document: OrderSync, change: Change, policy: str, answer: Answer) -> None:
    for refund, row in change.refunds:
        change_text = f"Refund {refund.id} of {refund.total} {document.currency} was made"
        if policy == Policy.IGNORE:
            answer.done.append(f"{change_text}; the connection ignores refunds.")
        elif policy == Policy.REVIEW:
            answer.asked.append(f"{change_text}; it is not credited yet.")
        else:
            answer.rows.append(credit_note_row(document, refund.id, -refund.total, row))
            answer.done.append(f"{change_text}; its credit note follows.")


def _answer_undone(document: OrderSync, change: Change, policy: str, answer: Answer) -> None:
    change_text = f"The order was {change.undone}"
    if change.order.status_id not in CANCELLED:
        change_text += ", and BigCommerce has no refund of it"
    if policy == Policy.IGNORE:
        answer.done.append(f"{change_text}; the connection ignores cancellations.")
    elif policy == Policy.REVIEW:
        answer.asked.append(f"{change_text}; its invoice is not credited yet.")
    else:
        answer.rows.append(credit_note_row(document, 0, -credit_note.invoiced(document).rest))
        answer.done.append(f"{change_text}; what remains of its invoice is credited.")


def _answer_edits(document: OrderSync, change: Change, policy: str, answer: Answer) -> None:
    change_text = "The order changed after it was posted: " + " ".join(change.edits)
    if policy == EditPolicy.IGNORE:
        answer.done.append(f"{change_text} The connection ignores edits.")
    elif policy == Decision.CREDIT:
        answer.rows.append(credit_note_row(document, -document.sequence, -credit_note.invoiced(document).rest))
        answer.done.append(f"{change_text} What remains of its invoice is credited.")
    elif policy == EditPolicy.CREDIT_AND_REPOST and (obstacle := cannot_repost(document, change)):
        answer.asked.append(f"{change_text} {obstacle}")
    elif policy == EditPolicy.CREDIT_AND_REPOST:
        if (rest := credit_note.invoiced(document).rest) > 0:
            answer.rows.append(credit_note_row(document, -document.sequence, -rest))
        answer.rows.append(next_invoice_row(document))
        answer.done.append(f"{change_text} Its invoice is credited and another one made.")
    else:
        answer.asked.append(change_text)


def cannot_repost(document: OrderSync, change: Change | None = None) -> str:
    """Return why an order cannot be credited and posted again; "" when it can."""
    refunded = document.credits.filter(sequence__gt=0).exclude(state=State.SKIPPED).exists()
    if refunded or (change and (change.refunds or change.undone)):
        return (
            "It was also refunded or cancelled, and another invoice would charge the refunded amount again. Correct "
            "it in Exact by hand, then choose 'leave it'."
        )
    outcome = terms_of(document.connection).draft(change.order) if change else None
    if isinstance(outcome, Held):
        return f"The order cannot be invoiced as it is now, so nothing is credited yet. {details.hold_of(outcome)}"
    return ""
