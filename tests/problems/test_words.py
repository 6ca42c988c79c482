"""Parameters of problems are written as phrases in the language of the reader."""

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.order.fields import Expected
from connector.problems import words
from connector.problems.catalogue import sentence

UNREADABLE = [Code.ORDER_UNREADABLE, Code.REFUNDS_UNREADABLE, Code.PAYMENTS_UNREADABLE]


def said(code: Code, **params: str) -> str:
    return sentence(Problem(code, "", params))


@pytest.mark.parametrize("expected", Expected)
def test_what_a_field_should_be_has_words(expected: Expected) -> None:
    assert expected in words._EXPECTED


@pytest.mark.parametrize("code", UNREADABLE)
def test_an_answer_that_cannot_be_read_names_the_field_and_what_it_has(code: Code) -> None:
    text = said(code, field="refund[0].total_amount", value="much", expected="an amount")
    assert text.endswith("could not be understood: refund[0].total_amount is 'much', not an amount.")
    text = said(code, field="refund[0].id", value="", expected="a whole number")
    assert text.endswith("could not be understood: refund[0].id is empty or missing; it must be a whole number.")


@pytest.mark.parametrize("code", UNREADABLE)
def test_a_problem_that_was_kept_as_a_sentence_keeps_it(code: Code) -> None:
    text = said(code, field="refund[0].id", detail="The order has no refund[0].id; it should be a whole number.")
    assert text.endswith("could not be understood: The order has no refund[0].id; it should be a whole number.")


TO_HELP = {
    "force_vat": " To have it posted, send the shop's VAT (`force_vat`), then re-post.",
    "sales_entry, rounding 0.03": (
        " To have it posted, post sales entries (`document`), or allow a rounding difference of 0.03 (`rounding`), "
        "then re-post."
    ),
    "force_vat, sales_entry, rounding 0.01": (
        " To have it posted, send the shop's VAT (`force_vat`), or post sales entries (`document`), or allow a "
        "rounding difference of 0.01 (`rounding`), then re-post."
    ),
    "": "",
    "a setting of another release": "",
}


@pytest.mark.parametrize(("helps", "text"), TO_HELP.items())
def test_the_settings_that_would_help_stand_in_one_sentence(helps: str, text: str) -> None:
    assert words.in_words({"helps": helps})["helps"] == text
