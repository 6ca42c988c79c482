"""Money as the store computes it, in the order's currency: tax per line is rounded to cents and then summed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def digits_of(currency: str) -> int:
    """Decimals of the currency's smallest unit."""
    return {"JPY": 0, "KWD": 3}.get(currency, 2)


def to_cents(amount: Decimal, digits: int = 2) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def text(amount: Decimal) -> str:
    """An amount as the V2 API writes it: a string with four decimals."""
    return str(amount.quantize(Decimal("0.0001"), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Money:
    """One amount in both price bases; `inc - ex == tax` always."""

    ex: Decimal = ZERO
    inc: Decimal = ZERO
    tax: Decimal = ZERO

    def __add__(self, other: "Money") -> "Money":
        return Money(self.ex + other.ex, self.inc + other.inc, self.tax + other.tax)


def total(amounts: Sequence[Money]) -> Money:
    return sum(amounts, Money())


def charged(amount: Decimal, rate: Decimal, *, inclusive: bool, digits: int = 2) -> Money:
    """What the shopper pays for `amount` (cents, in the store's own basis) at `rate` percent."""
    if inclusive:
        tax = to_cents(amount * rate / (100 + rate), digits)
        return Money(amount - tax, amount, tax)
    tax = to_cents(amount * rate / 100, digits)
    return Money(amount, amount + tax, tax)


def before_discounts(amount: Decimal, paid: Money, *, inclusive: bool) -> Money:
    """`amount` in both bases, with the other basis estimated as the store does.

    The estimate uses the rate that the rounded tax implies, not the nominal one, and keeps four decimals:
    in an order of 10 x 250.00 with 100.00 off and 125.12 tax, 2500.00 is 2369.6667 without tax.
    """
    own = paid.inc if inclusive else paid.ex
    tax = (amount * paid.tax / own).quantize(Decimal("0.0001"), ROUND_HALF_UP) if own else ZERO
    return Money(amount - tax, amount, tax) if inclusive else Money(amount, amount + tax, tax)


def spread(amount: Decimal, weights: Sequence[Decimal], digits: int = 2) -> list[Decimal]:
    """Divide `amount` by the weights, in cents. The last weight above zero gets the rounding difference."""
    whole = sum(weights, ZERO)
    if not amount or not whole:
        return [ZERO for _ in weights]
    shares = [to_cents(amount * weight / whole, digits) for weight in weights]
    last = max(index for index, weight in enumerate(weights) if weight)
    shares[last] += amount - sum(shares, ZERO)
    return shares
