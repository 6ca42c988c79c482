"""Decides what follows from a change, by the connection's policies or a person's decision."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from connector.domain.choices import Decision, EditPolicy, Policy
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, of_param, problem
from connector.domain.document.states import State
from connector.domain.money import ZERO, plain, total
from connector.domain.order.refund import Refund
from connector.flow.changes import credit_note
from connector.flow.changes.detect import CANCELLED, Change
from connector.flow.changes.follow_up_rows import credit_note_row, left_refund_row, next_invoice_row
from connector.flow.hold import Hold
from connector.flow.ledger import due_receipts, to_settle
from connector.models import OrderSync

PARTLY_REFUNDED = 14


@dataclass(slots=True)
class Answer:
    """What follows: new rows, and what the history says. A person must decide about what is in `asked`.

    `waits`: an edit is credited and posted again when the order has a status that is posted.
    `paid_out` is what refunds after a cancellation gave as store credit or gift certificate and a person settles.
    """

    rows: list[OrderSync] = field(default_factory=list)
    done: list[Problem] = field(default_factory=list)
    asked: list[Problem] = field(default_factory=list)
    waits: bool = False
    paid_out: Decimal = ZERO


def answer_change(document: OrderSync, change: Change, check_next: Callable[[], None]) -> Answer:
    """Return what follows: by the person's decision when it was about this very change, else by the policies.

    `check_next` raises Hold when the order's next invoice could not be posted. It is called before one is asked for.
    """
    decision = document.decision
    answer = Answer()
    if decision and not change.is_reviewed(document.reviewed):
        answer.asked.append(Problem(Code.CHANGED_AFTER_DECISION))
        decision = ""
    if decision == Decision.LEAVE:
        answer.done.append(Problem(Code.LEFT_AS_IT_IS))
        answer.rows = [left_refund_row(document, refund, row) for refund, row in change.refunds]
        return answer
    _answer_without_credit(document, change, answer)
    if document.draft is None:
        answer.asked += [*_facts(document, change), Problem(Code.TYPED_BY_HAND)]
        return answer
    connection = document.connection
    if change.refunds:
        typed = "" if decision else credit_note.typed_without_refund(document)
        _answer_refunds(document, change, decision or connection.refunds, typed, answer)
    if change.undone:
        # The amount that was given back is not known, so a person decides.
        unknown = change.order.status_id not in CANCELLED or change.unreadable
        policy = Policy.REVIEW if unknown and not decision else decision or connection.cancellations
        _answer_undone(document, change, policy, answer)
    if change.edits:
        only_edits = not change.refunds and not change.undone and not change.unreadable
        policy = Policy.REVIEW if decision == Decision.CREDIT and not only_edits else decision or connection.edits
        _answer_edits(document, change, policy, answer, check_next)
    (answer.done if decision else answer.asked).extend(change.others)
    return answer


def _answer_without_credit(document: OrderSync, change: Change, answer: Answer) -> None:
    """Take the refunds for which nothing is credited: what was credited before, and what was declined."""
    for refund, row in change.paid_out:
        answer.done.append(problem(Code.REFUND_PAYS_OUT, **_given_back(document, refund)))
        answer.rows += due_receipts.rows_for_paid_out(document, refund, row)
        if by_hand := to_settle.of_refund(document.connection, refund):
            answer.done.append(problem(Code.REFUND_TO_SETTLE, amount=by_hand, currency=document.currency))
            answer.paid_out += by_hand
    declined = [problem(Code.REFUND_DECLINED, **_given_back(document, refund)) for refund in change.declined]
    (answer.asked if change.undone else answer.done).extend(declined)


def _facts(document: OrderSync, change: Change) -> list[Problem]:
    """Return everything of a change that only a person can handle."""
    refunds = [problem(Code.REFUND_MADE, **_given_back(document, refund)) for refund, _ in change.refunds]
    undone_too = [problem(Code.ORDER_UNDONE, undone=change.undone)] if change.undone else []
    return [*refunds, *undone_too, *change.edits, *change.others]


def _given_back(document: OrderSync, refund: Refund) -> dict[str, object]:
    return {"id": refund.id, "amount": refund.total, "currency": document.currency}


def _answer_refunds(document: OrderSync, change: Change, policy: str, typed: str, answer: Answer) -> None:
    """Credit the refunds, or ask about them. `typed` are credits of a person that may be these refunds."""
    for refund, row in change.refunds:
        params = _given_back(document, refund)
        if policy == Policy.IGNORE:
            answer.done.append(problem(Code.REFUND_IGNORED, **params))
        elif typed:
            answer.asked.append(problem(Code.REFUND_MAYBE_TYPED, references=typed, **params))
        elif policy == Policy.REVIEW:
            answer.asked.append(problem(Code.REFUND_NOT_CREDITED, **params))
        else:
            answer.rows.append(credit_note_row(document, refund.id, -refund.total, row))
            answer.done.append(problem(Code.REFUND_CREDIT_FOLLOWS, **params))


def _answer_undone(document: OrderSync, change: Change, policy: str, answer: Answer) -> None:
    rest = credit_note.invoiced(document).rest + total(row.total or ZERO for row in answer.rows)
    stays = _nothing_to_credit(document)
    if rest <= 0 and not stays:
        return  # its refunds give back all of it
    if policy == Policy.IGNORE:
        answer.done.append(problem(Code.UNDONE_IGNORED, undone=change.undone))
    elif stays:
        answer.asked += [problem(Code.UNDONE_NOT_CREDITED, undone=change.undone), *stays]
    elif change.order.status_id == PARTLY_REFUNDED:
        answer.asked += [problem(Code.UNDONE_NOT_CREDITED, undone=change.undone), Problem(Code.AMOUNT_NOT_KNOWN)]
    elif policy == Policy.REVIEW:
        answer.asked.append(problem(Code.UNDONE_NOT_CREDITED, undone=change.undone))
    else:
        answer.rows.append(credit_note_row(document, 0, -rest))
        answer.done.append(problem(Code.UNDONE_CREDITED, undone=change.undone))


def _answer_edits(
    document: OrderSync, change: Change, policy: str, answer: Answer, check_next: Callable[[], None]
) -> None:
    edits = [Problem(Code.ORDER_CHANGED), *change.edits]
    if policy == EditPolicy.IGNORE:
        answer.done += [*edits, Problem(Code.EDIT_IGNORED)]
    elif policy == Decision.CREDIT and (stays := _nothing_to_credit(document)):
        answer.asked += [*edits, *stays]
    elif policy == Decision.CREDIT:
        answer.rows.append(credit_note_row(document, -document.sequence, -credit_note.invoiced(document).rest))
        answer.done += [*edits, Problem(Code.EDIT_CREDITED)]
    elif policy == EditPolicy.CREDIT_AND_REPOST and (obstacles := _why_not_repost(document, change, check_next)):
        waiting = _status_waited_for(obstacles) if policy == document.connection.edits else None
        answer.waits = waiting is not None
        (answer.done if waiting else answer.asked).extend([*edits, *((waiting,) if waiting else obstacles)])
    elif policy == EditPolicy.CREDIT_AND_REPOST:
        if (rest := credit_note.invoiced(document).rest) > 0:
            answer.rows.append(credit_note_row(document, -document.sequence, -rest))
        answer.rows.append(next_invoice_row(document))
        answer.done += [*edits, Problem(Code.EDIT_REPOSTED)]
    else:
        answer.asked += edits


def _why_not_repost(document: OrderSync, change: Change, check_next: Callable[[], None]) -> tuple[Problem, ...]:
    """Return why the order cannot be credited and posted again; empty when it can. Raises the clients' errors."""
    if change.refunds or change.unreadable or change.undone or was_refunded(document):
        return (Problem(Code.REPOST_CHARGES_REFUND),)
    if stays := _nothing_to_credit(document):
        return stays
    try:
        check_next()
    except Hold as cause:
        return (Problem(Code.REPOST_IMPOSSIBLE), *cause.problems)
    return ()


def _nothing_to_credit(document: OrderSync) -> tuple[Problem, ...]:
    """Return that an invoice of 0.00 cannot be credited and has amounts on accounts; empty for any other."""
    booked = credit_note.invoiced(document).on_accounts
    accounts = ", ".join(f"{account} {plain(net)}" for account, net in booked.items())
    return (problem(Code.NOTHING_TO_CREDIT, reference=document.reference, accounts=accounts),) if booked else ()


def _status_waited_for(obstacles: tuple[Problem, ...]) -> Problem | None:
    """Return that the edit waits when the order's status alone prevents its next invoice, so that nobody is asked."""
    why = (str(each.params["why"]) for each in obstacles if each.code is Code.NEXT_INVOICE_NOT_DUE)
    not_due = (inner for text in why for inner in of_param(text) or ())
    statuses = (inner.params["status"] for inner in not_due if inner.code is Code.STATUS_NOT_POSTED)
    return next((problem(Code.EDIT_WAITS, status=status) for status in statuses), None)


def was_refunded(document: OrderSync) -> bool:
    """Whether some of the invoice was credited for a refund, or is to be."""
    of_all = [0, -document.sequence]
    return document.credits.exclude(sequence__in=of_all).exclude(state=State.SKIPPED).exists()
