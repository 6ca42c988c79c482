"""Each reason for a proposal has a sentence, completed by its parameters."""

from collections import defaultdict

import pytest

from connector.domain.rules.propose.proposal import Confidence, Reason, Why
from connector.problems.proposals import CONFIDENCE, in_words


@pytest.mark.parametrize("why", Why)
def test_each_reason_is_a_sentence(why: Why) -> None:
    params: defaultdict[str, str | int] = defaultdict(lambda: "7")
    names = ("code", "name", "kind", "count", "of", "item", "rate", "countries", "sold", "gl_account", "method", "days")
    text = in_words(Reason(why, {name: params[name] for name in (*names, "limit")}))
    assert text.endswith(".")
    assert "%(" not in text


def test_each_confidence_has_a_word() -> None:
    assert CONFIDENCE.keys() == set(Confidence)


def test_a_kind_of_code_is_named() -> None:
    reason = Reason(Why.ONLY_ONE, {"code": "70", "kind": "journal"})
    assert in_words(reason) == "70 is the only sales journal of the division that can be used here."
