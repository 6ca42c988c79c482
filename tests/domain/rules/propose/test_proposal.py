"""How a code is picked among candidates, and how sure that is."""

import pytest

from connector.domain.rules.propose import hints
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


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("Erlöse Versand", hints.SHIPPING, True),
        ("Gebühren", hints.FEE, True),
        ("Coffee", hints.FEE, False),
        ("Omzet verzendkosten", hints.FEE, False),
        ("USt-IdNr.", hints.VAT_FIELD, True),
        ("August", hints.VAT_FIELD, False),
    ],
)
def test_a_short_word_stands_alone_and_a_long_one_may_be_a_part(name: str, words: tuple[str, ...], says: bool) -> None:
    assert hints.says(name, words) is says


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("Duitsland", {"DE": 4, "AT": 0}),
        ("DACH", {"DE": 3, "NL": 0}),
        ("EU-WEST Europe West", {"DE": 3, "PL": 0}),
        ("Europe", {"DE": 2, "US": 0}),
        ("Rest of the world", {"JP": 1}),
        ("Webshop", {"NL": 0}),
    ],
)
def test_a_cost_centre_is_for_a_country_a_region_or_the_rest(name: str, fits: dict[str, int]) -> None:
    assert {country: hints.is_for(name, country) for country in fits} == fits
