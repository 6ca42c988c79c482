"""One postcode has one form, and only a place with a postcode tells anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.customer.postcodes import Place, country_key, place_of, postcode_key

COUNTRIES = ["NL", "BE", "DE", "FR", "GB", "IE", "LU", "PT", "US", "SE", "ZZ", ""]


@pytest.mark.parametrize(
    ("text", "country", "key"),
    [
        ("1234 ab", "NL", "1234AB"),
        ("NL-1234AB", "NL", "1234AB"),
        ("B-9000", "BE", "9000"),
        ("D-01067", "DE", "01067"),
        ("1067", "DE", "01067"),
        ("L - 1234", "LU", "1234"),
        ("sw1a 1aa", "GB", "SW1A1AA"),
        ("sw1a 1aa", "UK", "SW1A1AA"),
        ("S-123 45", "SE", "12345"),
        ("1000-001", "PT", "1000001"),
        ("02134-1234", "US", "02134"),
        ("d02 x285", "IE", "D02X285"),
        ("AB 12", "ZZ", "AB12"),
    ],
)
def test_a_postcode_is_the_same_however_it_is_written(text: str, country: str, key: str) -> None:
    assert postcode_key(text, country) == key


@pytest.mark.parametrize(
    ("text", "country"),
    [
        *(("", "NL"), ("1234", "NL"), ("0000", "BE"), ("n/a", "DE"), ("9000", "GB"), ("9" * 500, "BE")),
        *(("🏠", "NL"), ("٩٠٠٠", "BE"), ("geen", "ZZ"), ("000", "ZZ"), ("A1" * 50, "")),
    ],
)
def test_what_is_no_postcode_of_the_country_has_no_key(text: str, country: str) -> None:
    assert postcode_key(text, country) == ""


def test_a_country_is_its_iso_code_or_unknown() -> None:
    assert [country_key(each) for each in (" nl ", "UK", "EL", "Nederland", "N1", "")] == ["NL", "GB", "GR", "", "", ""]


def test_two_places_may_be_one_when_the_country_is_the_same_or_unknown() -> None:
    gent = place_of("B-9000", "be")
    assert gent == Place("BE", "9000")
    assert gent.may_be(Place("", "9000"))
    assert not gent.may_be(Place("LU", "9000"))
    assert not Place("BE", "").may_be(Place("BE", ""))


@given(st.text(max_size=30), st.sampled_from(COUNTRIES))
def test_a_key_is_its_own_key(text: str, country: str) -> None:
    key = postcode_key(text, country)
    assert postcode_key(key, country) == key
    assert postcode_key(f" {text}-", country) == key


@given(*[st.tuples(st.text("019ABNL -", max_size=8), st.sampled_from(COUNTRIES))] * 2)
def test_two_places_are_one_from_either_side(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert place_of(*one).may_be(place_of(*other)) == place_of(*other).may_be(place_of(*one))
