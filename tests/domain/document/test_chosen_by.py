"""What a draft keeps of a choice says whether a rule made it, without a look at its words."""

import pytest

from connector.domain.document.chosen_by import NoRule, names_rule, parts, with_place

RULE = "VAT rule 2, version 3"
PLACE = "where the largest part of the order goes, to FR (its tax fits NL, BE too)"


def test_a_rule_is_named() -> None:
    assert names_rule(RULE)
    assert names_rule(with_place(PLACE, RULE))


@pytest.mark.parametrize("reason", NoRule)
def test_a_reason_names_no_rule(reason: NoRule) -> None:
    assert not names_rule(reason.value)
    assert not names_rule(with_place(PLACE, reason))


def test_nothing_names_no_rule() -> None:
    assert not names_rule("")


@pytest.mark.parametrize(("place", "kept"), [("", RULE), (PLACE, f"{PLACE}: {RULE}")])
def test_a_place_stands_before_the_choice(place: str, kept: str) -> None:
    assert parts(kept) == (place, RULE)
