"""Every code has its sentence, its explanation and its page; what a sentence names is among the code's parameters."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import connector
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, as_param
from connector.problems.catalogue import ENTRIES, sentence
from connector.problems.explanation import PAGES

RAISES = {"problem", "line_problem", "Hold", "CannotBe", "NotToBeCredited", "NotToBeBooked"}
OF_LINE = {"line", "name", "kind", "country"}


@pytest.mark.parametrize("code", Code)
def test_each_code_has_a_sentence_that_its_parameters_complete(code: Code) -> None:
    text = sentence(Problem(code, "", dict.fromkeys(code.params, "7") | {"given": "{}"}))
    assert "%(" not in text
    assert text.endswith((".", "7"))


@pytest.mark.parametrize("code", [code for code in Code if "why" in code.params])
def test_the_problem_within_a_problem_is_written_for_its_reader(code: Code, monkeypatch: pytest.MonkeyPatch) -> None:
    why = Problem(Code.SHADOW)
    params = dict.fromkeys(code.params, "7")
    kept_before = sentence(Problem(code, "", params | {"why": sentence(why)}))
    now = Problem(code, "", params | {"why": as_param(why)})
    assert sentence(now) == kept_before
    reworded = replace(ENTRIES[Code.SHADOW], message="In another language.")
    monkeypatch.setitem(ENTRIES, Code.SHADOW, reworded)
    assert "In another language." in sentence(now)


@pytest.mark.parametrize("code", [code for code in Code if "stands" in code.params])
@pytest.mark.parametrize(
    ("stands", "begins"), [("booked", "Invoice 7 is booked in Exact. "), ("open", "Invoice 7 is open")]
)
def test_what_stands_in_exact_already_is_said_in_the_sentence(code: Code, stands: str, begins: str) -> None:
    params = dict.fromkeys(code.params, "7") | {"noun": "invoice", "given": "{}"}
    assert sentence(Problem(code, "", params | {"stands": stands})).startswith(begins)
    assert "in Exact. " not in sentence(Problem(code, "", params | {"stands": ""}))


@pytest.mark.parametrize("code", Code)
def test_each_code_says_what_happened_and_who_fixes_it_on_a_page_that_exists(code: Code) -> None:
    explanation = ENTRIES[code].explanation
    assert str(explanation.what_happened).endswith(".")
    assert str(explanation.who).endswith(".")
    assert explanation.where in PAGES
    assert str(explanation.who).startswith("Nobody") != explanation.needs_person


def test_the_catalogue_knows_no_code_that_does_not_exist() -> None:
    assert set(ENTRIES) == set(Code)


def raised() -> Iterator[tuple[Code, set[str], bool]]:
    """Each place that names a code in a call: the code, the parameters that are named there, whether these are all."""
    for path in Path(connector.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] not in RAISES:
                continue
            for name in re.findall(r"Code\.([A-Z_]+)", " ".join(map(ast.unparse, node.args))):
                named = {each.arg for each in node.keywords if each.arg}
                of_line = OF_LINE if "line_problem" in ast.unparse(node.func) else set()
                yield Code[name], named | of_line, all(each.arg for each in node.keywords)


def test_a_code_is_raised_with_the_parameters_that_it_declares() -> None:
    places = list(raised())
    assert len(places) > 50
    for code, named, complete in places:
        assert named <= code.params, code
        assert not complete or named == code.params, code
