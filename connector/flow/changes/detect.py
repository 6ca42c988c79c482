"""Finds the changes of a posted order: refunds, cancellations and edits that its invoice does not have."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

from connector.domain.choices import DocumentKind, GiftCertificates
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.document.states import State
from connector.domain.money import ZERO, minor_digits
from connector.domain.order.edits import edits
from connector.domain.order.fields import in_english
from connector.domain.order.model import Order
from connector.domain.order.refund import Refund, read_each_refund
from connector.domain.rules.due import undone
from connector.flow.changes import credit_note
from connector.flow.order.fetch import read
from connector.models import Delivery, OrderSync

CANCELLED = frozenset({5, 6})
REFUND_SCOPE = "store/order/refund/created"
Row = dict[str, Any]
# How facts were written in the marks of earlier releases, in every language. They only tell such a mark again. People
# read the sentences of `connector.problems`.
_MARKED: Final[Mapping[Code, str]] = {
    Code.ORDER_FIELD_CHANGED: "The order: %(changed)s was %(before)s and is now %(after)s.",
    Code.LINE_FIELD_CHANGED: "Line %(key)s: %(changed)s was %(before)s and is now %(after)s.",
    Code.LINE_REMOVED: 'Line %(key)s, %(quantity)s x "%(name)s" for %(gross)s, was removed.',
    Code.LINE_ADDED: 'Line %(key)s, %(quantity)s x "%(name)s" for %(gross)s, was added.',
    Code.ORDER_ACTIVE_AGAIN: "The order is active again (status %(status)s), and its invoice was credited.",
    Code.ORDER_ARCHIVED: "The order was archived in BigCommerce. What was posted stays in Exact.",
    Code.ORDER_GONE: "BigCommerce does not have this order any more. What was posted stays in Exact.",
    Code.REFUNDS_UNREADABLE: (
        "BigCommerce's answer about the refunds of this order could not be understood: %(detail)s"
    ),
}
_NO_MONEY = {"key", "name"}  # what may change in a reviewed edit


@dataclass(slots=True)
class Change:
    """What changed since the order's invoice was posted. `refunds` are those that the ledger does not have.

    `paid_out`: refunds of what was credited already when the order was cancelled. `declined`: refunds of which no
    money went back. `unreadable`: refunds of which it is not known what they gave back; they are among `others` too.
    """

    order: Order
    remains: bool = True
    refunds: list[tuple[Refund, Row]] = field(default_factory=list)
    paid_out: list[tuple[Refund, Row]] = field(default_factory=list)
    declined: list[Refund] = field(default_factory=list)
    unreadable: bool = False
    undone: str = ""  # cancelled, declined, or refunded without a refund of known amount
    edits: list[Problem] = field(default_factory=list)
    others: list[Problem] = field(default_factory=list)  # for a person, whatever the policies say

    @property
    def mark(self) -> str:
        """A hash of the change: equal for an equal change, "" for none."""
        return self.mark_without(frozenset())

    def mark_without(self, answered: Collection[int]) -> str:
        """Return the mark without the changes that have documents with these sequences."""
        return self._mark(_moved(self.edits), _by_code(self.others), answered)

    @property
    def mark_at_status(self) -> str:
        """A hash of the change and of the order's status: an edit may wait for another one."""
        return hashlib.sha256(f"{self.mark} {self.order.status_id}".encode()).hexdigest()

    def is_reviewed(self, mark: str) -> bool:
        """Whether a mark in the ledger is of this change. Earlier releases wrote sentences in it."""
        edited, others = (_moved(self.edits), _marked(self.edits)), (_by_code(self.others), _marked(self.others))
        return mark in {self.mark_at_status, *(self._mark(*written) for written in product(edited, others))}

    def _mark(self, edited: list[Any], others: list[Any], answered: Collection[int] = ()) -> str:
        refunds = [refund.id for refund, _ in self.refunds if refund.id not in answered]
        left: list[Any] = [refunds, "" if 0 in answered else self.undone, edited, others]
        if self.paid_out:
            left.append([refund.id for refund, _ in self.paid_out])
        if self.declined:
            left.append({"declined": [refund.id for refund in self.declined]})
        return hashlib.sha256(json.dumps(left).encode()).hexdigest() if any(left) else ""


def is_superseded(document: OrderSync) -> bool:
    later = OrderSync.objects.filter(
        connection=document.connection_id,
        order_id=document.order_id,
        kind=DocumentKind.INVOICE,
        sequence__gt=document.sequence,
    )
    return later.exists()


def refund_was_reported(document: OrderSync) -> bool:
    return Delivery.objects.filter(
        store=document.connection.store_id, order_id=document.order_id, scope=REFUND_SCOPE
    ).exists()


def find_change(document: OrderSync, order: Order, rows: list[Any]) -> Change:
    """Return what changed. A refund that cannot be read is for a person, and the others go on.

    Raises Hold when the invoice's order cannot be read.
    """
    made, unreadable = read_each_refund(rows, minor_digits(document.currency))
    change = Change(order, unreadable=bool(unreadable), others=[credit_note.unreadable(each) for each in unreadable])
    accepted = [(refund, row) for refund, row in made if not refund.declined]
    change.declined = [refund for refund, _row in made if refund.declined]
    of_order = OrderSync.objects.filter(
        connection=document.connection_id, order_id=document.order_id, kind=DocumentKind.CREDIT
    )
    known = set(of_order.values_list("sequence", flat=True))
    change.refunds = [(refund, row) for refund, row in accepted if refund.total and refund.id not in known]
    kept = _take_paid_out(change, of_order.filter(sequence=0).exclude(state=State.SKIPPED).first())
    change.remains = document.draft is None or credit_note.invoiced(document).has_something_left
    # Only the status says that it was refunded. A refund of nothing is one that says how much it was.
    by_hand = not accepted and not known and not unreadable
    if change.remains and (0 not in known if order.status_id in CANCELLED else by_hand):
        change.undone = undone(order)
    if order.status_id not in CANCELLED:
        single = document.connection.gift_certificates == GiftCertificates.SINGLE
        change.edits = edits(read(document.order_data or {}).order, order, single_purpose=single)
        if 0 in known and kept and not change.remains and not undone(order):
            change.others.append(problem(Code.ORDER_ACTIVE_AGAIN, status=order.status_id))
    if order.is_deleted:
        change.others.append(Problem(Code.ORDER_ARCHIVED))
    return change


def _take_paid_out(change: Change, cancellation: OrderSync | None) -> bool:
    """Set refunds apart that pay out what the credit note of the cancellation gave back, as far as that goes.

    Returns whether some of it was not paid out.
    """
    if cancellation is None:
        return True
    credited = -(cancellation.total or ZERO)
    single = cancellation.connection.gift_certificates == GiftCertificates.SINGLE
    for refund, row in list(change.refunds):
        # What a certificate of a single purpose paid was never invoiced, so it was not credited either.
        given = refund.total - (refund.to_gift_certificate if single else ZERO)
        if given <= credited:
            credited -= given
            change.paid_out.append((refund, row))
            change.refunds.remove((refund, row))
    return credited > ZERO


def _moved(facts: list[Problem]) -> list[list[Any]]:
    """Write edits without the names and ids of lines, which may change again without moving money."""
    return sorted(
        [str(each.code), *(value for name, value in each.params.items() if name not in _NO_MONEY)] for each in facts
    )


def _by_code(facts: list[Problem]) -> list[Any]:
    """Write facts as codes and parameters."""
    return [[str(each.code), dict(each.params)] for each in facts]


def _marked(facts: list[Problem]) -> list[Any]:
    """Write facts as earlier releases did: as sentences, where an empty value is called "empty"."""
    return [
        _MARKED[each.code] % _mark_values(each) if each.code in _MARKED else each_by_code
        for each, each_by_code in zip(facts, _by_code(facts), strict=True)
    ]


def _mark_values(fact: Problem) -> dict[str, str | int]:
    values = {name: "empty" if value == "" else value for name, value in fact.params.items()}
    if fact.code is Code.REFUNDS_UNREADABLE:
        values["detail"] = in_english(*(str(fact.params[name]) for name in ("field", "value", "expected")))
    return values
