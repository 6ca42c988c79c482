"""A row of the history is written from its codes, in the language of the person who reads it."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from connector.admin.documents.explanation import Notice, event_in_words
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, to_json
from connector.models import SyncEvent
from connector.problems.catalogue import ENTRIES, EXACT, explain

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


def test_what_exact_refuses_is_explained_in_english_and_dutch() -> None:
    refused = explain(Code.REFUSED, {"vendor": EXACT, "text": "Periode is afgesloten: 2026 - 11"})
    page = render_to_string("admin/connector/document/notice.html", {"notice": Notice(refused)})
    assert "in a financial year or period that is closed in Exact" in page
    dutch = page[page.index('lang="nl"') :]
    assert "De factuurdatum valt in een boekjaar of periode die in Exact is afgesloten" in dutch
    other = render_to_string("admin/connector/document/notice.html", {"notice": Notice(explain(Code.SHADOW, {}))})
    assert 'lang="nl"' not in other
