"""Credits an amount that a person types: the store says that an order was refunded in part, and not how much.

The amount becomes a credit note of the order's invoice, as a refund does: the same checks, and never more than remains.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from connector.domain.credit.credit_note import TYPED, Invoiced, NotToBeCredited, credit
from connector.domain.document.states import State
from connector.domain.invoice.draft import DraftLine
from connector.domain.order.model import LineKind
from connector.domain.order.refund import RefundOf
from connector.flow.actions.transaction import NotPossible, action_data, by_hand, require_reason
from connector.flow.changes import credit_note
from connector.flow.changes.follow_up_rows import credit_note_row
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.ledger import transitions
from connector.flow.order.terms import settings_of
from connector.models import OrderSync
from connector.models.kept_words import english
from connector.problems.catalogue import sentence
from tenants.models import User

_ITEMS = {
    LineKind.PRODUCT: RefundOf.PRODUCT,
    LineKind.GIFT_CERTIFICATE: RefundOf.PRODUCT,
    LineKind.WRAPPING: RefundOf.GIFT_WRAPPING,
    LineKind.SHIPPING: RefundOf.SHIPPING,
    LineKind.HANDLING: RefundOf.HANDLING,
    LineKind.FEE: RefundOf.FEE,
}


@dataclass(frozen=True, slots=True)
class Rest:
    """What remains of an invoice, VAT included: in all, and of each line by its key with its name."""

    total: Decimal
    currency: str
    lines: Mapping[str, tuple[str, Decimal]]


def rest_of(document: OrderSync) -> Rest:
    """Return what remains of a posted invoice. Raises NotPossible when its lines are not known."""
    invoiced = _invoiced(document)
    found = {line.key: (line.description, invoiced.left(line).gross) for line in _lines(invoiced)}
    return Rest(invoiced.rest, document.currency, found)


def credit_amount(
    document: OrderSync, actor: User | None, reason: str, amount: Decimal, lines: Mapping[str, Decimal]
) -> None:
    """Credit exactly this amount of these lines, by their keys; without lines, of the order as a whole.

    Raises NotPossible when no change waits for a decision, and when the amount cannot be credited.
    """
    if document.state != State.POSTED or not document.change_pending:
        raise NotPossible(_("No change of this order waits for a decision."))
    require_reason(reason)
    invoiced = _invoiced(document)
    row = credit_note_row(document, _next_sequence(document), -amount, _refund(document, reason, amount, lines))
    _check(row, invoiced)
    with by_hand(document.division_id, reason):
        row.save(force_insert=True)
        text = english("Credit an amount: %(amount)s %(currency)s. %(reason)s")
        transitions.note(
            document,
            text % {"amount": amount, "currency": document.currency, "reason": reason},
            actor=actor,
            data=action_data("credit_amount", reason),
            decision="",
            change_pending=False,
            **transitions.causes(()),
        )


def _invoiced(document: OrderSync) -> Invoiced:
    if document.draft is None:
        raise NotPossible(_("Its invoice was typed by hand in Exact, so its lines are not known. Credit it there."))
    try:
        return credit_note.invoiced(document)
    except Hold as cause:
        raise NotPossible(" ".join(sentence(each) for each in cause.problems)) from None


def _lines(invoiced: Invoiced) -> list[DraftLine]:
    return [line for line in invoiced.draft.lines if line.kind in _ITEMS and invoiced.left(line).gross > 0]


def _next_sequence(document: OrderSync) -> int:
    of_order = OrderSync.objects.filter(connection=document.connection_id, order_id=document.order_id)
    return TYPED - 1 - of_order.filter(sequence__lt=TYPED).count()


def _refund(document: OrderSync, reason: str, amount: Decimal, lines: Mapping[str, Decimal]) -> dict[str, Any]:
    """Return the amount in the form of BigCommerce's refunds. No refund has this id."""
    items = [
        {"item_type": _ITEMS[LineKind(kind)].value, "item_id": number, "requested_amount": str(part)}
        for (kind, number), part in ((key.split(":")[:2], part) for key, part in lines.items())
    ]
    whole = [{"item_type": RefundOf.ORDER.value, "item_id": str(document.order_id), "requested_amount": str(amount)}]
    return {
        "id": 0,
        "created": database_now().isoformat(),
        "reason": reason,
        "total_amount": str(amount),
        "items": items or whole,
    }


def _check(row: OrderSync, invoiced: Invoiced) -> None:
    """Raise NotPossible when no credit note can be made of it."""
    settings = settings_of(row.connection)
    refund = credit_note.refund_of(row)
    assert refund is not None
    heading = credit_note.heading_of(refund, invoiced.draft.reference, "", settings, database_now())
    try:
        credit(invoiced, refund, settings, heading)
    except NotToBeCredited as why:
        raise NotPossible(sentence(why.problem)) from None
