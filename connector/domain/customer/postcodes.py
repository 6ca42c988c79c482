"""One form of a postcode, whatever its spelling. Facts: the postal services, as the Universal Postal Union lists them.

A prefix of the country (`B-9000`), blanks and punctuation do not count.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from connector.domain.order.buyer import plain_words
from connector.domain.order.vat_area import NORTHERN_IRELAND, iso_country

_DIGITS: Final[Mapping[int, tuple[str, ...]]] = {
    3: ("IS", "FO"),
    4: ("AT", "AU", "BE", "BG", "CH", "CY", "DK", "GE", "HU", "LI", "LU", "LV", "MK", "NO", "NZ", "SI", "ZA"),
    5: (
        *("CZ", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IT", "LT", "MC", "ME", "MX", "RS", "SE", "SK", "SM", "TR"),
        *("UA", "VA"),
    ),
    6: ("CN", "IN", "RO", "SG"),
    7: ("IL", "JP", "PT"),
}
_FORMS: Final[Mapping[str, str]] = {
    **{country: rf"\d{{{digits}}}" for digits, countries in _DIGITS.items() for country in countries},
    "CA": r"[A-Z]\d[A-Z]\d[A-Z]\d",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}",
    "IE": r"[A-Z]\d[\dW][A-Z\d]{4}",
    "MT": r"[A-Z]{3}\d{4}",
    "NL": r"[1-9]\d{3}[A-Z]{2}",
    "PL": r"\d{5}",
    "US": r"\d{5}",
}
# What people and spreadsheets leave away at the beginning: 1067 is 01067.
_PADDED: Final[Mapping[str, int]] = {"DE": 5, "ES": 5, "FR": 5, "IT": 5, "US": 5}
# Abbreviations of the country before the postcode, where they are not its ISO code.
_OTHER_PREFIXES: Final[Mapping[str, str]] = {
    "AT": "A",
    "BE": "B",
    "DE": "D",
    "ES": "E",
    "FI": "FIN",
    "FR": "F",
    "HU": "H",
    "IT": "I",
    "LU": "L",
    "NO": "N",
    "PT": "P",
    "SE": "S",
    "SI": "SLO",
}
_LONGEST: Final = 12
_OTHER_CODES: Final[Mapping[str, str]] = {"UK": "GB", "EL": "GR"}
_PART_OF_FIVE: Final = re.compile(r"\d{9}")  # a ZIP code with the four digits of a street


class Place(NamedTuple):
    """Where a party is: a country as `country_key` writes it, and a postcode as `postcode_key` does."""

    country: str
    postcode: str

    def may_be(self, other: "Place") -> bool:
        """Whether both may be one place: one postcode, and no two countries. Without a postcode nothing tells."""
        countries = {self.country, other.country} - {""}
        return bool(self.postcode) and self.postcode == other.postcode and len(countries) < 2


def place_of(postcode: str, country: str) -> Place:
    """Return the place of a postcode and a country as somebody wrote them."""
    known = country_key(country)
    return Place(known, postcode_key(postcode, known))


def country_key(text: str) -> str:
    """Return a country's ISO 3166-1 alpha-2 code in capitals; "" for what is no such code."""
    code = text.strip().upper()
    code = _OTHER_CODES.get(code, code)
    return code if re.fullmatch(r"[A-Z]{2}", code) else ""


def country_in_exact(code: str) -> str:
    """Return a country as in ISO 3166; "" for what is none, such as the codes that ISO gives to nobody."""
    country = iso_country(code)
    if country == NORTHERN_IRELAND:
        return "GB"
    is_nobodys = country in {"AA", "ZZ"} or (country[:1] == "X" and country != "XK") or "QM" <= country <= "QZ"
    return "" if is_nobodys else country


def postcode_key(text: str, country: str) -> str:
    """Return a postcode in capitals without blanks; "" when it has not the form that the country's postcodes have.

    `country` is ISO 3166-1 alpha-2. A postcode of another country, or of an unknown one, needs a digit other than 0.
    """
    country = country_key(country)
    plain = "".join(plain_words(text)).upper()
    form = _FORMS.get(country)
    if form is None:
        return plain if len(plain) <= _LONGEST and any(each in "123456789" for each in plain) else ""
    number = _without_prefix(plain, country)
    if country == "US" and _PART_OF_FIVE.fullmatch(number):
        number = number[:5]
    if number.isdigit():
        number = number.zfill(_PADDED.get(country, 0)) if len(number) == _PADDED.get(country, 0) - 1 else number
    return number if re.fullmatch(form, number, re.ASCII) and number.strip("0") else ""


def _without_prefix(plain: str, country: str) -> str:
    """Take away the country's letters, where digits follow them, or where the rest has the form."""
    for prefix in (country, _OTHER_PREFIXES.get(country, "")):
        rest = plain.removeprefix(prefix)
        if prefix and rest != plain and re.fullmatch(_FORMS[country], rest, re.ASCII):
            return rest
    return plain
