"""The month as a PDF, read back with a reader of its own."""

import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from connector.admin.months.as_pdf import render
from connector.admin.months.report import Report, Row, Table
from tests.admin.months.examples import a_month


def text_of(report: Report) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(render(report))).pages)


def test_it_says_who_compared_and_what_came_of_it() -> None:
    text = text_of(a_month())
    assert "Robin <robin@atelier.example>" in text
    assert "1,234.50" in text
    assert "There are none." in text


def test_a_letter_that_the_font_lacks_is_shown_by_its_base() -> None:
    assert "October 2026, Sieć Z" in text_of(a_month())
    assert "?" in text_of(a_month("Магазин", Decimal(1)))


def test_markup_in_a_name_is_only_text() -> None:
    assert "<b>&amp;</b>" in text_of(a_month("<b>&amp;</b>", Decimal(1)))


def test_the_same_month_gives_the_same_bytes() -> None:
    assert render(a_month()) == render(a_month())


def test_a_day_on_which_the_sides_differ_is_marked() -> None:
    assert "2!" in text_of(a_month())
    assert "1!" not in text_of(a_month())


def test_a_long_table_goes_on_over_pages_with_its_head() -> None:
    month = a_month()
    rows = tuple(Row((f"order {number}", Decimal(number))) for number in range(200))
    long = Report(month.title, month.facts, "", [Table("Orders", ("What", "Amount"), rows)])
    pages = PdfReader(io.BytesIO(render(long))).pages
    assert len(pages) > 2
    assert all("Amount" in page.extract_text() for page in pages)


@pytest.mark.parametrize("certificate", ["", "Complete: nothing differs."])
def test_the_certificate_stands_only_where_there_is_one(certificate: str) -> None:
    month = a_month()
    shown = Report(month.title, month.facts, certificate, month.tables)
    assert ("Complete" in text_of(shown)) == bool(certificate)
