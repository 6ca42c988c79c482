"""Reads BigCommerce's JSON field by field. A field that cannot be read is named, not guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final, Self

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.money import round_half_up
from connector.domain.order.texts import clean

_KEPT_DIGITS = 4  # BigCommerce's own precision
_LARGEST = Decimal(10) ** 12
_MOST_DIGITS = 19  # what the database keeps
_FIRST_YEAR, _LAST_YEAR = 1970, 9998
_NO_YEARS = "0000-", " -0001 "  # as databases write "no date"; some readers make a year of it
_LONGEST_SHOWN = 60


class Expected(StrEnum):
    """What a field should be. Problems and marks keep these values."""

    AMOUNT = "an amount"
    QUANTITY = "a quantity"
    DATE = "a date"
    CURRENCY = "a currency"
    WHOLE_NUMBER = "a whole number"
    TEXT = "a text"
    OBJECT = "an object"
    OBJECTS = "a list of objects"
    NOT_NEGATIVE = "an amount of zero or more"
    KIND_OF_REFUND = "a kind of refund that is known"


_CODES: Final = {Expected.DATE: Code.ORDER_DATE_ODD, Expected.CURRENCY: Code.ORDER_CURRENCY_ODD}
# Without these it is no order at all.
_NEEDED: Final = frozenset({"order", "order.id"})


def in_english(field: str, value: str, expected: str) -> str:
    """Return what is wrong with a field, for logs and for the marks of reported changes.

    People read it in `connector.problems`.
    """
    said = f"The order's {field} is {value!r}, not" if value else f"The order has no {field}; it should be"
    return f"{said} {expected}."


class UnreadableOrder(ValueError):
    """A field of the order is missing or cannot be read.

    `field` is its path, `value` the text that it has, and `expected` what it should be.
    """

    def __init__(self, field: str, value: str, expected: Expected) -> None:
        super().__init__(in_english(field, value, expected))
        self.field, self.value, self.expected = field, value, expected

    @property
    def problem(self) -> Problem:
        """Why the order is held."""
        field = self.field.removeprefix("order.")
        of_field = _CODES.get(self.expected, Code.ORDER_FIELD_ODD)
        code = Code.ORDER_UNREADABLE if self.field in _NEEDED else of_field
        return problem(code, field=field, value=self.value, expected=self.expected)


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object of the vendor, and its path for messages."""

    data: Mapping[str, Any]
    where: str

    @classmethod
    def of(cls, value: object, where: str) -> Self:
        """Return an object of the vendor, which is a row of a list. Raises UnreadableOrder when it is none."""
        if not isinstance(value, Mapping):
            text = "" if value is None else str(value)
            raise UnreadableOrder(where, text[:_LONGEST_SHOWN], Expected.OBJECT)
        return cls(value, where)

    def has(self, name: str) -> bool:
        """Whether the field is there and not null or empty."""
        return self.data.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Return the field as clean text on one line; "" when it is absent or null.

        Raises UnreadableOrder when it is a list or an object.
        """
        value = self.data.get(name)
        if isinstance(value, Mapping | list):
            raise self.unreadable(name, Expected.TEXT)
        return "" if value is None else clean(str(value))

    def id(self, name: str) -> str:
        """Return the field as an id; "" when it is absent or 0, which means none."""
        found = self.text(name)
        return "" if found == "0" else found

    def flag(self, name: str) -> bool:
        """Whether the field is true, also as the text of a truth; false when it is absent."""
        return str(self.data.get(name)).casefold() in {"true", "1"}

    def whole(self, name: str) -> int:
        """Return the field as a whole number. Raises UnreadableOrder when it is none."""
        found = self.text(name)
        if not (found.isascii() and found.isdecimal() and len(found) <= _MOST_DIGITS):
            raise self.unreadable(name, Expected.WHOLE_NUMBER)
        return int(found)

    def amount(self, name: str, default: Decimal | None = None) -> Decimal:
        """Return the field rounded to four decimals; `default` when it is absent.

        Raises UnreadableOrder when it is no amount.
        """
        if not self.has(name) and default is not None:
            return default
        try:
            found = Decimal(self.text(name))
        except InvalidOperation:
            raise self.unreadable(name, Expected.AMOUNT) from None
        # Compared and never computed with: arithmetic on 1e999999999 is an error of its own.
        if not found.is_finite() or not -_LARGEST < found < _LARGEST:
            raise self.unreadable(name, Expected.AMOUNT)
        return round_half_up(found, _KEPT_DIGITS)

    def moment(self, name: str) -> datetime:
        """Return the field, RFC 2822 or ISO 8601, as a moment in UTC.

        Raises UnreadableOrder when it is neither, or no day after 1969.
        """
        found = self.text(name)
        for read in (parsedate_to_datetime, datetime.fromisoformat):
            try:
                moment = read(found)
            except (ValueError, OverflowError):
                continue
            if _FIRST_YEAR <= moment.year <= _LAST_YEAR and not any(no in found for no in _NO_YEARS):
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        raise self.unreadable(name, Expected.DATE)

    def one(self, name: str) -> Self:
        """Return the object in the field. Raises UnreadableOrder when it is none."""
        value = self.data.get(name)
        if not isinstance(value, Mapping):
            raise self.unreadable(name, Expected.OBJECT)
        return type(self)(value, self._path(name))

    def many(self, name: str) -> list[Self]:
        """Return the objects in the field; none when it is absent.

        Raises UnreadableOrder when it is no list, or names the row that is no object.
        """
        value = self.data.get(name) or []
        if not isinstance(value, list):
            raise self.unreadable(name, Expected.OBJECTS)
        return [self.of(each, f"{self._path(name)}[{place}]") for place, each in enumerate(value)]

    def unreadable(self, name: str, expected: Expected) -> UnreadableOrder:
        """Return the exception that says what is wrong with the field."""
        value = str(self.data[name]) if self.has(name) else ""
        return UnreadableOrder(self._path(name), value[:_LONGEST_SHOWN], expected)

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name
