"""VAT of one amount, included in it or added to it, rounded half up to the currency's smallest unit."""

from dataclasses import dataclass
from decimal import Decimal

from connector.domain.money import HUNDRED, round_half_up


@dataclass(frozen=True, slots=True)
class Totals:
    """Net, VAT and gross of a line or an invoice; gross = net + vat."""

    net: Decimal
    vat: Decimal
    gross: Decimal


def with_vat(amount: Decimal, rate: Decimal, digits: int, *, included: bool) -> Totals:
    """What an amount under a VAT code of `rate` percent comes to; gross if VAT is `included`, else net."""
    vat = round_half_up(amount * rate / (HUNDRED + rate if included else HUNDRED), digits)
    return given_vat(amount, vat, included=included)


def given_vat(amount: Decimal, vat: Decimal, *, included: bool) -> Totals:
    """An amount with that VAT, computed or sent; gross if VAT is `included`, else net."""
    return Totals(amount - vat, vat, amount) if included else Totals(amount, vat, amount + vat)


def gives(rate: Decimal, charged: Decimal, tax: Decimal, digits: int) -> bool:
    """Whether the rate in percent gives the tax to the cent; `charged` is the gross amount, not rounded.

    Taken within the gross amount, where a tax that was computed on the net always fits as well.
    """
    return with_vat(charged, rate, digits, included=True).vat == tax
