"""What a person may set so that an order is posted that is held for cents."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from connector.domain.choices import DocumentForm, VatRounding
from connector.domain.document.result import Held
from connector.domain.invoice.draft import Draft
from connector.domain.order.model import Order
from connector.domain.order.read import read_order
from tests.domain.books import HERE, Books, plain_order, read_books, read_json

INVOICE, ENTRY = DocumentForm.SALES_INVOICE, DocumentForm.SALES_ENTRY
BY_LINE, BY_CODE = VatRounding
# A code without VAT in its prices, and a shop whose prices have it: Exact makes a cent more of the order.
CASE = HERE / "cases" / "exclusive_code_of_an_inclusive_shop"
BOOKS, ORDER = read_books(read_json(CASE / "setup.json")), read_order(read_json(CASE / "order.json"))


def helps(books: Books, order: Order) -> str | None:
    """The settings that would help; None when the order is posted."""
    found = books.translate_order(order)
    if isinstance(found, Draft):
        return None
    assert isinstance(found, Held)
    return str(found.problems[0].params["helps"])


@pytest.mark.parametrize(
    ("document", "rounding", "force_vat", "named"),
    [
        (INVOICE, BY_LINE, False, "force_vat"),
        (INVOICE, BY_LINE, True, None),
        (INVOICE, BY_CODE, False, "sales_entry+force_vat, rounding 0.01"),
        (INVOICE, BY_CODE, True, "sales_entry, rounding 0.01"),
        (ENTRY, BY_CODE, False, "force_vat"),
        (ENTRY, BY_LINE, True, None),
    ],
)
def test_the_fewest_settings_that_would_have_it_posted_are_named(
    document: DocumentForm, rounding: VatRounding, force_vat: bool, named: str | None
) -> None:
    settings = replace(BOOKS.settings, document=document, vat_rounding=rounding, force_vat=force_vat)
    assert helps(replace(BOOKS, settings=settings), ORDER) == named


@pytest.mark.parametrize(
    ("cents", "named"),
    [("0.01", "rounding 0.01"), ("0.10", "rounding 0.10"), ("-0.03", "rounding 0.03"), ("0.11", "")],
)
def test_the_least_limit_of_a_rounding_line_is_named_up_to_ten_cents(cents: str, named: str) -> None:
    """The limit is wide enough for the order's lines, but there is no account to book the difference on."""
    plain = plain_order()
    order = replace(plain, total_inc=plain.total_inc + D(cents), total_ex=plain.total_ex + D(cents))
    assert helps(read_books({"settings": {"rounding_limit": "0.20"}}), order) == named
