"""A line of the invoice: its price to the cent, its texts, and the VAT that is sent with it."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.lines import unit_price
from connector.domain.money import plain
from connector.domain.order.model import OrderLine
from tests.domain.basket import charge, order_of
from tests.domain.books import read_books


@pytest.mark.parametrize(
    ("amount", "quantity", "expected"),
    [
        ("10.00", "3", ("3", "3.3333")),
        ("25.00", "2", ("2", "12.50")),
        ("100.00", "300", ("1", "100.00")),
        ("0.00", "5", ("5", "0.00")),
        ("-0.01", "1", ("1", "-0.01")),
    ],
)
def test_quantity_times_price_is_the_amount(amount: str, quantity: str, expected: tuple[str, str]) -> None:
    assert tuple(map(plain, unit_price(D(amount), D(quantity), 2))) == expected


CODE = {"21": "2"}


def line_of(charged: OrderLine, *, tax_inclusive: bool | None = None, **settings: Any) -> DraftLine:
    books = read_books({"settings": settings, "vat": [{"when": {"rate": "21"}, "code": "2"}]})
    found = books.translate_order(order_of(charged, tax_inclusive=tax_inclusive))
    assert isinstance(found, Draft), found
    return found.lines[0]


def test_a_quantity_without_a_price_stands_in_the_text() -> None:
    whole, beads = (
        line_of(charge("product:1", "24.20", "4.20", quantity=D(2))),
        line_of(charge("product:1", "121.00", "21.00", quantity=D(300))),
    )
    assert (whole.quantity, whole.net_price, whole.description) == (D(2), D("10.00"), "Product 1")
    assert (beads.quantity, beads.net_price, beads.description) == (D(1), D("100.00"), "300 x Product 1")


def test_a_cent_that_exact_makes_otherwise_is_sent_where_it_may_be() -> None:
    """Of 8.26 Exact makes 1.73; the shop, whose prices have VAT in them, has 1.74."""
    odd = charge("product:1", "10.00", "1.74")
    found = line_of(odd, tax_inclusive=True, force_vat=True)
    assert (found.net, found.vat, found.gross, found.vat_amount) == (D("8.26"), D("1.74"), D("10.00"), D("1.74"))
    right = line_of(charge("product:1", "12.10", "2.10"), force_vat=True)
    assert right.vat_amount is None


def test_an_entry_is_sent_with_its_vat() -> None:
    assert line_of(charge("product:1", "12.10", "2.10"), document="sales_entry").vat_amount == D("2.10")


def test_the_notes_have_what_the_item_and_the_text_do_not_say() -> None:
    named = charge("product:1", "12.10", "2.10", sku="MUG", notes="Blue")
    assert line_of(named).notes == "Blue"
    other = line_of(replace(named, sku="TEA", name="A very long name " * 6, notes=""))
    assert other.notes.splitlines() == [("A very long name " * 6), "SKU TEA"]
    assert len(other.description) <= 60
    assert line_of(charge("product:1", "12.10", "2.10")).notes == ""
