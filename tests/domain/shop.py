"""A shop that sells anything: orders in BigCommerce's form, with the shop's tax.

Prices are in the shop's own basis; the tax of each line is rounded to the currency's unit, then summed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal as D
from typing import Any

from hypothesis import strategies as st

from connector.domain.money import round_half_up, total
from tests.domain.books import HERE, read_json

PLAIN = read_json(HERE / "cases" / "plain" / "order.json")
HOME = {"country_iso2": "NL", "zip": "3511 AA"}
# Where a shop in the Netherlands sells, at which rates of VAT in percent; the US has taxes of its own.
DESTINATIONS: Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "home": (HOME, ("21", "9")),
    "home, some without VAT": (HOME, ("21", "9", "0")),
    "Germany": ({"country_iso2": "DE", "zip": "10115"}, ("19", "7")),
    "France": ({"country_iso2": "FR", "zip": "75001"}, ("20", "10", "5.5", "2.1")),
    "Finland": ({"country_iso2": "FI", "zip": "00100"}, ("25.5", "13.5")),
    "Belgian business": ({"country_iso2": "BE", "zip": "9000"}, ("0",)),
    "Switzerland": ({"country_iso2": "CH", "zip": "8001"}, ("0",)),
    "Canaries": ({"country_iso2": "ES", "zip": "35001"}, ("0",)),
    "United States": ({"country_iso2": "US", "zip": "78701"}, ("8.25",)),
}
STATE, COUNTY = D("6.25"), D("2")
DIGITS = {"EUR": 2, "HUF": 2, "JPY": 0, "KWD": 3}


@dataclass(slots=True)
class Till:
    """What is charged so far; `rate` in percent, amounts in the shop's basis, prices at `price_digits`."""

    inclusive: bool
    digits: int
    price_digits: int
    gross: D = D(0)
    tax: D = D(0)
    discounts: D = D(0)
    rows: list[dict[str, Any]] = field(default_factory=list)
    by_rate: dict[D, D] = field(default_factory=dict)

    def charge(self, amount: D, rate: D, kind: str, **ids: int) -> tuple[D, D]:
        """Net and gross of an amount at a rate; its tax is entered into the tax table."""
        share = rate / (100 + rate) if self.inclusive else rate / 100
        tax = round_half_up(amount * share, self.digits)
        gross = amount if self.inclusive else amount + tax
        self.gross += gross
        self.tax += tax
        self.by_rate[rate] = self.by_rate.get(rate, D(0)) + tax
        if kind != "fee":  # the vendor's table has no type for fees
            self.rows += _tax_rows(tax, rate, self.digits, {"line_item_type": kind, **ids})
        return gross - tax, gross


def _tax_rows(tax: D, rate: D, digits: int, what: Mapping[str, Any]) -> list[dict[str, Any]]:
    if rate != STATE + COUNTY:
        return [{**what, "name": "VAT", "rate": str(rate), "line_amount": str(tax)}]
    county = round_half_up(tax * COUNTY / rate, digits)
    return [
        {**what, "name": "State tax", "rate": str(STATE), "line_amount": str(tax - county)},
        {**what, "name": "County tax", "rate": str(COUNTY), "line_amount": str(county)},
    ]


def costs(name: str, net: D, gross: D) -> dict[str, str]:
    """`<name>_ex_tax`, `<name>_inc_tax` and `<name>_tax`, as the vendor writes them."""
    return {f"{name}_ex_tax": str(net), f"{name}_inc_tax": str(gross), f"{name}_tax": str(gross - net)}


@st.composite
def orders(draw: st.DrawFn, currencies: tuple[str, ...] = ("EUR",), price_digits: int | None = None) -> dict[str, Any]:
    """An order, and beside it, for the test, its tax table (`table`), its tax `by_rate`, and whether it is `inclusive`.

    Prices have the currency's own decimals, or `price_digits`.
    """
    currency = draw(st.sampled_from(currencies))
    digits = DIGITS[currency]
    where = draw(st.sampled_from(sorted(DESTINATIONS)))
    place, names = DESTINATIONS[where]
    rates = [D(name) for name in names]
    till = Till(draw(st.booleans()), digits, digits if price_digits is None else price_digits)
    address = PLAIN["order"]["billing_address"] | place
    if where == "Belgian business":
        address = address | {"form_fields": [{"name": "VAT number", "value": "BE 0123.456.749"}]}
    pick = draw(st.lists(st.integers(0, 2**20), min_size=1, max_size=8))
    lines = [_product(draw, till, number, rates, seed) for number, seed in enumerate(pick, 1)]
    rate = D(0) if where == "home, some without VAT" and draw(st.booleans()) else rates[0]
    place_costs = _delivery(draw, till, rate)
    fees = _fees(draw, till, rates[0])
    header = {
        "default_currency_code": currency,
        "billing_address": address,
        "total_inc_tax": str(round_half_up(till.gross, digits)),
        "total_tax": str(till.tax),
        "total_ex_tax": str(till.gross - till.tax),
        "discount_amount": str(till.discounts),
        **_parts(till, lines, place_costs, fees),
    }
    return {
        "order": PLAIN["order"] | header,
        "destinations": [
            {"key": "shipping:51", "kind": "shipping", "address": address, "costs": place_costs, "lines": lines}
        ],
        "fees": fees,
        "taxes": draw(st.sampled_from([None, till.rows])),
        "table": till.rows,
        "by_rate": till.by_rate,
        "inclusive": till.inclusive,
    }


def _parts(till: Till, lines: list[Any], place: Mapping[str, str], fees: list[Any]) -> dict[str, Any]:
    """How the header states it: with the flag for the basis, or with parts that close on it alone."""
    if till.discounts == 0 or len(lines) % 2:
        return {"is_tax_inclusive_pricing": till.inclusive}
    basis = "inc_tax" if till.inclusive else "ex_tax"
    subtotal = total(D(line[f"total_{basis}"]) for line in lines) + total(D(fee[f"cost_{basis}"]) for fee in fees)
    wrapping = total(D(line.get(f"wrapping_cost_{basis}", "0")) for line in lines)
    given = {f"subtotal_{basis}": str(subtotal), f"wrapping_cost_{basis}": str(wrapping)}
    given |= {f"shipping_{name}": text for name, text in place.items() if name == f"cost_{basis}"}
    return given | {name: text for name, text in place.items() if name == f"handling_cost_{basis}"} | _UNFLAGGED


_UNFLAGGED = {"is_tax_inclusive_pricing": None}


def _product(draw: st.DrawFn, till: Till, number: int, rates: list[D], seed: int) -> Any:
    certificate = seed % 13 == 0
    rate = D(0) if certificate else rates[seed % len(rates)]
    quantity = (1, 1, 1, 2, 3, 12, 250, 999)[seed % 8]
    listed = D(draw(st.integers(1, 10**5))).scaleb(-till.price_digits) * quantity
    off = round_half_up(listed * D(seed % 3) / 10, till.digits) if seed % 5 == 0 else D(0)
    till.discounts += off
    net, gross = till.charge(listed - off, rate, "item", order_product_id=number)
    basis = "inc" if till.inclusive else "ex"
    line = {
        "id": number,
        "product_id": number,
        "name": f"Part {number}",
        "sku": ("", "MUG", f"SKU-{number}")[seed % 3],
        "type": "giftcertificate" if certificate else "physical",
        "quantity": quantity,
        f"total_{basis}_tax": str(listed),
        f"total_{'ex' if till.inclusive else 'inc'}_tax": str(listed),
        "total_tax": str(gross - net),
        "discounted_total_inc_tax": str(gross),
    }
    if seed % 7 == 0:
        wrapped = till.charge(_small(draw, till), rates[0], "gift-wrapping", order_product_id=number)
        line |= costs("wrapping_cost", *wrapped)
    if seed % 11 == 0:  # an old order, which does not tell what was paid
        del line["discounted_total_inc_tax"]
        line["applied_discounts"] = [{"id": "coupon", "amount": str(off), "target": "order"}]
    return line


def _small(draw: st.DrawFn, till: Till) -> D:
    return D(draw(st.integers(1, 2000))).scaleb(-till.digits)


def _delivery(draw: st.DrawFn, till: Till, rate: D) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, kind in (("cost", "shipping"), ("handling_cost", "handling")):
        if draw(st.booleans()):
            found |= costs(name, *till.charge(_small(draw, till), rate, kind, order_address_id=51))
    return found


def _fees(draw: st.DrawFn, till: Till, rate: D) -> list[dict[str, Any]]:
    if not draw(st.booleans()):
        return []
    # Dear enough for its tax to tell its rate: no table does.
    amount = D(draw(st.integers(500, 5000))).scaleb(-till.digits)
    return [{"id": 9, "display_name_customer": "Rush", **costs("cost", *till.charge(amount, rate, "fee"))}]
