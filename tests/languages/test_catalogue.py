"""The files of a language are read as they are written, and gettext reads what is compiled."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from tests.languages.catalogue import HEADER, compiled, read_po, write_po

TEXTS = {
    ('A "word", a \\ and\ntwo lines\n',): ('Een "woord", een \\ en\ntwee regels\n',),
    ("%(n)s day", "%(n)s days"): ("%(n)s dag", "%(n)s dagen"),
    ("Later",): ("",),
}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    texts = {**read_po(path), **TEXTS}
    assert "Language: de\n" in texts[HEADER][0]
    write_po(path, texts, {("Later",): "page.html"})
    assert read_po(path) == texts
    assert '#: page.html\nmsgid "Later"' in path.read_text(encoding="utf-8")


def test_gettext_reads_what_is_compiled(tmp_path: Path) -> None:
    texts = {**read_po(tmp_path / "de" / "LC_MESSAGES" / "django.po"), **TEXTS}
    read = GNUTranslations(BytesIO(compiled(texts)))
    assert read.gettext('A "word", a \\ and\ntwo lines\n') == 'Een "woord", een \\ en\ntwee regels\n'
    assert [read.ngettext("%(n)s day", "%(n)s days", n) for n in (1, 2)] == ["%(n)s dag", "%(n)s dagen"]
    assert read.gettext("Later") == "Later"
