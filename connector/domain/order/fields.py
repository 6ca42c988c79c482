"""Reads BigCommerce's JSON field by field. A field that cannot be read is named, not guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any, Self

from connector.domain.money import round_half_up

_KEPT_DIGITS = 4  # BigCommerce's own precision
_LARGEST = Decimal(10) ** 12


class UnreadableOrder(ValueError):
    """A field of the order is missing or cannot be read; `field` is its path."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object of the vendor, and its path for messages."""

    data: Mapping[str, Any]
    where: str

    def has(self, name: str) -> bool:
        """Whether the field is there and not null or empty."""
        return self.data.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Return the field as trimmed text; "" when it is absent or null."""
        value = self.data.get(name)
        return "" if value is None else str(value).strip()

    def id(self, name: str) -> str:
        """Return the field as an id; "" when it is absent or 0, which means none."""
        found = self.text(name)
        return "" if found == "0" else found

    def flag(self, name: str) -> bool:
        """Whether the field is true; false when it is absent."""
        return self.data.get(name) is True

    def whole(self, name: str) -> int:
        """Return the field as a whole number. Raises UnreadableOrder when it is none."""
        found = self.text(name)
        if not found.isdecimal():
            raise self.unreadable(name, "a whole number")
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
            raise self.unreadable(name, "an amount") from None
        if not found.is_finite() or abs(found) >= _LARGEST:
            raise self.unreadable(name, "an amount")
        return round_half_up(found, _KEPT_DIGITS)

    def moment(self, name: str) -> datetime:
        """Return the field, RFC 2822 or ISO 8601, as a moment in UTC. Raises UnreadableOrder when it is neither."""
        found = self.text(name)
        for read in (parsedate_to_datetime, datetime.fromisoformat):
            try:
                moment = read(found)
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
        raise self.unreadable(name, "a date")

    def one(self, name: str) -> Self:
        """Return the object in the field. Raises UnreadableOrder when it is none."""
        value = self.data.get(name)
        if not isinstance(value, Mapping):
            raise self.unreadable(name, "an object")
        return type(self)(value, self._path(name))

    def many(self, name: str) -> list[Self]:
        """Return the objects in the field; none when it is absent. Raises UnreadableOrder when it is no list."""
        value = self.data.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise self.unreadable(name, "a list of objects")
        return [type(self)(each, f"{self._path(name)}[{place}]") for place, each in enumerate(value)]

    def unreadable(self, name: str, expected: str) -> UnreadableOrder:
        """Return the exception that says what is wrong with the field."""
        if not self.has(name):
            return UnreadableOrder(f"The order has no {self._path(name)}; {expected} is needed.", self._path(name))
        return UnreadableOrder(
            f"The order's {self._path(name)} is {self.data[name]!r}, not {expected}.", self._path(name)
        )

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name
