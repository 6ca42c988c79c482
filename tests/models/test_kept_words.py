"""The history keeps a sentence in English and shows it in the reader's language."""

from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy, override

from connector.models.kept_words import NOTHING, english, in_english, shown, shown_text, together


@pytest.fixture(autouse=True)
def dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A translation of what the tests say."""
    words = {
        "%(Document)s is gone, %(amount)s.": "%(Document)s is weg, %(amount)s.",
        "invoice": "factuur",
        "Read.": "Gelezen.",
    }
    monkeypatch.setattr("connector.models.kept_words.translation.gettext", lambda text: words.get(text, text))


def test_a_sentence_is_english_and_is_shown_translated_with_its_values() -> None:
    kept = english("%(Document)s is gone, %(amount)s.") % {"Document": english("invoice"), "amount": Decimal("1.50")}
    assert kept == "Invoice is gone, 1.50."
    assert shown(kept.said()["said"]) == kept.translated() == "Factuur is weg, 1.50."


def test_a_sentence_without_values_is_found_by_its_text() -> None:
    assert english("Read.").said() == {}
    assert shown_text("Read.", {}) == "Gelezen."
    assert shown_text("What a person typed: 100 %", {}) == "What a person typed: 100 %"
    assert shown_text("", {}) == NOTHING.translated() == ""


def test_several_sentences_are_one_text() -> None:
    both = together(english("Read."), NOTHING, english("%(n)s left.") % {"n": 2})
    assert both == "Read. 2 left."
    assert both.translated() == "Gelezen. 2 left."


def test_a_text_of_gettext_is_kept_in_english() -> None:
    with override("nl"):
        assert in_english(gettext_lazy("Save")) == "Save"
