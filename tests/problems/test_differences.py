"""How a document in Exact differs is written when a person reads it, not when it was found."""

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.differences import Differs, as_param, difference
from connector.domain.document.result import Problem
from connector.problems import differences
from connector.problems.catalogue import sentence

EVERY = dict.fromkeys(("theirs", "ours", "number", "code", "vat", "before", "after"), "7")
WITH_DIFFERENCES = [code for code in Code if "differences" in code.params]
FOUND = [
    difference(Differs.TOTAL, theirs="17.91", ours="17.90"),
    difference(Differs.VAT_CODE, number=1, theirs="", ours="2"),
]


@pytest.mark.parametrize("what", Differs)
def test_each_fact_has_words(what: Differs) -> None:
    text = differences.in_words([difference(what, **EVERY)])
    assert "7" in text
    assert "%(" not in text


@pytest.mark.parametrize("code", WITH_DIFFERENCES)
def test_a_problem_names_the_facts_that_it_kept(code: Code) -> None:
    params = dict.fromkeys(code.params, "7") | {"differences": as_param(FOUND)}
    text = sentence(Problem(code, "", params))
    assert "total 17.91 in Exact, 17.90 meant; line 1: VAT code none in Exact, 2 meant" in text


@pytest.mark.parametrize("code", WITH_DIFFERENCES)
def test_the_words_that_an_earlier_release_kept_stay_as_they_are(code: Code) -> None:
    params = dict.fromkeys(code.params, "7") | {"differences": "totaal 17.91 in Exact, 17.90 bedoeld"}
    assert "totaal 17.91 in Exact, 17.90 bedoeld" in sentence(Problem(code, "", params))


def test_the_words_are_those_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = as_param(FOUND[:1])
    monkeypatch.setitem(differences._WORDS, Differs.TOTAL, "totaal %(theirs)s, bedoeld %(ours)s")
    assert differences.kept_in_words(kept) == "totaal 17.91, bedoeld 17.90"
