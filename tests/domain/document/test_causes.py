"""Messages about the same cause are the same text; codes tell causes apart."""

import pytest

from connector.domain.document.causes import cause_of

SAME = [
    ('No rule chooses a GL account for product "Mug" to NL (line product:65).', "product to NL."),
    ("Exact holds 2 invoices with our reference SHOP-1001: none.", "reference …: none."),
    ("Invoice 26700001 is open in Exact, not printed.", "Invoice … is open"),
    ("Its id is 0a1b2c3d-0000-4000-8000-0123456789ab.", "Its id is …."),
    ("Exact would make 12.10 of this order, with 2,10 VAT.", "make # of this order, with # VAT."),
    ("Exact refused to make an account for Anna Jansen: no.", "account for …: no."),
]
OWN = ("1001", "SHOP-1001", "26700001", "Anna Jansen", "", "anna@example.com")


@pytest.mark.parametrize(("message", "kept"), SAME)
def test_what_names_the_document_is_left_out(message: str, kept: str) -> None:
    assert kept in cause_of(message, OWN)


@pytest.mark.parametrize("codes", [("GL account 8000", "GL account 8010"), ("VAT code 2", "VAT code 6")])
def test_codes_and_countries_stay(codes: tuple[str, str]) -> None:
    first, second = (cause_of(f"{code} for product to NL is not in the division.") for code in codes)
    assert first != second


def test_the_same_problems_in_another_order_are_the_same() -> None:
    assert cause_of("One.\nTwo.\nOne.") == cause_of("Two.\nOne.")


def test_a_number_within_another_word_is_kept() -> None:
    assert "10012" in cause_of("Account 10012", ("1001",))
