"""What the flow says in an error of a client is marked for the catalogues, and written where a person reads it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import connector.flow
from connector.clients import errors

ROOT = Path(connector.flow.__file__).parent
# Which argument has the words.
MAKERS = {name: 0 for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, Exception)}
MAKERS |= {"AccountGone": 0, "unavailable_after": 1, "_require_calls": 4}
MARKS = {"marked", "gettext_noop"}


def raised(source: str) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what may be said in each error that a module makes, and whether it is a marked text."""
    tree = ast.parse(source)
    imported = [alias for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) for alias in each.names]
    marks = {alias.asname or alias.name for alias in imported if alias.name in MARKS}
    values: dict[str, list[ast.expr]] = {}
    for each in ast.walk(tree):
        if isinstance(each, ast.Assign):
            values.setdefault(ast.unparse(each.targets[0]), []).append(each.value)
    for call in ast.walk(tree):
        place = MAKERS.get(ast.unparse(call.func).rpartition(".")[2]) if isinstance(call, ast.Call) else None
        if isinstance(call, ast.Call) and place is not None and len(call.args) > place:
            words = call.args[place]
            if isinstance(words, ast.Name) and words.id == "words":
                continue  # the parameter of a maker
            own = [each for each in values.get(ast.unparse(words), [words]) if not isinstance(each, ast.Name)]
            for each in own or [words]:
                yield each, isinstance(each, ast.Call) and ast.unparse(each.func) in marks


SOURCES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_error_is_raised_with_words_that_are_translated_already(path: Path) -> None:
    assert [ast.unparse(words) for words, is_marked in raised(path.read_text()) if not is_marked] == []


def test_the_errors_are_found() -> None:
    assert sum(1 for path in SOURCES for _each in raised(path.read_text())) > 15


@pytest.mark.parametrize(
    "source",
    [
        'from x import gettext as _\nraise errors.Unavailable(_("Exact does not show it yet."))',
        'from x import marked as _\nraise errors.Unavailable(_("No %(title)s yet.") % {"title": title})',
        'raise RateLimited("The calls are used up", until=until)',
    ],
)
def test_words_that_are_not_marked_are_found(source: str) -> None:
    assert [is_marked for _words, is_marked in raised(source)] == [False]
