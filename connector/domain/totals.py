"""Exact Online's own arithmetic, so that its total is known before anything is sent (half up: assumed)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from connector.domain.invoice import DraftLine
from connector.domain.money import HUNDRED, round_half_up, total
from connector.domain.settings import VatRounding


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


def add_up(parts: Iterable[Totals | DraftLine]) -> Totals:
    """The sum of the parts' amounts."""
    kept = list(parts)
    return Totals(*(total(getattr(part, name) for part in kept) for name in ("net", "vat", "gross")))


def predict(lines: Iterable[DraftLine], mode: VatRounding, digits: int = 2) -> Totals:
    """The invoice's totals: VAT rounded on each `line`, or once per VAT `code` over the sum of its lines."""
    if mode == "line":
        return add_up(lines)
    by_code = attrgetter("vat_code")
    return add_up(_of_one_code(list(group), digits) for _, group in groupby(sorted(lines, key=by_code), key=by_code))


def _of_one_code(lines: list[DraftLine], digits: int) -> Totals:
    included = lines[0].vat_type == "I"
    base = total(line.gross if included else line.net for line in lines)
    return with_vat(base, lines[0].vat_percentage, digits, included=included)
