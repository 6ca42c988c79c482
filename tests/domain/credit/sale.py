"""An invoice and its credit notes from their lines alone, and refunds of them. Prices exclude VAT, at 21 %."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.choices import PostingSettings, VatRounding
from connector.domain.credit.allocate import allocate_refund
from connector.domain.credit.invoiced import EarlierCredit, Invoiced, NotToBeCredited
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.predict import add_up
from connector.domain.money import round_half_up, total
from connector.domain.order.model import LineKind, OrderLine, whole_key
from connector.domain.order.refund import Refund, RefundItem, RefundOf
from tests.domain.basket import charge, order_of
from tests.domain.books import plain_order, read_books

BOOKS = read_books({})
BY_LINE: PostingSettings = BOOKS.settings
BY_CODE = replace(BY_LINE, vat_rounding=VatRounding.CODE)
PLAIN = BOOKS.translate_order(plain_order())
assert isinstance(PLAIN, Draft)


def booked(key: str, gross: str, rate: str = "21", *, quantity: int = 1, **changes: Any) -> DraftLine:
    """A line of an invoice: `product:1`, with the VAT that `gross` has in it."""
    vat = round_half_up(D(gross) * D(rate) / (100 + D(rate)), 2)
    net = D(gross) - vat
    assert isinstance(PLAIN, Draft)
    line = replace(
        PLAIN.lines[0],
        key=key,
        kind=LineKind(key.partition(":")[0]),
        description=key.replace(":", " ").capitalize(),
        quantity=D(quantity),
        net_price=net / quantity,
        vat_code={"21": "2", "9": "1", "0": "0"}[rate],
        vat_percentage=D(rate),
        net=net,
        vat=vat,
        gross=D(gross),
    )
    return replace(line, **changes)


def sale(*lines: DraftLine, charged: Mapping[str, str] | None = None) -> Invoiced:
    """The invoice with these lines. The shop `charged` another gross amount of some."""
    assert isinstance(PLAIN, Draft)
    sums = add_up(lines)
    order = order_of(*_charges(lines, charged or {}))
    draft = replace(PLAIN, lines=lines, net=sums.net, vat=sums.vat, gross=sums.gross, order_total=sums.gross)
    return Invoiced(draft, order, ())


def _charges(lines: Iterable[DraftLine], charged: Mapping[str, str]) -> list[OrderLine]:
    """What the shop charged. A tax apart and a rounding are no lines of the order; shipping at two rates is one."""
    found: dict[str, OrderLine] = {}
    for line in lines:
        if line.kind in {LineKind.TAX, LineKind.ROUNDING}:
            continue
        key = whole_key(line.key)
        before = found.get(key, charge(key, "0.00", "0.00"))
        gross, vat = before.gross + line.gross, before.tax + line.vat
        found[key] = charge(key, charged.get(key, str(gross)), str(vat), quantity=line.quantity)
    return list(found.values())


def item(of: str, number: int, *, pieces: int = 0, amount: str | None = None, adjustment: str = "0.00") -> RefundItem:
    return RefundItem(RefundOf(of), str(number), D(pieces), None if amount is None else D(amount), D(adjustment))


def product(number: int, pieces: int = 1, *, adjustment: str = "0.00") -> RefundItem:
    """Pieces of a product."""
    return item("PRODUCT", number, pieces=pieces, adjustment=adjustment)


def goodwill(amount: str) -> RefundItem:
    """An amount for the whole order."""
    return item("ORDER", 1001, pieces=1, amount=amount)


def refund(amount: str, *items: RefundItem, number: int = 31, **changes: Any) -> Refund:
    """A refund that was paid."""
    found = Refund(number, None, "", D(amount), None, False, items, D(amount))
    return replace(found, **changes)


def credited(invoiced: Invoiced, given: Refund | None, shares: Mapping[str, str]) -> Invoiced:
    """The invoice with one more credit note, which took these amounts of its lines."""
    lines = tuple(_share(line, D(shares[line.key])) for line in invoiced.draft.lines if line.key in shares)
    sums = add_up(lines)
    note = replace(invoiced.draft, lines=lines, net=sums.net, vat=sums.vat, gross=sums.gross)
    return replace(invoiced, earlier=(*invoiced.earlier, EarlierCredit(given, note, sums.gross)))


def _share(line: DraftLine, share: D) -> DraftLine:
    vat = round_half_up(line.vat * share / line.gross, 2)
    return replace(line, net=vat - share, vat=-vat, gross=-share)


def shares(invoiced: Invoiced, given: Refund, settings: PostingSettings = BY_LINE) -> dict[str, str]:
    """What the refund gives back of each line."""
    found = allocate_refund(invoiced, given, settings)
    assert total(found.values()) == given.total
    return {key: str(share) for key, share in found.items()}


def why_held(invoiced: Invoiced, given: Refund, settings: PostingSettings = BY_LINE) -> Problem:
    with pytest.raises(NotToBeCredited) as held:
        allocate_refund(invoiced, given, settings)
    return held.value.problem


def held(invoiced: Invoiced, given: Refund, settings: PostingSettings = BY_LINE) -> Code:
    """The code of why the refund is held."""
    return why_held(invoiced, given, settings).code
