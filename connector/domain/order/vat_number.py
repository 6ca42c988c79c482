"""The customer's VAT number. Its form and its check digits are checked; whether it is registered is not.

Facts: European Commission, VIES, for the forms of the numbers; python-stdnum for the check digits of each country.
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from connector.domain.order.model import Order
from connector.domain.order.vat_area import EU, NORTHERN_IRELAND, vat_area

# What people write before the number: `BTW-nr. BE 0123.456.749`.
_LABEL = re.compile(r"^(?:BTW|VAT|TVA|P?IVA|MWST|UST|UID|NIF)(?:ID|NR|NO|N|NUMMER|NUMBER|INTRACOM)*")
_SHORT_BELGIAN = re.compile(r"^BE(?=\d{9}$)")  # as it was until 2005, without its leading 0
_BY_PREFIX = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"(?:\d{9}|\d{12})",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{10}\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    NORTHERN_IRELAND: r"(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})",
}


def read_vat_number(order: Order, field_names: Iterable[str]) -> str:
    """Return the first valid EU VAT number in the billing address's form fields with those names, else "".

    It has no separators, is in capitals, and begins with a prefix (EL for Greece). A number without a prefix gets that
    of the billing country.
    """
    area = vat_area(order.billing)
    return next(filter(None, (_normalise(text, area) for text in _answers(order, field_names))), "")


def written_vat_number(order: Order, field_names: Iterable[str]) -> str:
    """Return what the customer wrote in those form fields, valid or not; "" when nothing."""
    return next(filter(None, (text.strip() for text in _answers(order, field_names))), "")


def normal_vat_number(text: str, country: str) -> str:
    """Return a VAT number of a party in a country (ISO 3166), written as `read_vat_number` writes it.

    One that is not valid in the EU keeps its letters and digits, in capitals; without a digit it is "".
    """
    plain = "".join(character for character in text.upper() if character.isalnum())
    return (_normalise(text, country) or plain) if any(map(str.isdigit, plain)) else ""


def vat_number_country(number: str) -> str:
    """Return the country of a valid number, as in ISO 3166; XI for Northern Ireland."""
    return "GR" if number.startswith("EL") else number[:2]


def _answers(order: Order, field_names: Iterable[str]) -> Iterable[str]:
    wanted = {name.strip().casefold() for name in field_names}
    return (text for name, text in order.billing.form_fields if name.strip().casefold() in wanted)


def _normalise(text: str, area: str) -> str:
    written = "".join(each for each in normalize("NFKC", text).upper() if each.isalnum() or each in "+*")
    candidates = [each for number in (written, _LABEL.sub("", written)) for each in _readings(number, area)]
    candidates = [_SHORT_BELGIAN.sub("BE0", each) for each in candidates]
    return next((each for each in candidates if _is_valid(each)), "")


def _readings(number: str, area: str) -> list[str]:
    """The number as it stands, and with the prefix that its country has in VAT numbers."""
    candidates = [number]
    if number.startswith("GR"):
        candidates.append(f"EL{number[2:]}")
    if area == NORTHERN_IRELAND:  # the number is that of Great Britain with another prefix
        candidates.append(f"XI{number.removeprefix('GB')}")
    elif area in EU:
        candidates.append(("EL" if area == "GR" else area) + number)
    return candidates


def _is_valid(number: str) -> bool:
    form = _BY_PREFIX.get(number[:2])
    if form is None or not re.fullmatch(form, number[2:], re.ASCII):
        return False
    try:
        vat.validate(number)
    except ValidationError:
        return False
    return True
