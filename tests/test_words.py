"""Every sentence that a person reads in the portal goes through gettext."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from connector.clients import errors

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LAYERS = ("management", "onboarding", "admin", "api", "flow", "problems")
FOLDERS = ("tenants", "config", *(f"connector/{name}" for name in (*LAYERS, "models")))
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
# The rest of the configuration speaks before the settings are read, so in English.
TALKING_FOLDERS = ("tenants", "config/startup.py", *(f"connector/{name}" for name in LAYERS))
# Beside their sentences stand the texts of the vendors that they explain.
QUOTING = {
    ROOT / "connector/problems/kinds_of_refusal.py",
    ROOT / "connector/problems/references.py",
    ROOT / "connector/problems/vendor_texts.py",
}
TALKING = [path for path in SOURCES if str(path.relative_to(ROOT)).startswith(TALKING_FOLDERS) and path not in QUOTING]
DOMAIN = sorted((ROOT / "connector/domain").rglob("*.py"))
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
GETTEXT = {"_", "english", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}
ERRORS = ("ValidationError", "Http404", "PermissionDenied", "NotPossible", "ConsentRefused", "NotYours", "Overtaken")
# What a call to a vendor raises is shown as the reason why a document waits.
CALLS = [name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, errors.ClientError)]
SHOWN = re.compile(
    rf"{'|'.join(ERRORS)}|\b({'|'.join(CALLS)})$|"
    r"\.add_error$|^Finding$|^Step$|transitions\.(move|note)$|raise_alert$"
)
# Of bare texts: what goes into a log or to the database, what only code catches, and keys that are words.
NOT_SHOWN = re.compile(
    r"log\.|re\.compile$|Template$|(.*\.)?LeaseLost$|ImproperlyConfigured$|Struck$|IllegalTransition$"
)
KEYS = {"search code", "e-mail address", "shipping countries", '<option value="{}"{}>{}</option>', "Bearer "}
# What drafts, the marks of changes and the database get as it is written: the same in every language and release. And
# what the drivers of the database say.
KEPT = {"_CHECKED", "_PUT_IN", "note_of_tax", "note_on_foreign_vat", "in_english", "SAID_BY_DRIVERS"}
TWO_WORDS = re.compile(r"[a-z]{2,}[,;:.]? [a-z]{2,}")
WORD_AND_BLANK = re.compile(r"[a-z]{3,}[,;:.]? | [a-z]{3,}| [a-z]{2,} [A-Za-z]{2,}")  # beside a placeholder
NAMES = {"ml-connector", "Exact Online"}  # of products: the same in every language
WHOLE = re.compile(r"\w+ .+\w[.!?]\s*$")  # a whole sentence
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


def bare_sentences(source: str) -> Iterator[str]:
    """Yield every text of a module that reads like a sentence or a part of one, and that gettext does not know."""
    yield from _bare(ast.parse(source))


def _bare(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case ast.Call(func=called) if ast.unparse(called) in GETTEXT or NOT_SHOWN.match(ast.unparse(called)):
            return
        case ast.AnnAssign(target=ast.Name(id="_MARKED")):  # what a hash is made of
            return
        case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]) if name in KEPT:
            return
        case ast.Dict(keys=keys, values=values):  # a key stands for the words beside it
            parts = [
                each
                for key, value in zip(keys, values, strict=True)
                for each in ([value] if key is None or _is_gettext(value) else [key, value])
            ]
            yield from (found for part in parts for found in _bare(part))
            return
        case ast.Constant(value=str(text)) if TWO_WORDS.search(text) and text not in KEYS:
            yield text
        case ast.JoinedStr(values=parts):
            text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            yield from [text] if WORD_AND_BLANK.search(text) and text not in KEYS else []
            parts_with_values = [part for part in parts if isinstance(part, ast.FormattedValue)]
            yield from (found for part in parts_with_values for found in _bare(part.value))
            return
    yield from (found for child in ast.iter_child_nodes(node) for found in _bare(child))


def _is_gettext(value: ast.AST) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) in GETTEXT


def _of_call(call: ast.Call) -> Iterator[str]:
    called = ast.unparse(call.func)
    if called in GETTEXT:
        marked = {"member.words", "error.words"}  # the domain marks them for the catalogues
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


@pytest.mark.parametrize("path", TALKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_code_that_talks_to_a_person_has_no_bare_sentence(path: Path) -> None:
    assert list(bare_sentences(path.read_text())) == []


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_domain_has_no_bare_sentence(path: Path) -> None:
    """It has texts of documents in Exact, and lists of names: words and parts of sentences at most."""
    assert [text for text in bare_sentences(path.read_text()) if WHOLE.search(text)] == []


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


@pytest.mark.parametrize(
    "source",
    [
        'asked.append("The order changed again.")',
        'asked.append(f"Refund {number} was made")',
        'text += ", and there is no refund of it"',
        'def name(): return f"account {code}"',
        'def why(): return "Waits until it is posted."',
        'found = [f"{name} {theirs} in Exact" for name, theirs in pairs]',
        'change = Change(others=["It was archived."])',
        'WHY = "it was made when Exact had no rate"',
        'by_hand = f" To settle by hand: {amount}."',
        'require(window, f"Store {code} has used its calls", endpoint)',
        'raise Refused(f"{path} is missing.")',
        'raise CommandError("There is no tenant.")',
        'self.stdout.write(f"{count} orders")',
        'parser.add_argument("file", help="the provision file")',
    ],
)
def test_a_bare_sentence_is_found(source: str) -> None:
    assert list(bare_sentences(source))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("The order has no lines.", True),
        ("VAT of  was charged to a business with number , which owes it itself.", True),
        ("Order ", False),
        ("kind country rate", False),
        ("where the largest part of the order goes", False),
    ],
)
def test_a_whole_sentence_is_no_name_and_no_list(text: str, whole: bool) -> None:
    assert bool(WHOLE.search(text)) == whole


def test_the_text_of_a_failed_call_is_found() -> None:
    assert list(sentences_outside_gettext('raise errors.Unavailable(f"Exact does not show {title} yet.")'))
