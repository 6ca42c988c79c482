"""Every sentence of the domain about a setting is marked for the catalogues, whole, with its values as parameters."""

import ast
from pathlib import Path

import pytest

import connector.domain
from connector.domain.rules.rule_book import BadRule
from connector.domain.timing.as_typed import NotADay, NotATime
from connector.domain.timing.schedule import BadSchedule
from connector.domain.wording import BadSetting

ROOT = Path(connector.domain.__file__).parent
KINDS = {kind.__name__ for kind in (BadRule, BadSchedule, NotADay, NotATime)}
RAISED = [
    (path.name, call)
    for path in sorted(ROOT.rglob("*.py"))
    for call in ast.walk(ast.parse(path.read_text()))
    if isinstance(call, ast.Call) and ast.unparse(call.func) in KINDS
]


def test_the_sentences_are_found() -> None:
    assert {kind.__name__ for kind in BadSetting.__subclasses__()} == KINDS
    assert len(RAISED) > 10


@pytest.mark.parametrize("call", [call for _name, call in RAISED], ids=[f"{name}:{c.lineno}" for name, c in RAISED])
def test_a_sentence_is_marked_as_a_plain_text(call: ast.Call) -> None:
    (marked,) = call.args
    assert isinstance(marked, ast.Call)
    assert ast.unparse(marked.func) == "_"
    (words,) = marked.args
    assert isinstance(words, ast.Constant)
    given = {keyword.arg: "7" for keyword in call.keywords}
    assert "%" not in str(words.value) % given


def test_the_message_is_the_whole_sentence() -> None:
    assert str(BadSetting("%(key)s is odd.", key="rate")) == "rate is odd."
