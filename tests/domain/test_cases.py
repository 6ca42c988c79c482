"""Orders and rules in, drafts or problems out: one folder per case.

`setup.json` holds what differs from nl.json; `expected.json` holds of a draft what the case is about, all of its lines
included, and of a held order every problem: its code with all parameters, and the sentence for a person.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connector.domain.document.result import Held, Needs
from connector.domain.invoice.draft import Draft
from connector.problems.catalogue import sentence
from tests.domain.books import HERE, read_books, read_json

CASES = sorted((HERE / "cases").iterdir())


def shown(outcome: Draft | Held | Needs) -> dict[str, Any]:
    if isinstance(outcome, Draft):
        return {"draft": outcome.to_json()}
    if isinstance(outcome, Needs):
        return {"needs": sorted(outcome.what)}
    problems = [
        {"reason": each.reason, "code": each.code, "line": each.line, "params": dict(each.params)}
        for each in outcome.problems
    ]
    return {"reason": outcome.reason, "held": problems}


def in_words(outcome: Draft | Held | Needs) -> list[str]:
    return [sentence(each) for each in outcome.problems] if isinstance(outcome, Held) else []


def narrowed(actual: Any, expected: Any) -> Any:
    """Return the parts of the actual outcome that the case names. Lists keep all elements."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {key: narrowed(actual.get(key), value) for key, value in expected.items()}
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [narrowed(*pair) for pair in zip(actual, expected, strict=True)]
    return actual


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_case(folder: Path) -> None:
    books = read_books(read_json(folder / "setup.json"))
    expected = read_json(folder / "expected.json")
    outcome = books.translate(read_json(folder / "order.json"))
    actual = shown(outcome)
    assert in_words(outcome) == [each.pop("text") for each in expected.get("held", [])]
    if "draft" not in expected:
        assert actual == expected
    assert narrowed(actual, expected) == expected


ALL_CASES = """
import json
import django
django.setup()
from tests.domain.test_cases import CASES, read_books, read_json, shown
for folder in CASES:
    books = read_books(read_json(folder / "setup.json"))
    print(json.dumps(shown(books.translate(read_json(folder / "order.json")))))
"""


def test_an_order_is_translated_byte_for_byte_the_same_in_another_process() -> None:
    """Sets and dictionaries come in another order there: nothing may depend on it."""
    found = {
        subprocess.check_output([sys.executable, "-c", ALL_CASES], env={**os.environ, "PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert found.pop().count(b"\n") == len(CASES)
