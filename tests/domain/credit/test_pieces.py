"""A direct credit note brings back as many pieces as the refund gives back, or it is left to a person."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from connector.domain.choices import CreditSign, PostingSettings
from connector.domain.credit.credit_note import Heading, credit
from connector.domain.credit.invoiced import Invoiced, NotToBeCredited
from connector.domain.document.codes import Code
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.order.refund import Refund
from tests.domain.basket import charge
from tests.domain.credit.sale import BY_CODE, BY_LINE, booked, credited, goodwill, item, product, refund, sale

PAIR, CUP = booked("product:5", "24.20", quantity=2), booked("product:2", "12.10")
SHIPPING = booked("shipping:3", "6.05")
HEADING = Heading("SHOP-1001-C31", sale(CUP).draft.order_date, "26700001")


def direct(*lines: DraftLine) -> Invoiced:
    sold = sale(*lines)
    return replace(sold, draft=replace(sold.draft, type=8023, warehouse="3", warehouse_id="id-3"))


def note(invoiced: Invoiced, given: Refund | None, settings: PostingSettings = BY_LINE) -> Draft:
    return credit(invoiced, given, settings, HEADING)


def quantities(draft: Draft) -> dict[str, D]:
    found: dict[str, D] = {}
    for line in draft.lines:
        found[line.key] = found.get(line.key, D(0)) + line.quantity
    return found


@pytest.mark.parametrize("settings", [BY_LINE, BY_CODE])
def test_several_pieces_of_one_line_come_back_as_pieces(settings: PostingSettings) -> None:
    beads = booked("product:1", "100.00", quantity=7)
    made = note(direct(beads, CUP), refund("42.86", product(1, 3)), settings)
    assert (made.type, made.warehouse_id, made.gross) == (8024, "id-3", D("-42.86"))
    assert quantities(made) == {"product:1": D(-3)}


def test_a_line_that_is_cut_for_its_vat_keeps_the_pieces() -> None:
    made = note(direct(booked("product:1", "1.01", quantity=7), CUP), refund("0.43", product(1, 3)))
    assert [(line.quantity, line.net_price) for line in made.lines] == [(D(-2), D("0.16")), (D(-1), D("0.03"))]
    assert [line.description for line in made.lines] == ["Product 1", "Product 1"]


def test_one_piece_that_would_be_cut_is_left_to_a_person() -> None:
    with pytest.raises(NotToBeCredited) as held:
        note(direct(booked("product:1", "1.01", quantity=5), CUP), refund("0.20", product(1)))
    assert held.value.problem.code is Code.CREDIT_PIECES_LOST


def test_pieces_that_no_price_keeps_are_left_to_a_person() -> None:
    beads = booked("product:1", "12.11", quantity=300)
    with pytest.raises(NotToBeCredited) as held:
        note(direct(beads, CUP), refund("8.07", product(1, 200)))
    assert held.value.problem.code is Code.CREDIT_PIECES_LOST
    assert held.value.problem.params == {"name": "Product 1", "line": "product:1", "pieces": "200", "quantity": "1"}
    sold = sale(beads, CUP)
    assert credit(sold, refund("8.07", product(1, 200)), BY_LINE, HEADING).gross == D("-8.07")


def test_a_cancellation_brings_back_what_did_not_come_back_before() -> None:
    sold = credited(direct(PAIR, CUP), refund("12.10", product(5)), {"product:5": "12.10"})
    made = note(sold, None)
    assert (made.type, quantities(made)) == (8024, {"product:5": D(-1), "product:2": D(-1)})


@pytest.mark.parametrize(
    "given",
    [
        refund("5.00", goodwill("5.00")),
        refund("24.20", item("PRODUCT", 5, amount="24.20")),
        refund("6.05", item("SHIPPING", 3, amount="6.05")),
    ],
)
def test_an_amount_without_pieces_moves_no_stock(given: Refund) -> None:
    made = note(direct(PAIR, CUP, SHIPPING), given)
    assert (made.type, made.warehouse_id) == (8021, "")


def test_pieces_and_an_amount_of_another_line_are_left_to_a_person() -> None:
    both = refund("14.10", product(2), item("PRODUCT", 5, amount="2.00"))
    with pytest.raises(NotToBeCredited) as held:
        note(direct(PAIR, CUP), both)
    assert held.value.problem.params["name"] == "Product 5"


@pytest.mark.parametrize("sign", CreditSign)
def test_free_goods_come_back_too(sign: CreditSign) -> None:
    free = replace(booked("product:7", "0.00"), quantity=D(4))
    settings = replace(BY_LINE, credit_sign=sign)
    made = credit(direct(PAIR, free), refund("12.10", product(5), product(7, 3)), settings, HEADING)
    assert {key: abs(pieces) for key, pieces in quantities(made).items()} == {"product:5": D(1), "product:7": D(3)}
    assert (made.gross, made.lines[-1].net_price) == (D("-12.10"), D("0.00"))


def test_the_parts_of_a_bundle_come_back_with_it() -> None:
    part = replace(booked("product:7", "0.00"), quantity=D(4))
    sold = direct(PAIR, part)
    (whole, _free) = sold.order.lines
    bundle = replace(whole, parts=(charge("product:7", "0.00", "0.00", quantity=D(4)),))
    sold = replace(sold, order=replace(sold.order, lines=(bundle,)))
    assert quantities(note(sold, refund("12.10", product(5)))) == {"product:5": D(-1), "product:7": D(-2)}


def test_another_invoice_is_credited_as_before() -> None:
    made = note(sale(PAIR, CUP), refund("14.10", product(2), item("PRODUCT", 5, amount="2.00")))
    assert made.type == 8021
