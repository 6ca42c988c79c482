"""The head of an invoice: references, day, remarks, and what is missing in the division."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.invoice.header import check_header, read_header
from connector.domain.order.model import Address, Order
from connector.domain.rules.context import TranslationContext
from tests.domain.basket import AUSTIN, GHENT, UTRECHT, charge, order_of
from tests.domain.books import plain_order, read_books


def context(order: Order | None = None, **books: Any) -> TranslationContext:
    found = read_books(books)
    return TranslationContext(order or plain_order(), found.settings, found.rules, found.chart)


def problems(order: Order | None = None, **books: Any) -> list[Code]:
    return [each.code for each in check_header(context(order, **books))]


def test_the_day_is_that_of_the_stores_time_zone() -> None:
    late = replace(plain_order(), created=datetime(2026, 2, 28, 23, 30, tzinfo=UTC))
    assert read_header(context(late)).order_date == date(2026, 3, 1)
    assert read_header(context(late, settings={"time_zone": "UTC"})).order_date == date(2026, 2, 28)


def test_the_reference_has_the_stores_prefix() -> None:
    header = read_header(context())
    assert (header.reference, header.payment_reference, header.description) == ("SHOP-1001", "SHOP-1001", "Order 1001")


def test_further_addresses_stand_in_the_remarks_each_on_a_line() -> None:
    firm = Address(first_name="An", last_name="Maes", company="Maes BV", city="Gent", postcode="9000", country="BE")
    lines = [
        charge(f"product:{place}", "12.10", "2.10", to=to) for place, to in enumerate((UTRECHT, GHENT, firm, AUSTIN))
    ]
    assert read_header(context(order_of(*lines))).remarks.splitlines() == [
        "Also delivered to: Maes BV, 9000 Gent, BE",
        "Also delivered to: An Maes, Maes BV, 9000 Gent, BE",
        "Also delivered to: Ann Hill, 78701 Austin, Texas, US",
    ]
    assert read_header(context(order_of(lines[0]))).remarks == ""


def test_a_vat_number_is_noted_with_what_was_not_checked() -> None:
    business = order_of(charge("product:1", "10.00", to=GHENT))
    assert "BE0123456749" in read_header(context(business)).notes
    assert "was not looked up" in read_header(context(business)).notes
    assert read_header(context()).notes == ""


@pytest.mark.parametrize(
    ("journals", "code"),
    [
        ([{"code": "70"}], None),
        ([{"code": "71"}], Code.JOURNAL_MISSING),
        ([{"code": "70", "type": 12}], Code.JOURNAL_NOT_SALES),
        ([{"code": "70", "blocked": True}], Code.JOURNAL_BLOCKED),
        ([{"code": "70", "currency": "EUR"}], None),
        ([{"code": "70", "currency": "USD"}], Code.CURRENCY_NOT_OF_JOURNAL),
    ],
)
def test_the_journal_takes_sales_in_the_orders_currency(journals: list[dict[str, Any]], code: Code | None) -> None:
    assert problems(chart={"journals": journals}) == ([code] if code else [])


def test_the_currency_is_one_of_the_division_with_enough_decimals() -> None:
    dollars, dinars = (replace(plain_order(), currency=code) for code in ("USD", "KWD"))
    assert problems(dollars, chart={"currencies": {"EUR": 2}}) == [Code.CURRENCY_MISSING]
    assert problems(dollars, chart={"currencies": {"EUR": 2, "USD": 2}}) == []
    assert problems(dollars, chart={"currencies": {}}, settings={"home_currency": "USD"}) == []
    assert problems(dinars, chart={"currencies": {"KWD": 2}}) == [Code.CURRENCY_DECIMALS]
    assert problems(dinars, chart={"currencies": {"KWD": 3}}) == []


def test_the_payment_condition_of_the_first_rule_that_fits_exists() -> None:
    def rule(code: str) -> list[dict[str, Any]]:
        return [{"when": {"payment_method": plain_order().payment_method}, "code": code}]

    chart = {"payment_conditions": ["30"]}
    assert read_header(context(payment_conditions=rule("30"), chart=chart)).payment_condition == "30"
    assert read_header(context(payment_conditions=[], chart=chart)).payment_condition == ""
    assert problems(payment_conditions=rule("30"), chart=chart) == []
    assert problems(payment_conditions=rule("31"), chart=chart) == [Code.PAYMENT_CONDITION_MISSING]
    assert problems(payment_conditions=[], chart=chart) == []
