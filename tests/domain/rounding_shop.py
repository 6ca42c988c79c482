"""Baskets of a shop that rounds its tax on each line, once per order, or not at all: orders in BigCommerce's form."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR
from decimal import Decimal as D
from enum import StrEnum
from random import Random
from typing import Any

from connector.domain.money import round_half_up, smallest_unit, total
from tests.domain.books import HERE, read_json
from tests.domain.shop import costs

PLAIN = read_json(HERE / "cases" / "plain" / "order.json")
RATES = (D(21), D(9), D(0))


class ShopRounds(StrEnum):
    """Where the shop rounds its tax. PER_ORDER: the tax of each rate once. NOT_AT_ALL: the order's tax alone."""

    PER_LINE = "per line"
    PER_ORDER = "per order"
    NOT_AT_ALL = "not at all"


@dataclass(slots=True)
class _Till:
    rounds: ShopRounds
    inclusive: bool
    line_digits: int
    digits: int
    exact: defaultdict[D, D] = field(default_factory=lambda: defaultdict(D))
    shown: defaultdict[D, D] = field(default_factory=lambda: defaultdict(D))
    amount: D = D(0)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def charge(self, amount: D, rate: D, kind: str, **ids: int) -> tuple[D, D]:
        """Net and gross of an amount at a rate, as the order shows them."""
        exact = amount * (rate / (100 + rate) if self.inclusive else rate / 100)
        tax = round_half_up(exact, self.line_digits)
        self.exact[rate] += exact
        self.shown[rate] += tax
        self.amount += amount
        what = {"line_item_type": kind, **ids, "name": "VAT", "rate": str(rate)}
        self.rows.append(what | {"line_amount": str(round_half_up(exact, self.digits))})
        return (amount - tax, amount) if self.inclusive else (amount, amount + tax)

    def by_rate(self) -> dict[D, D]:
        """The VAT of each rate, in the smallest unit."""
        match self.rounds:
            case ShopRounds.PER_LINE:
                return dict(self.shown)
            case ShopRounds.PER_ORDER:
                return {rate: round_half_up(tax, self.digits) for rate, tax in self.exact.items()}
        return _largest_remainder(self.exact, self.digits)


def _largest_remainder(exact: dict[D, D], digits: int) -> dict[D, D]:
    unit = smallest_unit(digits)
    found = {rate: tax.quantize(unit, ROUND_FLOOR) for rate, tax in exact.items()}
    missing = round_half_up(total(exact.values()), digits) - total(found.values())
    for rate in sorted(exact, key=lambda rate: exact[rate] - found[rate], reverse=True)[: int(missing / unit)]:
        found[rate] += unit
    return found


def basket(
    random: Random, rounds: ShopRounds, *, inclusive: bool, shown_digits: int = 4, currency: str = "EUR"
) -> dict[str, Any]:
    """An order of 1 to 8 lines at three rates, some with shipping, and its VAT `by_rate`.

    A tax that is not rounded on each line is shown with `shown_digits` decimals. Forints are whole.
    """
    digits = 0 if currency == "HUF" else 2
    till = _Till(rounds, inclusive, digits if rounds is ShopRounds.PER_LINE else shown_digits, digits)
    lines = [_product(random, till, number) for number in range(1, random.randint(1, 8) + 1)]
    shipped = random.random() < 0.4
    place = (
        costs("cost", *till.charge(_price(random, till, 1500), D(21), "shipping", order_address_id=51))
        if shipped
        else {}
    )
    by_rate = till.by_rate()
    tax = total(by_rate.values())
    gross = till.amount if inclusive else till.amount + tax
    header = {
        "is_tax_inclusive_pricing": inclusive,
        "default_currency_code": currency,
        "total_inc_tax": str(gross),
        "total_ex_tax": str(gross - tax),
        "total_tax": str(tax),
    }
    address = PLAIN["order"]["billing_address"]
    where = {"key": "shipping:51", "kind": "shipping", "address": address, "costs": place, "lines": lines}
    return {"order": PLAIN["order"] | header, "destinations": [where], "taxes": till.rows, "by_rate": by_rate}


def _price(random: Random, till: _Till, most: int) -> D:
    return D(random.randint(1, most)) * smallest_unit(till.digits)


def _product(random: Random, till: _Till, number: int) -> dict[str, Any]:
    rate, quantity = random.choice(RATES), random.choice((1, 1, 1, 2, 3, 10))
    listed = _price(random, till, 10000) * quantity
    off = round_half_up(listed * D(random.choice((5, 10, 15))) / 100, till.digits) if random.random() < 0.2 else D(0)
    net, gross = till.charge(listed - off, rate, "item", order_product_id=number)
    return {
        "id": number,
        "product_id": number,
        "name": f"Part {number}",
        "sku": f"SKU-{number}",
        "type": "physical",
        "quantity": quantity,
        "total_ex_tax": str(listed),
        "total_inc_tax": str(listed),
        "total_tax": str(gross - net),
        "discounted_total_inc_tax": str(gross),
    }
