"""How a code is picked among candidates, and how sure that is."""

import pytest

from connector.domain.rules.propose.proposal import Candidate, Confidence, Pick, Why, pick

A, B, C = Candidate("A"), Candidate("B"), Candidate("C")


def shown(found: Pick | None) -> tuple[str, Why, Confidence]:
    assert found is not None
    return found.code, found.reason.why, found.confidence


def used(code: str, times: int, *, named: bool = False) -> Candidate:
    return Candidate(code, used=times, named=named)


def test_the_only_one_is_certain_unless_its_name_alone_was_looked_for() -> None:
    assert pick([], what="item") is None
    assert shown(pick([A], what="item")) == ("A", Why.ONLY_ONE, Confidence.CERTAIN)
    assert shown(pick([A], what="item", by_name=True)) == ("A", Why.NAME, Confidence.LIKELY)


def test_use_says_more_than_a_name() -> None:
    both = [used("A", 4), used("B", 1, named=True)]
    assert shown(pick(both, what="item")) == ("A", Why.USED, Confidence.LIKELY)
    assert shown(pick(both, what="item", name_first=True)) == ("B", Why.NAME, Confidence.LIKELY)


@pytest.mark.parametrize(
    ("times", "confidence"),
    [
        ((2, 0), None),
        ((3, 0), Confidence.LIKELY),
        ((4, 3), None),
        ((4, 2), Confidence.LIKELY),
        ((9, 1), Confidence.LIKELY),
        ((18, 2), Confidence.CERTAIN),
    ],
)
def test_a_code_is_the_usual_one_from_three_lines_and_two_thirds_on(
    times: tuple[int, int], confidence: Confidence | None
) -> None:
    found = pick([used("A", times[0]), used("B", times[1])], what="vat_code")
    wanted = ("A", Why.USED, confidence) if confidence else ("A", Why.FIRST, Confidence.CHOOSE)
    assert shown(found) == wanted


def test_where_nothing_tells_them_apart_a_person_chooses_and_sees_the_others_best_first() -> None:
    found = pick([A, used("B", 1), Candidate("C", named=True), Candidate("D", named=True)], what="item")
    assert shown(found) == ("C", Why.FIRST, Confidence.CHOOSE)
    assert found is not None
    assert [each.code for each in found.others] == ["D", "B", "A"]
    assert [each.code for each in found.beside([A, C, Candidate("E")]).others] == ["D", "B", "A", "E"]
