"""What the domain says about a setting reaches a person in the person's own language, with its values."""

from collections.abc import Callable

import pytest

from connector.domain.rules.rule_book import VAT_KEYS, BadRule, read_when
from connector.domain.timing.schedule import Schedule
from connector.domain.wording import BadSetting
from connector.flow.setup.provision import schema
from connector.flow.setup.provision.read_file import when
from connector.flow.setup.provision.schema import Refused
from connector.problems import wording

DUTCH = {
    "%(key)s cannot be %(value)s; it is true or false.": "%(value)s past niet bij %(key)s; het is true of false.",
    "The window of %(schedule)s ends when it begins.": "Het venster van %(schedule)s is leeg.",
}
FLAG, EMPTY = {"b2b": "perhaps"}, "hourly window=22:00-22:00"


@pytest.fixture
def dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_", DUTCH.__getitem__)


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda: read_when(FLAG), "'perhaps' past niet bij b2b; het is true of false."),
        (lambda: Schedule.parse(EMPTY), f"Het venster van '{EMPTY}' is leeg."),
    ],
)
def test_the_sentence_is_translated_and_then_completed(read: Callable[[], object], said: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        read()
    assert wording.translated(refusal.value) == said


def test_without_a_translation_it_is_the_english_sentence() -> None:
    with pytest.raises(BadRule) as refusal:
        read_when({"rate": "high"})
    assert (
        wording.translated(refusal.value)
        == str(refusal.value)
        == ("rate cannot be 'high'; it is a percentage such as \"21\".")
    )


@pytest.mark.usefixtures("dutch")
def test_the_provision_file_is_refused_in_that_language() -> None:
    with pytest.raises(Refused, match=r"^vat\[0\]\.when: 'perhaps' past niet bij b2b"):
        when(VAT_KEYS)("vat[0].when", FLAG)
    with pytest.raises(Refused, match=r"^schedule: Het venster"):
        schema.schedule("schedule", EMPTY)
