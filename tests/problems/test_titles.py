"""A title names what is wrong by what all documents of the cause share."""

import re

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import problem
from connector.problems.catalogue import explain
from connector.problems.titles import TITLES, title


@pytest.mark.parametrize("code", TITLES)
def test_a_title_has_only_what_the_documents_share(code: Code) -> None:
    named = set(re.findall(r"%\((\w+)\)s", str(TITLES[code])))
    shared = {*code.cause, "period"} if code is Code.PERIOD_REFUSED else set(code.cause)
    assert named <= shared


@pytest.mark.parametrize("code", TITLES)
def test_a_title_is_completed(code: Code) -> None:
    params = dict.fromkeys(code.params, "7") | {"given": "{}"}
    assert "%" not in title(code, params).replace("7 %", "")


def test_a_code_without_a_name_says_what_happened() -> None:
    assert title(Code.TOTALS_DIFFER, {}) == str(explain(Code.TOTALS_DIFFER, {}).what_happened)
    assert title("", {}, "mapping") == str(explain("", {}, "mapping").what_happened)


def test_a_document_from_before_the_parameter_says_what_happened() -> None:
    held = problem(Code.PERIOD_REFUSED, text="Verplicht: Boekjaar")
    assert title(Code.ITEM_MISSING, {}) == str(explain(Code.ITEM_MISSING, {}).what_happened)
    assert title(held.code, held.params) == str(explain(held.code, held.params).what_happened)
