"""VAT of another country that was charged to a business with a valid number of a member state."""

from dataclasses import replace

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Needs
from connector.domain.invoice.draft import Draft
from connector.domain.order.model import Address, OrderLine
from connector.problems.catalogue import sentence
from tests.domain.basket import BERLIN, GHENT, UTRECHT, charge, order_of
from tests.domain.books import read_books

BELGIAN = {"more": {"vat_codes": [{"code": "B21", "percentage": "21", "oss_country": "BE"}]}}
IN_GHENT = charge("product:1", "121.00", "21.00", to=GHENT)
PRIVATE = replace(GHENT, company="", form_fields=())


def translated(*lines: OrderLine, choice: str = "hold", billing: Address = GHENT) -> Draft | Held | Needs:
    books = read_books({**BELGIAN, "settings": {"b2b_foreign_vat": choice}})
    return books.translate_order(order_of(*lines, billing=billing))


def test_it_is_held_with_the_country_and_the_number() -> None:
    found = translated(IN_GHENT, charge("shipping:51", "12.10", "2.10", to=GHENT))
    assert isinstance(found, Held)
    assert [(each.line, each.code) for each in found.problems] == [
        ("product:1", Code.FOREIGN_VAT_OF_BUSINESS),
        ("shipping:51", Code.FOREIGN_VAT_OF_BUSINESS),
    ]
    assert sentence(found.problems[0]) == (
        'VAT of BE, 21.00 EUR under VAT code B21, was charged on product "Product 1" to BE (line product:1), but the '
        "customer has the VAT number BE0123456749 and owes it there itself. Correct the order in BigCommerce, or set "
        "the connection to post such VAT with a note."
    )


def test_or_it_is_posted_and_the_draft_says_so() -> None:
    found = translated(IN_GHENT, choice="note")
    assert isinstance(found, Draft)
    assert [line.vat_code for line in found.lines] == ["B21"]
    assert found.notes.splitlines()[1:] == [
        "VAT of BE was charged to a business with VAT number BE0123456749, which owes it itself."
    ]


def test_a_number_of_a_third_country_counts_too() -> None:
    """A Belgian business has goods sent to Berlin, with German VAT."""
    found = translated(charge("product:1", "119.00", "19.00", to=BERLIN))
    assert isinstance(found, Held)
    assert found.problems[0].params["oss_country"] == "DE"


@pytest.mark.parametrize(
    ("line", "billing"),
    [
        (charge("product:1", "121.00", "21.00", to=PRIVATE), PRIVATE),  # a private customer
        (charge("product:1", "121.00", "21.00"), GHENT),  # delivered at home, with VAT of home
        (IN_GHENT, replace(UTRECHT, form_fields=(("VAT number", "NL800123451B01"),))),  # a number of home
    ],
)
def test_nothing_is_said_of_vat_that_is_due(line: OrderLine, billing: Address) -> None:
    for choice in ("hold", "note"):
        found = translated(line, choice=choice, billing=billing)
        assert isinstance(found, Draft), found
        assert "owes it itself" not in found.notes


def test_vat_of_home_that_a_rule_books_is_no_foreign_vat() -> None:
    """Where the proof of transport is missing, a shop charges its own VAT."""
    books = read_books({"vat": [{"when": {"country": "BE", "rate": "21"}, "code": "2"}]})
    found = books.translate_order(order_of(IN_GHENT))
    assert isinstance(found, Draft), found
    assert [line.vat_code for line in found.lines] == ["2"]
    assert "owes it itself" not in found.notes
