"""Every text of ours is there in each language, with the same placeholders."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from connector.domain.document.codes import Code
from connector.problems.catalogue import EXACT, explain
from tests.languages.catalogue import HEADER, Message, compiled, read_po
from tests.languages.extract import messages
from tests.problems.test_kinds_of_refusal import TEXTS

FILES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
HOLE = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")
of_each_language = pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])


def holes(text: str) -> set[str]:
    return set(HOLE.findall(text))


def faults(english: Message, translated: Message, forms: int) -> list[str]:
    """What is wrong with a translation."""
    if not all(translated):
        return ["it waits for a translation"]
    if len(translated) != (1 if len(english) == 1 else forms):
        return ["it lacks a form"]
    wanted = holes(english[-1])
    found = [] if all(holes(text) == wanted for text in translated) else ["its placeholders differ"]
    ends = [(text[:1].isspace(), text[-1:].isspace()) for text in (*english, *translated)]
    return [*found, *(["it begins or ends with other blanks"] if len(set(ends)) > 1 else [])]


def test_dutch_is_there() -> None:
    assert "nl" in {path.parts[-3] for path in FILES}
    assert len(messages()) > 2500


@of_each_language
def test_every_text_is_translated_with_its_placeholders(path: Path) -> None:
    texts = read_po(path)
    (forms,) = re.findall(r"nplurals=(\d)", texts[HEADER][0])
    wrong = {each: faults(each, texts.get(each, ("",)), int(forms)) for each in messages()}
    assert {each: found for each, found in wrong.items() if found} == {}, "`make languages` adds what is new"


@of_each_language
def test_no_text_is_there_that_nobody_asks_for(path: Path) -> None:
    assert set(read_po(path)) - {HEADER} - set(messages()) == set()


@of_each_language
def test_the_compiled_texts_are_those_of_the_source(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == compiled(read_po(path)), "`make languages` compiles them"


@pytest.mark.parametrize(
    ("english", "translated", "wrong"),
    [
        (("%(n)s left",), ("nog %(n)s",), False),
        (("%(n)s left",), ("",), True),
        (("%(n)s left",), ("nog over",), True),
        (("%(n)s left",), ("nog %(m)s",), True),
        (("%(n)s %% left",), ("nog %(n)s",), True),
        (("one", "%(n)s left"), ("nog %(n)s", "nog %(n)s"), False),
        (("one", "%(n)s left"), ("nog %(n)s",), True),
        ((" then",), ("dan",), True),
    ],
)
def test_a_fault_is_found(english: Message, translated: Message, wrong: bool) -> None:
    assert bool(faults(english, translated, 2)) == wrong


@pytest.mark.parametrize("text", [text for _kind, text in TEXTS])
def test_what_exact_refuses_is_explained_in_dutch(text: str) -> None:
    explained = explain(Code.REFUSED, {"vendor": EXACT, "text": text})
    with override("nl"):
        what, who = str(explained.what_happened), str(explained.who)
    assert re.search(r"\b(de|het|een)\b", what, re.IGNORECASE)
    assert what.endswith(".")
    assert who.endswith(".")
