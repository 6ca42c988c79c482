"""The customer's VAT number. Its form and its check digits are checked; whether it is registered is not.

Facts: European Commission, VIES, for the forms of the numbers; python-stdnum for the check digits of each country.
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from connector.domain.order.model import Address, Order
from connector.domain.order.vat_area import EU, NORTHERN_IRELAND, vat_area

# What people write before the number, also without a space: `BTWnr.BE0123.456.749`.
_LABEL = re.compile(r"^(?:BTW|VAT|TVA|P?IVA|MWST|UST|UID|NIF)(?:ID|NUMMER|NUMBER|NR|NO|N|INTRACOM)*")
# Other ways to write a number: Belgium's as it was until 2005, without its leading 0; Austria's without its U;
# Hungary's tax number, which begins with it.
_OTHERWISE = (
    (re.compile(r"BE(\d{9})"), r"BE0\1"),
    (re.compile(r"AT(\d{8})"), r"ATU\1"),
    (re.compile(r"HU(\d{8})[1-5]\d{2}"), r"HU\1"),
)
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
    return number_at(order.billing, field_names)


def number_at(billing: Address, field_names: Iterable[str]) -> str:
    """Return what `read_vat_number` does, of a billing address alone."""
    area = vat_area(billing)
    return next(filter(None, (_normalise(text, area) for text in _answers(billing, field_names))), "")


def written_vat_number(order: Order, field_names: Iterable[str]) -> str:
    """Return what the customer wrote in those form fields, valid or not; "" when nothing."""
    return answer(order.billing, field_names)


def answer(billing: Address, field_names: Iterable[str]) -> str:
    """Return the first answer in the form fields of an address with those names, as it was typed; "" for none."""
    return next(filter(None, (text.strip() for text in _answers(billing, field_names))), "")


def normal_vat_number(text: str, country: str) -> str:
    """Return a VAT number of a party in a country (ISO 3166), written as `read_vat_number` writes it.

    One that is not valid in the EU keeps its letters and digits, in capitals; without a digit it is "".
    """
    plain = "".join(character for character in text.upper() if character.isalnum())
    return (_normalise(text, country) or plain) if any(map(str.isdigit, plain)) else ""


def vat_number_country(number: str) -> str:
    """Return the country of a valid number, as in ISO 3166; XI for Northern Ireland."""
    return "GR" if number.startswith("EL") else number[:2]


def _answers(billing: Address, field_names: Iterable[str]) -> Iterable[str]:
    wanted = {name.strip().casefold() for name in field_names}
    return (text for name, text in billing.form_fields if name.strip().casefold() in wanted)


def _normalise(text: str, area: str) -> str:
    words = _words(text)
    candidates = [each for written in _numbers(words) for each in _readings(written, area)]
    candidates += [word for word in words if word[:2] in _BY_PREFIX]  # `Kade 1, BE0123456749`
    return next((each for each in map(_as_now, candidates) if _is_valid(each)), "")


def _words(text: str) -> list[str]:
    plain = normalize("NFKC", text).upper()
    return "".join(each if each.isalnum() or each in "+*" else " " for each in plain).split()


def _numbers(words: list[str]) -> list[str]:
    """What may be the number: the whole text, or its words with a digit and the one before or after them.

    What else stands before or after is no part of it: `N° TVA intracommunautaire FR 40 303 265 045`.
    """
    whole = "".join(words)
    digits = [place for place, word in enumerate(words) if any(map(str.isdigit, word))]
    if not digits:
        return []
    starts, ends = (max(0, digits[0] - 1), digits[0]), (digits[-1] + 1, digits[-1] + 2)
    parts = ["".join(words[start:end]) for start in starts for end in ends]
    return [whole, _LABEL.sub("", whole), *parts]


def _as_now(number: str) -> str:
    for form, now in _OTHERWISE:
        if found := form.fullmatch(number):
            return found.expand(now)
    return number


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
