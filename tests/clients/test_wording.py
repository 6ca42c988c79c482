"""Every sentence of a client is marked for the catalogues, whole, with its values apart."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import connector.clients
from connector.clients import errors
from connector.clients.bigcommerce.webhook import BadShape
from connector.clients.strict_json import Unreadable
from connector.clients.wording import BadValue, complete

ROOT = Path(connector.clients.__file__).parent
KINDS = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, errors.ClientError)}
KINDS |= {BadValue.__name__, Unreadable.__name__, BadShape.__name__}
MARK = "_"
CARRIED = re.compile(r"error\.words|words")  # what another error said already


def raised(source: str) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Yield each call that makes an error, and each expression that its sentence may come from."""
    tree = ast.parse(source)
    kept = [(each.targets[0], each.value) for each in ast.walk(tree) if isinstance(each, ast.Assign)]
    values: dict[str, list[ast.expr]] = {}
    for target, value in kept:
        names, parts = [target], [value]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            names, parts = target.elts, value.elts
        for name, each in zip(names, parts, strict=True):
            values.setdefault(ast.unparse(name), []).append(each)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {*KINDS, "_unclear"}:
            words = call.args[1 if ast.unparse(call.func) == "_unclear" else 0]
            for each in values.get(ast.unparse(words), [words]):
                yield call, each


def bare(source: str) -> list[str]:
    """Return what an error says without a mark, or with a mark on something else than one plain text."""
    return [
        ast.unparse(words)
        for _call, words in raised(source)
        if not CARRIED.fullmatch(ast.unparse(words)) and not _is_marked(words) and ast.unparse(words) != "message"
    ]


def _is_marked(words: ast.expr) -> bool:
    if not isinstance(words, ast.Call) or ast.unparse(words.func) != MARK:
        return False
    return len(words.args) == 1 and isinstance(words.args[0], ast.Constant)


def lacking(source: str) -> list[str]:
    """Return the sentences that name a value which the call does not give."""
    found = []
    for call, words in raised(source):
        given = next((each.value for each in call.keywords if each.arg == "given"), None)
        keys = given.keys if isinstance(given, ast.Dict) else []
        names = {each.value for each in keys if isinstance(each, ast.Constant)} | {each.arg for each in call.keywords}
        if _is_marked(words) and (given is None or isinstance(given, ast.Dict)):
            wanted = set(re.findall(r"%\((\w+)\)s", ast.unparse(words)))
            found += [ast.unparse(words)] if wanted - names else []
    return found


SOURCES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_sentence_is_marked_and_its_values_are_given(path: Path) -> None:
    assert bare(path.read_text()) == []
    assert lacking(path.read_text()) == []


def test_the_sentences_are_found() -> None:
    assert sum(1 for path in SOURCES for _each in raised(path.read_text())) > 60


@pytest.mark.parametrize(
    "source",
    [
        'raise Unavailable("It is not available")',
        'raise NotSent(f"No connection to {host}", endpoint="")',
        'text = "No connection"\nraise NotSent(text)',
        'raise NotSent(_(f"No connection to {host}"))',
        'return _unclear(write, "It is not available")',
    ],
)
def test_a_bare_sentence_is_found(source: str) -> None:
    assert bare(source)


def test_a_value_that_is_not_given_is_found() -> None:
    assert lacking('raise NotSent(_("No connection to %(host)s"))')
    assert lacking('raise NotSent(_("No connection to %(host)s"), given={"server": 1})')
    assert not lacking('raise NotSent(_("No connection to %(host)s"), given={"host": 1})')


def test_a_sentence_without_values_may_hold_any_text() -> None:
    assert complete("100 % wrong", {}) == "100 % wrong"


def test_why_is_a_sentence_with_the_same_values() -> None:
    given = {"why": "%(name)s is missing", "name": "ID"}
    assert complete("It could not be read: %(why)s", given) == "It could not be read: ID is missing"


def test_an_error_within_a_sentence_may_name_a_noun_and_a_reason() -> None:
    given = {"error": "No %(noun)s: %(why)s", "noun": "invoice", "why": "%(name)s is missing", "name": "ID"}
    dutch = {"invoice": "factuur", "No %(noun)s: %(why)s": "Geen %(noun)s: %(why)s"}
    assert complete("Not clear. %(error)s", given) == "Not clear. No invoice: ID is missing"
    assert complete("Not clear. %(error)s", given, lambda words: dutch.get(words, words)) == (
        "Not clear. Geen factuur: ID is missing"
    )


@pytest.mark.parametrize("given", [{}, {"why": "%(name)s is missing", "name": "ID"}])
def test_what_may_be_tried_again_says_what_is_not_clear_and_then_what_the_client_said(given: dict[str, str]) -> None:
    first = errors.OutcomeUnknown("No answer%(why)s" if given else "100 %", given=given, status=500, detail="Oeps")
    error = errors.unavailable_after(first, "It is not clear. %(error)s")
    assert str(error) == f"It is not clear. {first}"
    assert (error.status, error.detail) == (500, "Oeps")


def test_the_message_is_the_whole_sentence() -> None:
    assert str(BadValue("%(name)s is missing", name="ID")) == "ID is missing"
    assert str(errors.Unavailable("No answer of %(host)s", given={"host": "x.example"}, status=503)) == (
        "No answer of x.example (HTTP 503)"
    )


def test_a_secret_in_a_value_is_hidden() -> None:
    error = errors.NotSent("No connection: %(cause)s", given={"cause": "token-1234 is bad"})
    error.hide(["token-1234"])
    assert str(error) == "No connection: *** is bad"
