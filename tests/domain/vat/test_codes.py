"""Which VAT code a line has, and where a tax that is no VAT is booked."""

from dataclasses import replace
from decimal import Decimal as D

from connector.domain.invoice.draft import Draft
from tests.domain.basket import AUSTIN, charge, order_of
from tests.domain.books import read_books


def lines(found: object) -> list[tuple[str, str, D]]:
    """GL account, VAT code and gross amount of each line of a draft."""
    assert isinstance(found, Draft), found
    return [(line.gl_account, line.vat_code, line.gross) for line in found.lines]


def test_a_tax_that_a_marketplace_remits_goes_to_an_account_of_its_own() -> None:
    """20.00 and 1.65 of sales tax, from a channel whose marketplace pays the tax, and from the shop itself."""

    def apart(account: str, **when: str) -> dict[str, object]:
        tax = {"item": "SALESTAX", "gl_account": account}
        return {"when": {"country": "US", **when}, "code": "6", "tax_as_line": tax}

    books = read_books(
        {
            "vat": [apart("1535", channel="1350"), apart("1530")],
            "more": {"gl_accounts": [{"code": "1530"}, {"code": "1535"}], "items": [{"code": "SALESTAX"}]},
        }
    )
    order = order_of(charge("product:1", "21.65", "1.65", to=AUSTIN), taxes=())
    for channel, account in (("1350", "1535"), ("1", "1530")):
        found = books.translate_order(replace(order, channel=channel))
        assert lines(found) == [("8000", "6", D("20.00")), (account, "6", D("1.65"))]
