"""Divisions of different make and what a store sold: what is proposed, and how sure. One file per division.

`expected` has the value and the confidence by key; null where nothing may be proposed.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from connector.domain.choices import DocumentForm
from connector.domain.rules.propose.amounts import Tried, propose_amounts
from connector.domain.rules.propose.document import form_of
from connector.domain.rules.propose.mapping import as_filed, propose, unsure_first
from connector.domain.rules.propose.proposal import Confidence, Proposal
from connector.problems.proposals import in_words
from tests.domain.rules.propose.division import CASES, read_case, read_facts


def proposed(case: dict[str, Any], tried: Tried | None = None) -> dict[str, Proposal]:
    facts = read_facts(case)
    entry = form_of(facts) == DocumentForm.SALES_ENTRY
    return {each.key: each for each in (*propose(facts), *propose_amounts(facts, tried or Tried(), entry=entry))}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = read_case(path)
    expected = case.pop("expected")
    found = proposed(case)
    shown = {key: [found[key].value, found[key].confidence.value] if key in found else None for key in expected}
    assert shown == expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_reason_is_a_sentence_and_no_alternative_is_the_value(path: Path) -> None:
    for each in proposed(read_case(path)).values():
        text = in_words(each.reason)
        assert text.endswith(".")
        assert "%" not in text.replace(" %", "")
        assert each.value not in [other.code for other in each.alternatives]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_proposal_is_kept_as_json_with_its_reason(path: Path) -> None:
    for each in proposed(read_case(path)).values():
        read = Proposal.from_json(json.loads(json.dumps(each.to_json())))
        assert in_words(read.reason) == in_words(each.reason)
        assert read.to_json() == each.to_json()


def test_the_unsure_ones_come_first() -> None:
    found = unsure_first(proposed(read_case(CASES[-1])).values())
    levels = [each.confidence for each in found]
    assert levels == sorted(levels, key=list(reversed(Confidence)).index)
    assert levels[0] is Confidence.CHOOSE


def test_what_is_proposed_stands_in_its_place_of_the_file() -> None:
    filed = as_filed(proposed(read_case(CASES[-1])).values())
    assert filed["items"]["default"] == "WEB"
    assert filed["vat"][3]["code"] == "2"
    assert filed["mode"] == "shadow"
    assert filed["start_date"] == "2026-03-02"
