"""What Exact refuses is explained in Dutch too. The rest of the portal is in English alone."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from connector.domain.document.codes import Code
from connector.problems.catalogue import EXACT, explain
from connector.problems.explanation import Explanation
from tests.problems.test_kinds_of_refusal import TEXTS

FOLDER = Path(settings.LOCALE_PATHS[0]) / "nl/LC_MESSAGES"
KINDS = {kind: explain(Code.REFUSED, {"vendor": EXACT, "text": text}) for kind, text in TEXTS}
UNKNOWN = explain(Code.REFUSED, {"vendor": EXACT, "text": "Iets onbekends"})


@pytest.mark.parametrize("explained", [*KINDS.values(), UNKNOWN], ids=lambda each: str(each.what_happened))
def test_each_kind_of_refusal_is_explained_in_dutch(explained: Explanation) -> None:
    dutch = explained.in_language("nl")
    assert dutch is not None
    assert all(sentence.endswith(".") for sentence in dutch)
    assert re.search(r"\b(de|het|een)\b", dutch[0], re.IGNORECASE)
    with override("nl"):
        assert (str(explained.what_happened), str(explained.who)) == dutch
        assert explained.in_language("nl") is None  # the reader has it in Dutch already


def test_what_is_not_translated_is_given_once() -> None:
    assert explain("", {}).in_language("nl") is None
    assert Explanation("Kept as it is.", "Nobody acts.", "ledger").in_language("nl") is None


def test_the_compiled_texts_are_those_of_the_source() -> None:
    source = (FOLDER / "django.po").read_text(encoding="utf-8")
    written = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.MULTILINE))
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    assert len(written) > 40
    assert {english: compiled.gettext(english) for english in written} == written
