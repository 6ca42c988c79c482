"""A row of the history is written from its codes, in the language of the person who reads it."""

from dataclasses import replace

import pytest

from connector.admin.documents.explanation import event_in_words
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, to_json
from connector.models import SyncEvent
from connector.problems.catalogue import ENTRIES

TWO = to_json((Problem(Code.SHADOW), Problem(Code.NOT_PAID)))
IN_DUTCH = {Code.SHADOW: "Schaduw.", Code.NOT_PAID: "Niet betaald."}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"problems": TWO}, "Schaduw.\nNiet betaald."),
        ({"problems": TWO, "differences": []}, "Schaduw. Niet betaald."),
        ({"problems": []}, "As it was kept."),
        ({}, "As it was kept."),
        (None, "As it was kept."),
    ],
)
def test_the_words_are_those_of_the_reader(
    data: dict[str, object] | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code, text in IN_DUTCH.items():
        monkeypatch.setitem(ENTRIES, code, replace(ENTRIES[code], message=text))
    assert event_in_words(SyncEvent(text="As it was kept.", data=data)) == said
