"""What the names of codes say, and which country a name means."""

import pytest

from connector.domain.rules.propose import hints


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
