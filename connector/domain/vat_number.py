"""The customer's VAT number, as far as its form tells (European Commission, VIES: structures)."""

import re
from collections.abc import Iterable

from connector.domain.order import Order

_SEPARATORS = re.compile(r"[\s.,/_-]+")
_BY_COUNTRY = {
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
}
# The member states by ISO 3166-1 alpha-2, which knows Greece by another name than VAT does.
EU = frozenset(_BY_COUNTRY) - {"EL"} | {"GR"}


def read_vat_number(order: Order, field_names: Iterable[str]) -> str:
    """The first EU VAT number in the billing address's form fields of those names, else "".

    Without separators, in capitals, with its country's prefix, the billing country's if it had none.
    """
    wanted = {name.strip().casefold() for name in field_names}
    answers = (text for name, text in order.billing.form_fields if name.strip().casefold() in wanted)
    return next(filter(None, (_normalise(text, order.billing.country) for text in answers)), "")


def _normalise(text: str, country: str) -> str:
    number = _SEPARATORS.sub("", text).upper()
    prefix = "EL" if country == "GR" else country
    candidates = [number, f"EL{number[2:]}" if number.startswith("GR") else number]
    if country in EU:
        candidates.append(prefix + number)
    return next((each for each in candidates if _is_vat_number(each)), "")


def _is_vat_number(number: str) -> bool:
    form = _BY_COUNTRY.get(number[:2])
    return form is not None and re.fullmatch(form, number[2:], re.ASCII) is not None
