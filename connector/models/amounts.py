"""Amounts and days as a person reads them: `25,080.24` in English, `25.080,24` in Dutch."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language

from connector.domain.money import plain

# By these names sentences and parts of pages keep them, as texts with a point.
_AMOUNTS: Final = frozenset(
    (
        *("amount", "before", "after", "computed", "counted", "credited", "difference", "gross"),
        *("gift_certificate", "money", "net", "net_price", "paid", "percentage", "quantity", "rate", "rest"),
        *("settled", "store_credit", "sum", "table_tax", "taken", "tax", "total", "vat", "vat_percentage"),
    )
)
_DAYS: Final = frozenset(("date", "day", "order_date"))


def written(amount: object) -> str:
    """Return an amount with the decimals that it has, in the reader's form. What is no number stays as it is."""
    text = plain(amount) if isinstance(amount, Decimal) else str(amount)
    parts = text.removeprefix("-").split(".")
    if len(parts) > 2 or not all(map(str.isdecimal, parts)):
        return text
    return number_format(Decimal(text), len(text.partition(".")[2]), force_grouping=True)


def day(of: object) -> str:
    """Return a day such as `5 Jan 2026`; without a language in ISO 8601. What is no day stays as it is."""
    if get_language() is None:
        return str(of)
    try:
        return date_format(date.fromisoformat(str(of)), "DATE_FORMAT")
    except ValueError:
        return str(of)


def for_reader(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by their names, amounts and days among them in the reader's form."""
    return {name: _value(name, each) for name, each in given.items()}


def _value(name: str, each: Any) -> Any:
    if name in _AMOUNTS and isinstance(each, str | Decimal):
        return written(each)
    return day(each) if name in _DAYS and isinstance(each, str | date) else each
