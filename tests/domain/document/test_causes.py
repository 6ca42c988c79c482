"""Problems about the same cause have the same text, and different codes are different causes."""

import pytest

from connector.domain.document.causes import cause_of, without
from connector.domain.document.codes import Code
from connector.domain.document.result import problem

MUG = {"line": "product:65", "name": "Mug", "kind": "product", "country": "NL"}
POT = {**MUG, "line": "product:66", "name": "The VAT rule book"}
SAME = [
    ("Reference SHOP-1001 is in use.", "Reference … is in use."),
    ("Order 1001: none.", "Order …: none."),
    ("Invoice 26700001 is open.", "Invoice … is open."),
    ("Its id is 0a1b2c3d-0000-4000-8000-0123456789ab.", "Its id is …."),
    ("12.10 with 2,10 VAT, and -3.00.", "# with # VAT, and #."),
    ("Ongeldig: Naam ANNA JANSEN", "Ongeldig: Naam …"),
]
OWN = ("1001", "SHOP-1001", "26700001", "Anna Jansen", "", "anna@example.com", "NL")


@pytest.mark.parametrize(("text", "kept"), SAME)
def test_what_names_the_document_is_left_out_of_a_vendors_text(text: str, kept: str) -> None:
    assert without(text, OWN) == kept


def test_a_number_within_another_word_and_what_is_too_short_for_a_name_are_kept() -> None:
    assert without("Account 10012 in NL", OWN) == "Account 10012 in NL"


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        (Code.GL_ACCOUNT_MISSING, {"gl_account": "8000"}, {"gl_account": "8010"}),
        (Code.VAT_CODE_BLOCKED, {"vat_code": "2"}, {"vat_code": "6"}),
        (Code.NO_VAT_RULE, {"rate": "21", "fitting": ""}, {"rate": "9", "fitting": ""}),
    ],
)
def test_codes_and_rates_tell_causes_apart(code: Code, first: dict[str, str], second: dict[str, str]) -> None:
    assert cause_of([problem(code, **MUG, **first)]) != cause_of([problem(code, **MUG, **second)])


def test_the_line_does_not() -> None:
    mug, pot = (problem(Code.GL_ACCOUNT_MISSING, **line, gl_account="8000") for line in (MUG, POT))
    assert cause_of([mug]) == cause_of([pot]) == cause_of([pot, mug])


def test_the_same_problems_in_another_order_are_the_same() -> None:
    one, two = problem(Code.JOURNAL_MISSING, journal="70"), problem(Code.NO_ITEM, **MUG)
    assert cause_of([one, two, one]) == cause_of([two, one])
    assert cause_of([one, two]) != cause_of([one])


def test_a_closed_period_is_one_cause_whichever_document_met_it() -> None:
    refused = problem(Code.PERIOD_REFUSED, period="2026-01-01 to 2026-01-31", endpoint="x", fault="Verplicht: Boekjaar")
    counted = problem(Code.PERIOD_CLOSED, period="2026-01-01 to 2026-01-31")
    other = problem(Code.PERIOD_CLOSED, period="2026-02-01 to 2026-02-28")
    assert cause_of([refused]) == cause_of([counted]) != cause_of([other])
