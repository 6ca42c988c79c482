"""After the posting: refunds, cancellations and edits of an order whose invoice stands in Exact.

What was posted is never altered. The connection's policies, or a person, say what follows: a credit note, a credit note
and another invoice, a flag for a person, or a line in the history. The same change is answered once.
"""

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from connector.domain.due import undone
from connector.domain.fingerprint import content, diff
from connector.domain.money import minor_digits, round_half_up
from connector.domain.order import Order
from connector.domain.outcome import Held
from connector.domain.refund import Refund, shows_refund
from connector.domain.states import SkipReason, State
from connector.flow import credits, details, ledger
from connector.flow.clock import database_now
from connector.flow.fetch import Fetched, read
from connector.flow.holds import Hold
from connector.flow.translate import terms_of
from connector.models import Delivery, OrderSync
from connector.models.connections import EditPolicy, Policy

CANCELLED = frozenset({5, 6})
REFUND_SCOPE = "store/order/refund/created"
# What a person may choose; the connection's policies have the same words.
CREDIT_NOW, CREDIT_AND_REPOST, LEAVE = "credit", "credit_and_repost", "leave"
Row = dict[str, Any]
TYPED_BY_HAND = (
    "Its invoice was typed by hand, so no credit note can be worked out from it: make it in Exact, then choose "
    "'leave it'."
)


@dataclass(slots=True)
class Change:
    """What became of the order since its invoice was posted. `refunds` are those that the ledger does not have."""

    order: Order
    remains: bool = True
    refunds: list[tuple[Refund, Row]] = field(default_factory=list)
    undone: str = ""  # cancelled, declined, or refunded without a refund that tells the amount
    edits: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # for a person, whatever the policies say

    @property
    def mark(self) -> str:
        """A hash of it: equal for an equal change, empty for none."""
        return self.mark_without(frozenset())

    def mark_without(self, answered: Collection[int]) -> str:
        """The mark of what is left when there are documents of these sequences."""
        refunds = [refund.id for refund, _ in self.refunds if refund.id not in answered]
        told = [refunds, "" if 0 in answered else self.undone, self.edits, self.others]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest() if any(told) else ""


@dataclass(slots=True)
class Answer:
    """What follows: rows to be made, and sentences for the history; those in `asked` wait for a person."""

    rows: list[OrderSync] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def look(document: OrderSync, fetched: Fetched, read_refunds: Callable[[], list[Row]]) -> None:
    """Answer to what became of a posted order. Refunds are read only where there is a sign of one."""
    if _is_superseded(document):
        ledger.note(document, "The order has a later invoice; changes are told there.", recheck_at=None)
        return
    rows = read_refunds() if shows_refund(fetched.order) or _refund_rang(document) else []
    try:
        change = _change(document, fetched.order, rows)
    except Hold as cause:  # a refund that cannot be understood is for a person
        change = Change(fetched.order, others=[str(cause)])
    if not change.mark:
        ledger.note(document, "Read again: nothing changed.", recheck_at=None, decision="")
    elif change.mark == document.reviewed and not document.decision:
        ledger.note(document, "Read again: nothing changed since that was told.", recheck_at=None)
    else:
        _record(document, change, _answer(document, change))


def gone(document: OrderSync) -> None:
    """BigCommerce does not have the order any more: what was posted stays, and a person is told."""
    change = Change(read(document.order_data or {}).order)
    change.others.append("BigCommerce does not have this order any more. What was posted stays in Exact.")
    if change.mark == document.reviewed:
        ledger.note(document, "Still not in BigCommerce.", recheck_at=None, decision="")
    else:
        _record(document, change, Answer(asked=change.others))


def second_look(order: Order) -> dict[str, Any]:
    """What to note with the posting of an order that was refunded before it was first seen: look again then."""
    return {"recheck_at": database_now()} if shows_refund(order) else {}


def _is_superseded(document: OrderSync) -> bool:
    later = OrderSync.objects.filter(
        connection=document.connection_id,
        order_id=document.order_id,
        kind=credits.INVOICE,
        sequence__gt=document.sequence,
    )
    return later.exists()


def _refund_rang(document: OrderSync) -> bool:
    return Delivery.objects.filter(
        store=document.connection.store_id, order_id=document.order_id, scope=REFUND_SCOPE
    ).exists()


def _change(document: OrderSync, order: Order, rows: list[Row]) -> Change:
    change = Change(order)
    refunds = [
        (refund, row)
        for refund in credits.understand(rows, document.currency)
        for row in rows
        if str(row.get("id")) == str(refund.id) and not refund.declined and refund.total
    ]
    of_order = OrderSync.objects.filter(
        connection=document.connection_id, order_id=document.order_id, kind=credits.CREDIT
    )
    known = set(of_order.values_list("sequence", flat=True))
    change.refunds = [(refund, row) for refund, row in refunds if refund.id not in known]
    change.remains = document.draft is None or credits.invoiced(document).rest > 0
    by_hand = not refunds and not known  # the status says refunded, and nothing else does
    if change.remains and (0 not in known if order.status_id in CANCELLED else by_hand):
        change.undone = undone(order)
    if order.status_id not in CANCELLED:
        change.edits = diff(content(read(document.order_data or {}).order), content(order))
        if 0 in known and not change.remains:
            change.others.append(f"The order is active again (status {order.status_id}), and its invoice was credited.")
    if order.is_deleted:
        change.others.append("The order was archived in BigCommerce. What was posted stays in Exact.")
    return change


def _answer(document: OrderSync, change: Change) -> Answer:
    """By the person's decision, when the change is still the one that was decided on, else by the policies."""
    decision = document.decision
    answer = Answer()
    if decision and change.mark != document.reviewed:
        answer.asked.append("The order changed again since it was decided on.")
        decision = ""
    if decision == LEAVE:
        answer.done.append("Left as it is.")
        answer.rows = [_left(document, refund, row) for refund, row in change.refunds]
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
        policy = Policy.REVIEW if decision == CREDIT_NOW and not only_edits else decision or connection.edits
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
            answer.rows.append(_credit_row(document, refund.id, -refund.total, row))
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
        answer.rows.append(_credit_row(document, 0, -credits.invoiced(document).rest))
        answer.done.append(f"{told}; what remains of its invoice is credited.")


def _answer_edits(document: OrderSync, change: Change, policy: str, answer: Answer) -> None:
    told = "The order changed after it was posted: " + " ".join(change.edits)
    if policy == EditPolicy.IGNORE:
        answer.done.append(f"{told} The connection ignores edits.")
    elif policy == CREDIT_NOW:
        answer.rows.append(_credit_row(document, -document.sequence, -credits.invoiced(document).rest))
        answer.done.append(f"{told} What remains of its invoice is credited.")
    elif policy == EditPolicy.CREDIT_AND_REPOST and (obstacle := cannot_repost(document, change)):
        answer.asked.append(f"{told} {obstacle}")
    elif policy == EditPolicy.CREDIT_AND_REPOST:
        if (rest := credits.invoiced(document).rest) > 0:
            answer.rows.append(_credit_row(document, -document.sequence, -rest))
        answer.rows.append(_next_invoice(document))
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
        return f"As it is now it cannot be invoiced, so nothing is credited yet. {details.told(outcome)[1]}"
    return ""


def _credit_row(document: OrderSync, sequence: int, total: Any, refund: Row | None = None) -> OrderSync:
    return OrderSync(
        connection=document.connection,
        division_id=document.division_id,
        order_id=document.order_id,
        kind=credits.CREDIT,
        sequence=sequence,
        form=document.form,
        original=document,
        next_attempt_at=database_now(),
        order_data={**(document.order_data or {}), **({"refund": refund} if refund else {})},
        total=round_half_up(total, minor_digits(document.currency)),
        currency=document.currency,
        customer=document.customer,
        email=document.email,
        rules=document.rules,
    )


def _left(document: OrderSync, refund: Refund, row: Row) -> OrderSync:
    """A refund that a person leaves: its row says so, and can be re-posted."""
    left = _credit_row(document, refund.id, -refund.total, row)
    left.state, left.reason, left.next_attempt_at = State.SKIPPED, SkipReason.PERSON, None
    left.message = "A person chose to make no credit note of this refund; the history of the invoice says who and why."
    return left


def _next_invoice(document: OrderSync) -> OrderSync:
    return OrderSync(
        connection=document.connection,
        division_id=document.division_id,
        order_id=document.order_id,
        sequence=document.sequence + 1,
        form=document.connection.document,
        next_attempt_at=database_now(),
    )


def _record(document: OrderSync, change: Change, answer: Answer) -> None:
    """Make the rows and write down what was found and what follows, together."""
    asked = " ".join([*answer.asked, "Choose below what is to be done."]) if answer.asked else ""
    with transaction.atomic():
        OrderSync.objects.bulk_create(answer.rows, ignore_conflicts=True)
        ledger.note(
            document,
            " ".join([*answer.done, asked]).strip(),
            data={"differences": change.edits, "refunds": [refund.id for refund, _ in change.refunds]},
            changed=bool(asked),
            message=asked,
            reviewed=change.mark_without({row.sequence for row in answer.rows if row.is_credit}),
            decision="",
            recheck_at=None,
        )
