from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.order.model import LineKind, TaxRow
from connector.domain.order.read import UnreadableOrder, read_order
from connector.problems.catalogue import sentence
from tests.domain.order.captured import raw, with_line


def test_the_header() -> None:
    order = read_order(raw(default_currency_code="", customer_message=None))
    assert (order.id, order.customer_id, order.channel) == ("1001", "7", "1")
    assert order.created == datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert order.currency == "EUR"
    assert order.message == order.external_source == ""
    assert order.tax_inclusive is False
    assert order.taxes is None
    assert (order.billing.name, order.billing.country, order.billing.postcode) == ("Jet Bakker", "NL", "3511 AA")


def test_the_transactions_currency_counts_not_the_one_on_display() -> None:
    assert read_order(raw(default_currency_code="EUR", currency_code="USD")).currency == "EUR"


def test_a_guest_has_no_customer_id() -> None:
    assert read_order(raw("guest")).customer_id == ""


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        # The totals close with the discount taken off the amounts without tax, or off those with tax.
        ({"subtotal_ex_tax": "25.00", "subtotal_inc_tax": "30.25", "discount_amount": "5.00"}, False),
        ({"subtotal_ex_tax": "24.17", "subtotal_inc_tax": "29.20", "discount_amount": "5.00"}, True),
        # The total is rounded to cents, and half a cent is the most that this takes or adds.
        ({"subtotal_ex_tax": "25.0050", "subtotal_inc_tax": "30.25", "discount_amount": "5.00"}, False),
        ({"subtotal_ex_tax": "25.0051", "subtotal_inc_tax": "30.25", "discount_amount": "5.00"}, None),
        ({"subtotal_ex_tax": "20.00", "subtotal_inc_tax": "24.20"}, None),
        ({"subtotal_ex_tax": "1.00", "subtotal_inc_tax": "1.00"}, None),
    ],
)
def test_the_price_basis_of_an_old_order(header: Mapping[str, str], expected: bool | None) -> None:
    assert read_order(raw(**header, is_tax_inclusive_pricing=None)).tax_inclusive is expected


@pytest.mark.parametrize("store", [True, False, None])
def test_the_stores_setting_counts_where_the_totals_do_not_decide(store: bool | None) -> None:
    both = {"subtotal_ex_tax": "20.00", "subtotal_inc_tax": "24.20", "is_tax_inclusive_pricing": None}
    neither = both | {"subtotal_ex_tax": "1.00", "subtotal_inc_tax": "1.00"}
    stated = both | {"is_tax_inclusive_pricing": False}
    for header, expected in ((both, store), (neither, store), (stated, False)):
        assert read_order({**raw(**header), "prices_include_tax": store}).tax_inclusive is expected


def test_fees_may_be_outside_the_subtotal() -> None:
    header = {"subtotal_ex_tax": "23.00", "subtotal_inc_tax": "24.20", "discount_amount": "5.00"}
    document = raw(**header, is_tax_inclusive_pricing=None)
    fee = {"id": 1, "cost_ex_tax": "2.00", "cost_inc_tax": "2.42", "cost_tax": "0.42"}
    assert read_order(document).tax_inclusive is None
    assert read_order(document | {"fees": [fee]}).tax_inclusive is False


def test_the_tax_table_names_lines() -> None:
    def row(kind: str, rate: str) -> dict[str, Any]:
        ids = {"order_product_id": 65, "order_address_id": 51}
        return {"line_item_type": kind, "rate": rate, "line_amount": "4.2000", "name": "VAT", **ids}

    document = raw() | {"taxes": [row("item", "21.0000"), row("shipping", "9.0000"), {"rate": "8.0000"}]}
    assert read_order(document).taxes == (
        TaxRow("product:65", LineKind.PRODUCT, "VAT", D(21), D("4.2")),
        TaxRow("shipping:51", LineKind.SHIPPING, "VAT", D(9), D("4.2")),
    )


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({}, "order"),
        (raw(id=None), "id"),
        (raw(status_id="shipped"), "status_id"),
        (raw(date_created="yesterday"), "date_created"),
        (raw(date_created=""), "date_created"),
        (raw(total_inc_tax="12,10"), "total_inc_tax"),
        (raw(total_tax=None), "total_tax"),
        (raw(total_ex_tax="NaN"), "total_ex_tax"),
        (raw(total_inc_tax="1e999999"), "total_inc_tax"),
        (raw(default_currency_code="euro"), "default_currency_code"),
        (raw(billing_address="here"), "billing_address"),
        (with_line(total_tax=True), r"destinations\[0\].lines\[0\].total_tax"),
        (with_line(quantity=-1), "quantity"),
        (with_line(quantity=None), "quantity"),
        (with_line(name={"en": "Mug"}), "name"),
        (raw(date_created="Wed, 30 Nov -0001 00:00:00 +0000"), "date_created"),
        (raw(date_created="0000-00-00 00:00:00"), "date_created"),
        (raw(date_created="0001-01-01T00:00:00"), "date_created"),
        (raw(status_id="٣"), "status_id"),
        (raw() | {"destinations": {"a": 1}}, "destinations"),
        (raw() | {"fees": ["fee"]}, "fees"),
        (raw() | {"fees": [{"id": 1, "cost_inc_tax": "1.00"}]}, "cost_tax"),
    ],
)
def test_what_cannot_be_read_is_named(document: dict[str, Any], named: str) -> None:
    with pytest.raises(UnreadableOrder, match=named):
        read_order(document)


@pytest.mark.parametrize(
    ("document", "code", "field"),
    [
        ({}, Code.ORDER_UNREADABLE, "order"),
        (raw(id="first"), Code.ORDER_UNREADABLE, "id"),
        (raw(date_created=""), Code.ORDER_DATE_ODD, "date_created"),
        (raw(default_currency_code="euro"), Code.ORDER_CURRENCY_ODD, "default_currency_code"),
        (raw(status_id=None), Code.ORDER_FIELD_ODD, "status_id"),
        (with_line(quantity="many"), Code.ORDER_FIELD_ODD, "destinations[0].lines[0].quantity"),
    ],
)
def test_why_it_is_held_names_the_field(document: dict[str, Any], code: Code, field: str) -> None:
    """Only what is no order at all could not be understood."""
    with pytest.raises(UnreadableOrder) as caught:
        read_order(document)
    found = caught.value.problem
    assert (found.code, found.params["field"]) == (code, field)
    assert field in sentence(found)


def test_details_are_read_where_they_are_known() -> None:
    order = read_order(raw())
    assert (order.customer_group, order.lines[0].category) == (None, None)
    order = read_order(raw() | {"details": {"customer_group": ["2", "Trade"], "category": {"965": ["5", "Mugs"]}}})
    assert (order.customer_group, order.lines[0].category) == (("2", "Trade"), ("5", "Mugs"))


def test_guests_are_in_no_group_and_custom_products_in_no_category() -> None:
    assert read_order(raw("guest")).customer_group == ()
    assert read_order(with_line(product_id=0)).lines[0].category == ()


def test_a_rounded_total_may_differ_from_unrounded_parts() -> None:
    """999 pieces at 1.2375 are 1236.2625, and the order says 1236.26; with the tax in, neither way comes near."""
    stated = {"total_ex_tax": "1236.2600", "total_inc_tax": "1495.8700", "subtotal_ex_tax": "1236.2625"}
    document = raw(**stated, subtotal_inc_tax="1495.9776", is_tax_inclusive_pricing=None)
    assert read_order({**document, "prices_include_tax": True}).tax_inclusive is False


def test_the_stores_setting_counts_where_the_totals_fit_both_bases() -> None:
    stated = {"total_ex_tax": "10.0000", "total_inc_tax": "12.1000"}
    document = raw(**stated, subtotal_ex_tax="10.0000", subtotal_inc_tax="12.1000", is_tax_inclusive_pricing=None)
    assert read_order({**document, "prices_include_tax": True}).tax_inclusive is True
    assert read_order({**document, "prices_include_tax": None}).tax_inclusive is None


def test_a_line_that_was_refunded_shows_it_as_a_flag_or_by_its_pieces() -> None:
    marks: list[dict[str, Any]] = [{}, {"is_refunded": True}, {"quantity_refunded": 1}, {"quantity_refunded": 0}]
    assert [read_order(with_line(**mark)).has_refunds for mark in marks] == [False, True, True, False]
    assert [read_order(raw(refunded_amount=amount)).has_refunds for amount in ("0.0000", "0.0100")] == [False, True]
