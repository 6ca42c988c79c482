"""Every sentence that a person reads in the portal goes through gettext."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FOLDERS = ("tenants", "config", "connector/admin", "connector/api", "connector/models", "connector/flow")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
ATTRIBUTES = {"title", "placeholder", "aria-label", "alt"}
NAMED = {"description", "help_text", "label", "empty_label", "search_help_text", "verbose_name", "verbose_name_plural"}
ASSIGNED = {
    "text",
    "title",
    "index_title",
    "empty_text",
    "search_help_text",
    "verbose_name",
    "verbose_name_plural",
    "label",
}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
ERRORS = ("ValidationError", "Http404", "PermissionDenied", "NotPossible", "ConsentRefused", "NotYours", "Overtaken")
SHOWN = re.compile(rf"{'|'.join(ERRORS)}|\.add_error$|^Finding$|^Step$|transitions\.(move|note)$|raise_alert$")
NAMES = {"ml-connector", "Exact Online"}  # of products: the same in every language
HOLE = " "  # stands where a template tag was


class _Words(HTMLParser):
    """Collects the words of a page that stand outside tags, scripts, styles and icons."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.found += [value or "" for name, value in attrs if name in ATTRIBUTES]
        if tag in {"script", "style"} or "material-symbols" in (values.get("class") or "") or self.silent:
            self.silent += [tag] if tag not in {"br", "input", "meta", "link"} else []

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def words_outside_gettext(source: str) -> list[str]:
    """Return the words of a template that no translate tag holds."""
    page, translated, given = "", False, []
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.token_type == TokenType.BLOCK else ""
        if name in {"blocktranslate", "endblocktranslate"}:
            translated = name == "blocktranslate"
        elif token.token_type == TokenType.TEXT and not translated:
            page += token.contents
        page += HOLE if token.token_type in {TokenType.BLOCK, TokenType.VAR} else ""
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            given += _bare_arguments(token.contents)
    parser = _Words()
    parser.feed(page)
    texts = (text.strip(" \n·()") for text in [*parser.found, *given])
    return [text for text in texts if re.search(r"[A-Za-z]{2}", text) and text not in NAMES]


def _bare_arguments(contents: str) -> list[str]:
    """Return the sentences that a tag is given as they are: `title="Money posted"`, `default:"none yet"`."""
    return re.findall(r'(?:title=|than=|default:)"([A-Za-z][^"]*)"', contents)


def sentences_outside_gettext(source: str) -> Iterator[str]:
    """Yield the sentences of a module that are shown to a person and that gettext does not know."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call():
                yield from _of_call(node)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in ASSIGNED:
                yield from _plain(value)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "title":
                        yield from _plain(value)


def _of_call(call: ast.Call) -> Iterator[str]:
    called = ast.unparse(call.func)
    if called in GETTEXT:
        marked = {"member.words"}  # `domain/choices.py` marks them for the catalogues
        if not all(isinstance(given, ast.Constant) or called.startswith("n") for given in call.args) and not (
            marked >= {ast.unparse(given) for given in call.args}
        ):
            yield f"not a plain text inside {called}(): {ast.unparse(call)}"
        return
    if re.fullmatch(r"messages\.\w+|.*message_user", called):
        yield from _plain(*call.args[1:])
    if SHOWN.search(called):
        yield from _plain(*call.args)
    yield from _plain(*(keyword.value for keyword in call.keywords if keyword.arg in NAMED))


def _plain(*values: ast.expr) -> Iterator[str]:
    """Yield what reads like a sentence: two words or more, or a capital first, with no gettext around it."""
    for value in values:
        if isinstance(value, ast.Call):
            continue
        if isinstance(value, ast.JoinedStr):
            text = "".join(str(part.value) for part in value.values if isinstance(part, ast.Constant))
            if re.search(r"[A-Za-z]{3,}", text):
                yield text
        elif isinstance(value, ast.Constant) and isinstance(value.value, str):
            if re.match(r"[A-Z][a-z]", value.value) or re.search(r"[a-z] [a-z]", value.value):
                yield value.value
        elif isinstance(value, ast.IfExp):
            yield from _plain(value.body, value.orelse)
        elif isinstance(value, ast.BinOp):
            yield from _plain(value.left)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_has_no_words_of_its_own(path: Path) -> None:
    assert words_outside_gettext(path.read_text()) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_sentence_in_code_goes_through_gettext(path: Path) -> None:
    assert list(sentences_outside_gettext(path.read_text())) == []


@pytest.mark.parametrize(
    "page",
    [
        "<p>Nothing yet.</p>",
        '<input placeholder="Why">',
        '{% include "x.html" with title="Money posted" %}',
        '{{ text|default:"There is nothing." }}',
        "<p>{% translate 'One' %} and two</p>",
    ],
)
def test_words_in_a_page_are_found(page: str) -> None:
    assert words_outside_gettext(page)


@pytest.mark.parametrize(
    "source",
    [
        'messages.success(request, "It is done.")',
        'messages.error(request, f"{name} is gone")',
        'raise ValidationError("It is wrong.")',
        'forms.CharField(help_text="Leave it empty.")',
        'context = {"title": "Rules"}',
        'empty_text = "Nothing yet."',
        '_(f"{name} is gone")',
        '_("%s is gone" % name)',
    ],
)
def test_a_sentence_in_code_is_found(source: str) -> None:
    assert list(sentences_outside_gettext(source))
