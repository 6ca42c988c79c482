"""VAT arithmetic of a sales invoice. Decimal only; amounts are rounded half up, to cents or to the currency's unit.

Known: line AmountFC excludes VAT, header AmountFC includes it; the VAT code's Type says whether NetPrice excludes
(E) or includes (I) VAT, B and N have none; Exact rounds VAT itself. Assumed: it rounds per line, or, by a setting of
the division, once per VAT code, and the last line of the code gets the difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal, unit: Decimal = CENT) -> Decimal:
    """The amount rounded to cents, or to another smallest unit of its currency."""
    return amount.quantize(unit, ROUND_HALF_UP)


@dataclass(slots=True)
class VatLine:
    """One line's price and VAT: `rate` is a fraction (0.21), `basis` the code's Type or "" for no code.

    `unit` is the smallest amount of the invoice's currency.
    """

    quantity: Decimal
    net_price: Decimal
    code: str
    basis: str
    rate: Decimal
    net: Decimal = ZERO
    vat: Decimal = ZERO
    unit: Decimal = CENT

    @property
    def amount(self) -> Decimal:
        """Quantity times price, rounded: with VAT for I, else without."""
        return cents(self.quantity * self.net_price, self.unit)

    def force(self, vat: Decimal) -> None:
        """Use this VAT instead. In a line that includes VAT the net amount changes."""
        self.vat = vat
        self.net = self.amount - vat if self.basis == "I" else self.amount


def vat_of(amount: Decimal, basis: str, rate: Decimal) -> Decimal:
    """The VAT in (I) or on (E) an amount; unrounded."""
    if basis == "I":
        return amount * rate / (1 + rate)
    return amount * rate if basis == "E" else ZERO


def calculate(lines: Sequence[VatLine], rounding: str) -> None:
    """Fill `net` and `vat` of every line."""
    for line in lines:
        line.vat = cents(vat_of(line.amount, line.basis, line.rate), line.unit)
    if rounding == "code":
        _settle_per_code(lines)
    for line in lines:
        line.force(line.vat)


def _settle_per_code(lines: Sequence[VatLine]) -> None:
    groups: dict[str, list[VatLine]] = defaultdict(list)
    for line in lines:
        groups[line.code].append(line)
    for group in groups.values():
        total = sum((line.amount for line in group), ZERO)
        due = cents(vat_of(total, group[-1].basis, group[-1].rate), group[-1].unit)
        group[-1].vat += due - sum((line.vat for line in group), ZERO)
