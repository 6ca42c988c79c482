"""Any refunds of an order: never more than its invoice, and a full refund is exactly its invoice."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.choices import PostingSettings
from connector.domain.credit.credit_note import EarlierCredit, Heading, Invoiced, NotToBeCredited, credit
from connector.domain.invoice.draft import CREDIT_ENTRY, CREDIT_NOTE, Draft
from connector.domain.invoice.translate import translate
from connector.domain.money import round_half_up, total
from connector.domain.order.model import LineKind, Order
from connector.domain.order.read import read_order
from connector.domain.order.refund import Refund, read_refunds
from connector.domain.vat_arithmetic import with_vat
from tests.domain.shop import DIGITS, orders
from tests.domain.test_properties import BOOKS, CONVERTED, SOME


def refund_of(number: int, amount: D, items: list[dict[str, Any]], digits: int) -> Refund:
    row = {
        "id": number,
        "created": "2026-04-01T10:00:00Z",
        "reason": "",
        "total_amount": str(amount),
        "items": items,
        "payments": [{"id": 1, "amount": str(amount), "is_declined": False}],
    }
    return read_refunds([row], digits)[0]


@st.composite
def refunds(draw: st.DrawFn, order: Order) -> list[Refund]:
    """The refunds of a merchant, as the shop computes them. The last one refunds the rest."""
    left, digits = order.total_inc, DIGITS[order.currency]
    unit = D(1).scaleb(-digits)
    pieces = {line.key: line.quantity for line in order.lines}
    found: list[Refund] = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        items, amount = [], D(0)
        for line in draw(st.lists(st.sampled_from(order.lines), unique_by=lambda line: line.key, max_size=3)):
            if line.kind is LineKind.PRODUCT and draw(st.booleans()) and (most := int(pieces[line.key])):
                quantity = draw(st.integers(1, most))
                pieces[line.key] -= quantity
                amount += round_half_up(line.gross * quantity / line.quantity, digits)
                items.append(item_of(line.key, quantity, None))
            elif line.gross:
                part = draw(st.integers(1, int(line.gross / unit))) * unit
                amount += part
                items.append(item_of(line.key, 0, str(part)))
        if draw(st.integers(0, 2)) == 0:
            part = draw(st.integers(1, int(order.total_inc / unit) or 1)) * unit
            amount += part
            items.append({"item_type": "ORDER", "item_id": order.id, "quantity": 1, "requested_amount": str(part)})
        if items and 0 < amount <= left:
            left -= amount
            found.append(refund_of(number, amount, items, digits))
    items = [{"item_type": "ORDER", "item_id": order.id, "quantity": 1, "requested_amount": str(left)}]
    return [*found, refund_of(99, left, items, digits)] if left else found


KINDS = {
    "product": "PRODUCT",
    "gift_certificate": "PRODUCT",
    "wrapping": "GIFT_WRAPPING",
    "shipping": "SHIPPING",
    "handling": "HANDLING",
    "fee": "FEE",
}


def item_of(key: str, quantity: int, amount: str | None) -> dict[str, Any]:
    kind, _, number = key.partition(":")
    return {
        "item_type": KINDS[kind],
        "item_id": number,
        "quantity": quantity,
        "requested_amount": amount,
    }


def heading(number: int) -> Heading:
    return Heading(f"SHOP-1001-C{number}", date(2026, 4, 1), "26700001")


def by_rate(drafts: Iterable[Draft]) -> dict[D, D]:
    lines = [line for draft in drafts for line in draft.lines]
    return {
        rate: total(line.vat for line in lines if line.vat_percentage == rate)
        for rate in {line.vat_percentage for line in lines}
    }


def assert_exact(note: Draft, refund: Refund, terms: PostingSettings) -> None:
    """Exact makes of it what was predicted, and that is the refund."""
    digits = DIGITS[note.currency]
    assert note.type == (CREDIT_ENTRY if terms.is_entry else CREDIT_NOTE)
    assert -note.gross == refund.total
    assert note.net + note.vat == note.gross
    for line in note.lines:
        assert line.net_price >= 0
        assert line.quantity < 0
        amount = line.gross if line.vat_type == "I" else line.net
        assert round_half_up(line.quantity * line.net_price, digits) == amount
        assert line.net + line.vat == line.gross
        exact = with_vat(amount, line.vat_percentage, digits, included=line.vat_type == "I").vat
        forced = terms.force_vat and line.vat_amount == line.vat
        assert line.vat == exact or (forced and abs(exact - line.vat) <= D(1).scaleb(-digits))
        assert line.vat_amount is None or terms.force_vat or terms.is_entry


@SOME
@given(
    st.data(),
    orders(currencies=("EUR", "EUR", "JPY", "KWD")),
    st.sampled_from([BOOKS, CONVERTED]),
    st.booleans(),
    st.sampled_from(["sales_invoice", "sales_entry"]),
)
def test_refunds_never_exceed_the_invoice_and_all_of_them_are_exactly_it(
    data: st.DataObject, raw: dict[str, Any], books: Any, force_vat: bool, document: Any
) -> None:
    terms = replace(books.settings, force_vat=force_vat, document=document)
    order = read_order({**raw, "taxes": raw["table"]})
    invoice = translate(order, terms, books.rules, books.chart)
    if not isinstance(invoice, Draft) or not invoice.gross:
        return
    earlier: list[EarlierCredit] = []
    for refund in data.draw(refunds(order)):
        try:
            note = credit(Invoiced(invoice, order, tuple(earlier)), refund, terms, heading(refund.id))
        except NotToBeCredited:
            continue  # held: nothing is credited
        assert_exact(note, refund, terms)
        earlier.append(EarlierCredit(refund, note, note.gross))
        invoiced = Invoiced(invoice, order, tuple(earlier))
        assert invoiced.rest >= 0
        for line in invoice.lines:
            left = invoiced.left(line)
            assert min(left.net, left.vat, left.gross) >= 0
    if not Invoiced(invoice, order, tuple(earlier)).rest:
        notes = [each.draft for each in earlier if each.draft]
        assert (total(n.net for n in notes), total(n.vat for n in notes)) == (-invoice.net, -invoice.vat)
        assert by_rate(notes) == {rate: -vat for rate, vat in by_rate([invoice]).items() if rate in by_rate(notes)}
