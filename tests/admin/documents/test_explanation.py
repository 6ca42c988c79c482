"""A row of the history is written from its codes, in the language of the person who reads it."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from connector.admin.documents.explanation import Notice, event_in_words
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, to_json
from connector.models import SyncEvent
from connector.models.kept_words import english
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


def test_a_sentence_of_the_history_is_shown_in_dutch() -> None:
    text = english("Posted as %(noun)s %(number)s, %(gross)s %(currency)s.")
    text %= {"noun": english("credit note"), "number": "26700091", "gross": "25.08", "currency": "EUR"}
    event = SyncEvent(text=text, data=text.said())
    assert event_in_words(event) == "Posted as credit note 26700091, 25.08 EUR."
    with override("nl"):
        assert event_in_words(event) == "Geboekt als creditnota 26700091, 25,08 EUR."
        assert event_in_words(SyncEvent(text="Read, with problems.", data={})) == "Gelezen, met problemen."


def test_what_exact_refuses_is_explained_in_the_readers_language() -> None:
    """Beside it stands Exact's own text as it came."""
    text = "Periode is afgesloten: 2026 - 11"
    notice = Notice(explain(Code.REFUSED, {"vendor": EXACT, "text": text}), raw=text, vendor=EXACT)
    page = render_to_string("admin/connector/document/notice.html", {"notice": notice})
    assert "in a financial year or period that is closed in Exact" in page
    assert text in page
    with override("nl"):
        page = render_to_string("admin/connector/document/notice.html", {"notice": notice})
    assert "De factuurdatum valt in een boekjaar of periode die in Exact is afgesloten" in page
    assert text in page
