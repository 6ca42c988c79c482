"""The pieces that a credit note brings back into stock: as many as the refund gives back, also those that were free."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from connector.domain.choices import CreditSign, PostingSettings
from connector.domain.credit.invoiced import BY_QUANTITY, Invoiced, NotToBeCredited, of_key
from connector.domain.document.codes import Code
from connector.domain.invoice.draft import DIRECT_INVOICE, Draft, DraftLine
from connector.domain.money import ZERO, shortest, total
from connector.domain.order.model import LineKind, OrderLine, whole_key
from connector.domain.order.refund import Refund

Pieces = Mapping[str, Decimal]
"""The pieces of goods by the key of their line."""


def coming_back(invoiced: Invoiced, refund: Refund | None) -> Pieces:
    """Return the goods that come back into stock; none of an invoice that took none, or of an amount alone.

    Without a refund all comes back that did not before. The parts of a bundle come back with it.
    """
    if invoiced.draft.type != DIRECT_INVOICE:
        return {}
    found = defaultdict[str, Decimal](Decimal)
    for line in _goods(invoiced):
        pieces = _of_line(invoiced, refund, line)
        found[line.key] += pieces
        for part in line.parts:
            if line.quantity and of_key(invoiced.draft, part.key):
                found[part.key] = max(found[part.key], part.quantity * pieces / line.quantity)
    return {key: pieces for key, pieces in found.items() if pieces}


def _goods(invoiced: Invoiced) -> Iterator[OrderLine]:
    goods = (line for line in invoiced.order.lines if line.kind is LineKind.PRODUCT and not line.digital)
    return (line for line in goods if of_key(invoiced.draft, line.key))


def _of_line(invoiced: Invoiced, refund: Refund | None, line: OrderLine) -> Decimal:
    if refund is None:
        return max(ZERO, line.quantity - invoiced.refunded_quantity(line.key))
    items = (item for item in refund.items if item.of in BY_QUANTITY and item.amount is None)
    return total(item.quantity for item in items if invoiced.key_of(item) == line.key)


def free_lines(draft: Draft, back: Pieces, settings: PostingSettings) -> tuple[DraftLine, ...]:
    """Return the lines of the goods that come back and were free."""
    free = (line for line in draft.lines if not line.gross and back.get(line.key))
    by_quantity = settings.credit_sign == CreditSign.QUANTITY
    return tuple(replace(line, quantity=back[line.key] * (-1 if by_quantity else 1)) for line in free)


def require(invoiced: Invoiced, back: Pieces, lines: tuple[DraftLine, ...]) -> None:
    """Raise NotToBeCredited when the credit note's lines would bring other pieces back than the refund gives back."""
    if not back:
        return
    for line in _goods(invoiced):
        for each in (line, *line.parts):
            made = total(abs(one.quantity) for one in lines if whole_key(one.key) == each.key)
            if made != back.get(each.key, ZERO):
                raise NotToBeCredited(
                    Code.CREDIT_PIECES_LOST,
                    name=each.name,
                    line=each.key,
                    pieces=shortest(back.get(each.key, ZERO)),
                    quantity=shortest(made),
                )
