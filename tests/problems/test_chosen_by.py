"""Why a line has its codes is read in the reader's own language; the draft keeps it as it was written."""

import pytest

from connector.domain.document.chosen_by import NoRule, with_place
from connector.problems import chosen_by


@pytest.mark.parametrize("reason", NoRule)
def test_each_reason_has_words(reason: NoRule) -> None:
    assert chosen_by.in_words(reason.value) == reason.value


def test_a_reason_is_translated_and_a_place_and_a_rule_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen_by, "_REASONS", {NoRule.AS_GOODS: "als de goederen"})
    assert chosen_by.in_words("as the goods") == "als de goederen"
    assert chosen_by.in_words(with_place("to FR", "as the goods")) == "to FR: als de goederen"
    assert chosen_by.in_words("rule 20, version 3") == "rule 20, version 3"
