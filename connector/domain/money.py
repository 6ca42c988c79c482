"""Amounts are Decimals, rounded half up (away from zero) to the smallest unit of their currency."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
HUNDRED = Decimal(100)

# ISO 4217: the currencies whose minor unit is not a hundredth.
_AFRICAN_FRANCS = {"BIF", "DJF", "GNF", "KMF", "RWF", "XAF", "XOF"}
_WHOLE = _AFRICAN_FRANCS | {"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "VUV", "XPF"}
_THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
# Currencies that have hundredths, but no coins of them any more (CLDR: no decimals in cash).
_IN_AMERICA = {"COP", "CRC", "GYD"}
_IN_EUROPE = {"ALL", "CZK", "HUF", "NOK", "RSD", "SEK"}
_ELSEWHERE = {"AMD", "IDR", "LBP", "MMK", "MUR", "PKR", "TWD", "TZS", "UZS"}
WITHOUT_COINS = frozenset(_IN_AMERICA | _IN_EUROPE | _ELSEWHERE)
_MINOR_DIGITS = dict.fromkeys(_WHOLE, 0) | dict.fromkeys(_THOUSANDTHS, 3)


def minor_digits(currency: str) -> int:
    """Return the decimals of the currency's smallest unit (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD."""
    return _MINOR_DIGITS.get(currency, 2)


def smallest_unit(digits: int) -> Decimal:
    """Return the smallest amount with so many decimals: 0.01 for 2."""
    return Decimal(1).scaleb(-digits)


def round_half_up(amount: Decimal, digits: int) -> Decimal:
    """Return the amount rounded to so many decimals; a half goes away from zero."""
    return amount.quantize(smallest_unit(digits), rounding=ROUND_HALF_UP) + ZERO  # never -0.00


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum; without amounts it is Decimal 0."""
    return sum(amounts, ZERO)


def plain(amount: Decimal) -> str:
    """Return the amount as text with its decimals and without an exponent: `12.50`."""
    return format(amount, "f")


def tidy(amount: Decimal, least: int = 0) -> Decimal:
    """Return the same number without trailing zeros, with `least` decimals or more."""
    digits = max(least, -int(amount.normalize().as_tuple().exponent)) if amount else least
    return amount.quantize(smallest_unit(digits))


def shortest(amount: Decimal) -> str:
    """Return the amount as text without trailing zeros: `21` for `21.0000`. Equal numbers give equal texts."""
    return plain(tidy(amount))
