"""What one side of a period comes to: by currency, and in it by day, country, payment method and VAT code.

Kept as JSON between two pages of a run, so that a run needs the memory of one page. Amounts are texts there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self

from connector.domain.money import ZERO, plain, tidy

Json = dict[str, Any]
# Exact computes in binary floating point: two amounts are the same when they are less than half a cent apart.
TOLERANCE = Decimal("0.005")


@dataclass(slots=True)
class Sum:
    """How many documents, and their amounts in one currency."""

    count: int = 0
    gross: Decimal = ZERO
    net: Decimal = ZERO
    vat: Decimal = ZERO

    def __sub__(self, other: Self) -> Self:
        """Return it without what another one comes to."""
        amounts = (self.gross - other.gross, self.net - other.net, self.vat - other.vat)
        return type(self)(self.count - other.count, *amounts)

    def add(self, gross: Decimal, net: Decimal, vat: Decimal, count: int) -> None:
        """Add a document, or a part of one that does not count (`count` 0)."""
        self.count += count
        self.gross += gross
        self.net += net
        self.vat += vat

    @property
    def is_nothing(self) -> bool:
        """Whether it comes to no document and to less than half a cent."""
        return not self.count and all(abs(amount) < TOLERANCE for amount in (self.gross, self.net, self.vat))

    def to_json(self) -> Json:
        """Return it with amounts as text."""
        amounts = {"gross": self.gross, "net": self.net, "vat": self.vat}
        return {"count": self.count, **{name: plain(tidy(amount, 2)) for name, amount in amounts.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(int(data["count"]), *(Decimal(data[name]) for name in ("gross", "net", "vat")))


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as it is added up. `codes` are net and VAT by VAT code; without codes its money has the code ""."""

    day: date | None
    currency: str
    gross: Decimal
    net: Decimal
    vat: Decimal
    country: str = ""
    method: str = ""
    codes: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    count: int = 1

    def __neg__(self) -> Self:
        """What takes it away again when it is added."""
        codes = {code: (-net, -vat) for code, (net, vat) in self.codes.items()}
        return replace(self, gross=-self.gross, net=-self.net, vat=-self.vat, codes=codes, count=-self.count)


# In the JSON each currency has these, with a Sum by name below each. `codes_by_country` has codes
# below each country.
PARTS = ("days", "countries", "methods", "codes")


@dataclass(slots=True)
class Totals:
    """The sums of one side, by currency."""

    by_currency: dict[str, "Currency"] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Add a document."""
        self.by_currency.setdefault(entry.currency, Currency()).add(entry)

    def to_json(self) -> Json:
        """Return the sums, each currency with its whole and its parts."""
        return {currency: sums.to_json() for currency, sums in sorted(self.by_currency.items())}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls({currency: Currency.from_json(sums) for currency, sums in data.items()})


@dataclass(slots=True)
class Currency:
    """The sums of one side in one currency: the whole, and its parts by name."""

    whole: Sum = field(default_factory=Sum)
    parts: dict[str, dict[str, Sum]] = field(default_factory=lambda: {name: {} for name in PARTS})
    by_country: dict[str, dict[str, Sum]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Add a document."""
        self.whole.add(entry.gross, entry.net, entry.vat, entry.count)
        day = entry.day.isoformat() if entry.day else ""
        for name, key in (("days", day), ("countries", entry.country), ("methods", entry.method)):
            part = self.parts[name].setdefault(key, Sum())
            part.add(entry.gross, entry.net, entry.vat, entry.count)
        of_country = self.by_country.setdefault(entry.country, {})
        for code, (net, vat) in (entry.codes or {"": (entry.net, entry.vat)}).items():
            self.parts["codes"].setdefault(code, Sum()).add(net + vat, net, vat, entry.count)
            of_country.setdefault(code, Sum()).add(net + vat, net, vat, entry.count)

    def to_json(self) -> Json:
        """Return the sums with amounts as text."""
        parts = {name: _write(self.parts[name]) for name in PARTS}
        by_country = {country: _write(codes) for country, codes in sorted(self.by_country.items())}
        return {**self.whole.to_json(), **parts, "codes_by_country": by_country}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        parts = {name: _read(data[name]) for name in PARTS}
        by_country = {country: _read(codes) for country, codes in data["codes_by_country"].items()}
        return cls(Sum.from_json(data), parts, by_country)


def _write(sums: Mapping[str, Sum]) -> Json:
    return {name: each.to_json() for name, each in sorted(sums.items())}


def _read(data: Mapping[str, Any]) -> dict[str, Sum]:
    return {name: Sum.from_json(each) for name, each in data.items()}
