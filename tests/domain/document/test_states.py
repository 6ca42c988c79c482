import pytest

from connector.domain.document.states import ALLOWED, BlockedReason, IllegalTransition, SkipReason, State, Step, check

WAYS = {
    "pending": "preparing skipped",
    "preparing": "awaiting_approval posting waiting blocked skipped",
    "awaiting_approval": "pending posting skipped",
    "posting": "posted waiting blocked uncertain",
    "uncertain": "posted waiting blocked",
    "waiting": "preparing blocked",
    "posted": "skipped",
    "blocked": "pending posted skipped",
    "skipped": "pending posted",
}


@pytest.mark.parametrize("old", State)
@pytest.mark.parametrize("new", State)
def test_only_the_documented_transitions_are_allowed(old: State, new: State) -> None:
    if new in WAYS[old].split():
        check(old, new)
    else:
        with pytest.raises(IllegalTransition, match=f"from {old} to {new}"):
            check(old, new)


def test_a_transition_that_is_refused_names_those_that_are_not() -> None:
    with pytest.raises(IllegalTransition, match="it goes to: preparing, skipped"):
        check(State.PENDING, State.POSTED)
    with pytest.raises(IllegalTransition, match="it goes to: skipped"):
        check(State.POSTED, State.PENDING)


def test_every_state_has_its_transitions() -> None:
    assert set(ALLOWED) == set(State)


def test_words_are_those_of_the_ledger() -> None:
    reasons = "mapping item customer currency totals rejected period duplicate drift exhausted internal"
    assert " ".join(BlockedReason) == reasons
    assert " ".join(SkipReason) == "status shadow before_start migrated test zero deleted person unpaid"
    assert " ".join(Step) == "create print"
