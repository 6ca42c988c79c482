"""Reading BigCommerce's JSON field by field, so that an odd one is named instead of guessed at."""

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
    """The order lacks a field, or has something in it that it cannot mean; `field` is where it stands."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object of the vendor's and where it stands, for messages."""

    data: Mapping[str, Any]
    where: str

    def has(self, name: str) -> bool:
        """Whether the field is there and not null or empty."""
        return self.data.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """The field as trimmed text; "" when it is absent or null."""
        value = self.data.get(name)
        return "" if value is None else str(value).strip()

    def id(self, name: str) -> str:
        """The field as an id; "" when it is absent or 0, the vendor's word for none."""
        found = self.text(name)
        return "" if found == "0" else found

    def flag(self, name: str) -> bool:
        """The field as a truth value; false when it is absent."""
        return self.data.get(name) is True

    def whole(self, name: str) -> int:
        """The field as a whole number. Raises UnreadableOrder."""
        found = self.text(name)
        if not found.isdecimal():
            raise self.odd(name, "a whole number")
        return int(found)

    def amount(self, name: str, default: Decimal | None = None) -> Decimal:
        """The field, rounded to four decimals; `default` when it is absent. Raises UnreadableOrder."""
        if not self.has(name) and default is not None:
            return default
        try:
            found = Decimal(self.text(name))
        except InvalidOperation:
            raise self.odd(name, "an amount") from None
        if not found.is_finite() or abs(found) >= _LARGEST:
            raise self.odd(name, "an amount")
        return round_half_up(found, _KEPT_DIGITS)

    def moment(self, name: str) -> datetime:
        """The field, RFC 2822 or ISO 8601, in UTC. Raises UnreadableOrder."""
        found = self.text(name)
        for read in (parsedate_to_datetime, datetime.fromisoformat):
            try:
                moment = read(found)
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
        raise self.odd(name, "a date")

    def one(self, name: str) -> Self:
        """The object in the field. Raises UnreadableOrder."""
        value = self.data.get(name)
        if not isinstance(value, Mapping):
            raise self.odd(name, "an object")
        return type(self)(value, self._path(name))

    def many(self, name: str) -> list[Self]:
        """The objects in the field; none when it is absent or null. Raises UnreadableOrder."""
        value = self.data.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise self.odd(name, "a list of objects")
        return [type(self)(each, f"{self._path(name)}[{place}]") for place, each in enumerate(value)]

    def odd(self, name: str, expected: str) -> UnreadableOrder:
        """The exception that says what is wrong with the field."""
        if not self.has(name):
            return UnreadableOrder(f"The order has no {self._path(name)}; {expected} is needed.", self._path(name))
        return UnreadableOrder(
            f"The order's {self._path(name)} is {self.data[name]!r}, not {expected}.", self._path(name)
        )

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name
