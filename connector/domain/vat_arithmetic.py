"""The VAT of one amount. It is included in the amount or added to it, and rounded to the currency's smallest unit.

`included` says that an amount is gross; without it the amount is net. `digits` are the currency's decimals.
"""

from dataclasses import dataclass
from decimal import Decimal

from connector.domain.money import HUNDRED, round_half_up


@dataclass(frozen=True, slots=True)
class Totals:
    """Net, VAT and gross of a line or an invoice, in one currency; gross = net + vat."""

    net: Decimal
    vat: Decimal
    gross: Decimal


def with_vat(amount: Decimal, rate: Decimal, digits: int, *, included: bool) -> Totals:
    """Return net, VAT and gross of an amount under a VAT code of `rate` percent."""
    vat = round_half_up(amount * rate / (HUNDRED + rate if included else HUNDRED), digits)
    return with_known_vat(amount, vat, included=included)


def with_known_vat(amount: Decimal, vat: Decimal, *, included: bool) -> Totals:
    """Return net, VAT and gross of an amount whose VAT is known."""
    return Totals(amount - vat, vat, amount) if included else Totals(amount, vat, amount + vat)


def rate_fits_tax(rate: Decimal, charged: Decimal, tax: Decimal, digits: int) -> bool:
    """Whether the rate in percent gives the tax to the cent. `charged` is the gross amount, not rounded.

    The tax is computed within the gross amount. A tax that the shop computed on the net amount fits there too.
    """
    return with_vat(charged, rate, digits, included=True).vat == tax
