"""What a refund gives back of shipping that stands on the invoice as a line at each rate."""

from datetime import date
from decimal import Decimal as D

import pytest

from connector.domain.credit.credit_note import EarlierCredit, Heading, Invoiced, NotToBeCredited, credit
from connector.domain.document.codes import Code
from connector.domain.invoice.draft import Draft
from connector.domain.order.refund import Refund, RefundItem, RefundOf
from tests.domain.basket import charge, order_of, taxed
from tests.domain.books import read_books

BOOKS = read_books({})
ORDER = order_of(
    charge("product:1", "109.00", "9.00"),
    charge("product:2", "121.00", "21.00"),
    charge("shipping:51", "11.50", "1.50"),
    taxes=[taxed("shipping:51", "9", "0.45"), taxed("shipping:51", "21", "1.05")],
)


def of_shipping(number: int, amount: str | None, paid: str) -> Refund:
    item = RefundItem(RefundOf.SHIPPING, "51", D(1), None if amount is None else D(amount))
    return Refund(number, None, "", D(paid), None, False, (item,), D(paid))


def credited(*refunds: Refund) -> list[list[tuple[str, D, D]]]:
    """Key, VAT and gross amount of each line, for one credit note after the other."""
    invoice = BOOKS.translate_order(ORDER)
    assert isinstance(invoice, Draft)
    earlier: list[EarlierCredit] = []
    for refund in refunds:
        heading = Heading(f"SHOP-1001-C{refund.id}", date(2026, 4, 1), "26700001")
        note = credit(Invoiced(invoice, ORDER, tuple(earlier)), refund, BOOKS.settings, heading)
        earlier.append(EarlierCredit(refund, note, note.gross))
    return [[(line.key, line.vat, line.gross) for line in each.draft.lines] for each in earlier if each.draft]


@pytest.mark.parametrize("amount", [None, "11.50"])
def test_all_of_it_credits_each_part_with_its_vat(amount: str | None) -> None:
    assert credited(of_shipping(31, amount, "11.50")) == [
        [("shipping:51@9", D("-0.45"), D("-5.45")), ("shipping:51@21", D("-1.05"), D("-6.05"))]
    ]


def test_a_part_of_it_is_spread_over_the_rates_and_the_rest_closes_both() -> None:
    """4.60 is two fifths of each part, and the rest three."""
    assert credited(of_shipping(31, "4.60", "4.60"), of_shipping(32, None, "6.90")) == [
        [("shipping:51@9", D("-0.18"), D("-2.18")), ("shipping:51@21", D("-0.42"), D("-2.42"))],
        [("shipping:51@9", D("-0.27"), D("-3.27")), ("shipping:51@21", D("-0.63"), D("-3.63"))],
    ]


def test_more_than_what_is_left_is_held() -> None:
    with pytest.raises(NotToBeCredited) as held:
        credited(of_shipping(31, "8.00", "8.00"), of_shipping(32, "5.00", "5.00"))
    assert held.value.problem.code is Code.REFUND_OF_MORE_THAN_LINE
