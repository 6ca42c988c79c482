"""Where a sale is taxed: VAT knows areas that are not countries.

Facts: Council Directive 2006/112/EC, articles 5 to 7 (territories in and out of the VAT area), and the Windsor
Framework (goods in Northern Ireland). The postcodes are those of the postal services. An area that has no code in
ISO 3166 is ELSEWHERE.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from unicodedata import combining, normalize

from connector.domain.order.model import Address

# The member states by ISO 3166-1 alpha-2. Greece is GR there, and EL in VAT numbers.
EU = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT"),
        *("LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)
NORTHERN_IRELAND = "XI"
ELSEWHERE = "ZZ"  # outside the VAT area of its country
# Countries by address that are a part of another country for VAT.
_JOINED = {"MC": "FR", "IM": "GB", "LI": "CH"}
_OVERSEAS = ("971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988")
_CARVED_OUT: Mapping[str, Mapping[tuple[str, ...], str]] = {
    "CY": {("9",): ELSEWHERE},  # the district of Kyrenia (9xxx), and Northern Cyprus by its own postcodes (99xxx)
    "DE": {("78266", "27498"): ELSEWHERE},  # Büsingen, Heligoland
    "DK": {("39",): "GL"},  # Greenland
    "ES": {("35", "38"): "IC", ("51", "52"): "EA"},  # the Canaries; Ceuta and Melilla
    "FI": {("22",): "AX"},  # Åland
    "FR": {_OVERSEAS: ELSEWHERE},
    "GB": {("BT",): NORTHERN_IRELAND, ("JE",): "JE", ("GY",): "GG"},
    "GR": {("63086", "63087"): ELSEWHERE},  # Mount Athos
    # Livigno, Campione d'Italia; San Marino and the Vatican, which are countries with Italian postcodes.
    "IT": {("23041", "22061"): ELSEWHERE, ("4789",): "SM", ("00120",): "VA"},
}
# Towns, without accents, that tell the area where an address lacks a postcode of its country. Nicosia is divided.
_POSTCODE = {"CY": re.compile(r"\d{4}"), "IT": re.compile(r"\d{5}")}
_NORTHERN_CYPRUS = frozenset(
    {
        *("alsancak", "famagusta", "gazimagusa", "girne", "guzelyurt", "iskele", "keryneia", "kyrenia", "lapithos"),
        *("lapta", "lefke", "lefkosa", "morphou", "north nicosia", "trikomo", "yeni iskele"),
        *("catalkoy", "dipkarpaz", "gazi magusa", "karavas", "magusa", "rizokarpaso"),
    }
)
# Names of the area itself. They count anywhere in the town's field, and in that of the state.
_AREA_NAMES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "CY": {
        ELSEWHERE: re.compile(
            r"\b(?:kktc|trnc|(?:kuzey|north(?:ern)?|no+rd) ?(?:kibris|cyprus|zypern)|nicosia north|mersin 10)\b"
        )
    },
    "IT": {
        "SM": re.compile(r"\b(?:repubblica|republic|republiek|republik|citta) (?:di |of )?san marino\b|\brsm\b"),
        "VA": re.compile(r"\b(?:citta del vaticano|vatican city|cite du vatican|vatikanstadt|vaticaanstad|holy see)\b"),
    },
}
_SOUTHERN_CYPRUS = frozenset(
    {
        *("agia napa", "ayia napa", "deryneia", "larnaca", "larnaka", "lemesos", "limassol", "pafos", "paphos"),
        *("paralimni", "protaras"),
    }
)
_TOWNS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "CY": {ELSEWHERE: _NORTHERN_CYPRUS, "CY": _SOUTHERN_CYPRUS},
    "IT": {
        "SM": frozenset(
            {
                *("san marino", "repubblica di san marino", "republic of san marino"),
                *("borgo maggiore", "domagnano", "faetano", "montegiardino"),
            }
        ),
        "VA": frozenset(
            {
                *("citta del vaticano", "stato della citta del vaticano", "vaticano", "cite du vatican"),
                *("vatican", "vatican city", "vatican city state", "vatikan", "vatikanstadt", "vaticaanstad"),
            }
        ),
    },
}
# Names that other places of the country have too, and the postcodes there: a district of Cyprus, villages of Italy.
_SHARED_NAMES: Mapping[str, tuple[str, ...]] = {"famagusta": ("5",), "san marino": ("40", "41"), "vaticano": ("89",)}
# `F-97400`, `ES35001`, `RSM-47890`. Postcodes of the United Kingdom begin with letters of their own.
_COUNTRY_PREFIX = re.compile(r"^[A-Z]{1,3}-?(?=\d)")
_PARTS_OF_TOWN = re.compile(r"[,;/()]")
_PUNCTUATION = re.compile(r"[^\w\s]")


# A translation asks for each line and each VAT code of the division; the addresses are few.
@lru_cache(maxsize=256)
def vat_area(address: Address, *, goods: bool = True) -> str:
    """Return the VAT area of an address: a country's code, or IC, EA, AX, XI or ELSEWHERE; "" without a country.

    The postcode decides, and the town where there is no postcode. Northern Ireland belongs to the EU for goods only.
    """
    country = address.country
    area = _area_of_postcode(address) or _area_of_town(address) or country
    if area == NORTHERN_IRELAND and not goods:
        return country
    return _JOINED.get(area, area)


def town_and_postcode_disagree(address: Address) -> bool:
    """Whether the town and the postcode are of different VAT areas, so that one of the two is wrong."""
    by_postcode, by_town = _area_of_postcode(address), _area_of_town(address)
    return bool(by_postcode and by_town) and by_postcode != by_town


def _postcode(address: Address) -> str:
    postcode = "".join(address.postcode.upper().split())
    return postcode if address.country == "GB" else _COUNTRY_PREFIX.sub("", postcode)


def _area_of_postcode(address: Address) -> str:
    """The area that the postcode alone tells; "" when it is none of the country's."""
    country, postcode = address.country, _postcode(address)
    for prefixes, area in _CARVED_OUT.get(country, {}).items():
        if postcode.startswith(prefixes):
            return area
    is_one = country in _POSTCODE and _POSTCODE[country].fullmatch(postcode) and postcode.strip("0")
    return country if is_one else ""


def _area_of_town(address: Address) -> str:
    """The area that the town alone tells; "" when it tells none.

    Italy has other places of the name San Marino, and Cyprus a district of Famagusta that belongs to the EU.
    """
    fields = _PUNCTUATION.sub(" ", _plain_letters(f"{address.city} {address.state} {address.postcode}"))
    for area, name in _AREA_NAMES.get(address.country, {}).items():
        if name.search(" ".join(fields.split())):
            return area
    places = {_plain_letters(each) for each in (*_PARTS_OF_TOWN.split(address.city), address.postcode)}
    elsewhere = {name for name, codes in _SHARED_NAMES.items() if _postcode(address).startswith(codes)}
    towns_of = _TOWNS.get(address.country, {})
    return next((area for area, towns in towns_of.items() if towns & places - elsewhere), "")


def _plain_letters(text: str) -> str:
    """The text in lower case, without accents; the Turkish i without a dot is an i."""
    letters = (letter for letter in normalize("NFKD", text) if not combining(letter))
    return " ".join("".join(letters).casefold().replace("\u0131", "i").split())


_OTHER_CODES = {"EL": "GR", "UK": "GB"}  # common codes that ISO 3166 does not have


def iso_country(code: str) -> str:
    """Return a country's code as in ISO 3166, in capitals; EL, the VAT code of Greece, becomes GR, and UK becomes GB.

    What is no code of two letters becomes "".
    """
    written = code.strip().upper()
    is_code = len(written) == 2 and written.isascii() and written.isalpha()
    return _OTHER_CODES.get(written, written) if is_code else ""


def is_carved_out(area: str, country: str) -> bool:
    """Whether the area lies outside the VAT of the country, so that a rule for the country does not apply."""
    return area not in {country, _JOINED.get(country)}


def in_eu(area: str) -> bool:
    """Whether the area belongs to the EU's VAT area."""
    return area in EU or area == NORTHERN_IRELAND
