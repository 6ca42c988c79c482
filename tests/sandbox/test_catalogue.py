"""The catalogue's orders obey the store's identities and can be rebuilt to the cent."""

import json
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from connector.sandbox.catalogue import SHOPS, OrderRecord, default_orders, odd_orders, rare_orders

INCLUSIVE = {shop.store_hash: shop.tax_inclusive for shop in SHOPS}
PAID_STATUSES = {2, 3, 8, 9, 10, 11}
RATES = {
    "NL": ("21", "9"),
    "DE": ("19", "7"),
    "FR": ("20", "5.5"),
    "BE": ("21", "6"),
    "LU": ("17", "3", "1"),
}


def name(record: OrderRecord) -> str:
    return f"{record.store_hash}-{record.order_id}"


orders = pytest.mark.parametrize("record", default_orders(), ids=name)
every = pytest.mark.parametrize("record", [*default_orders(), *odd_orders(), *rare_orders()], ids=name)


def amount(row: dict[str, Any], field: str) -> Decimal:
    assert isinstance(row[field], str)
    return Decimal(row[field])


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def fits(own: Decimal, tax: Decimal, rate: Decimal, inclusive: bool) -> bool:
    """Whether `rate` gives `tax`; from a price with tax by both ways to compute it, which part at a tie."""
    if not inclusive:
        return tax == rounded(own * rate / 100)
    return tax == rounded(own * rate / (100 + rate)) == own - rounded(own / (1 + rate / 100))


def fee_ex(fee: dict[str, Any]) -> Decimal:
    return Decimal(fee.get("cost_ex_tax") or fee["cost_exc_tax"])


def parts(record: OrderRecord) -> list[tuple[Decimal, Decimal, int]]:
    """(gross, tax, quantity) of everything that becomes an invoice line."""
    rows = [(amount(p, "discounted_total_inc_tax"), amount(p, "total_tax"), p["quantity"]) for p in record.products]
    rows += [(amount(p, "wrapping_cost_inc_tax"), amount(p, "wrapping_cost_tax"), 1) for p in record.products]
    rows += [(amount(a, "cost_inc_tax"), amount(a, "cost_tax"), 1) for a in record.shipping_addresses]
    rows += [(amount(a, "handling_cost_inc_tax"), amount(a, "handling_cost_tax"), 1) for a in record.shipping_addresses]
    rows += [(amount(f, "cost_inc_tax"), amount(f, "cost_tax"), 1) for f in record.fees]
    return [row for row in rows if row[0]]


@every
def test_the_header_is_consistent(record: OrderRecord) -> None:
    order = record.order
    kinds = ("subtotal", "shipping_cost", "handling_cost", "wrapping_cost")
    discounts = amount(order, "discount_amount") + amount(order, "coupon_discount")
    fees_ex = sum((fee_ex(fee) for fee in record.fees), Decimal(0))
    fees_inc = sum((amount(fee, "cost_inc_tax") for fee in record.fees), Decimal(0))
    fees_tax = sum((amount(fee, "cost_tax") for fee in record.fees), Decimal(0))

    assert amount(order, "total_inc_tax") == amount(order, "total_ex_tax") + amount(order, "total_tax")
    assert amount(order, "total_tax") == sum(amount(order, f"{kind}_tax") for kind in kinds) + fees_tax
    if INCLUSIVE[record.store_hash]:
        listed = sum(amount(order, f"{kind}_inc_tax") for kind in kinds) + fees_inc
        assert amount(order, "total_inc_tax") == listed - discounts
    else:
        listed = sum(amount(order, f"{kind}_ex_tax") for kind in kinds) + fees_ex
        assert amount(order, "total_ex_tax") == listed - discounts


@every
def test_the_lines_add_up_to_the_header(record: OrderRecord) -> None:
    order = record.order
    rows = parts(record)
    assert sum(gross for gross, _, _ in rows) == amount(order, "total_inc_tax")
    assert sum(tax for _, tax, _ in rows) == amount(order, "total_tax")
    assert sum(line["quantity"] for line in record.products) == order["items_total"]
    assert len(record.shipping_addresses) == order["shipping_address_count"]
    for basis in ("ex", "inc"):
        field = f"total_{basis}_tax"
        assert sum(amount(line, field) for line in record.products) == amount(order, f"subtotal_{basis}_tax")


@every
def test_each_line_says_what_was_paid_for_it(record: OrderRecord) -> None:
    for line in record.products:
        off = sum((Decimal(discount["amount"]) for discount in line["applied_discounts"]), Decimal(0))
        if INCLUSIVE[record.store_hash]:
            paid = amount(line, "total_inc_tax") - off
        else:
            paid = amount(line, "total_ex_tax") - off + amount(line, "total_tax")
        assert amount(line, "discounted_total_inc_tax") == paid


@orders
def test_every_amount_can_be_posted_to_the_cent(record: OrderRecord) -> None:
    """One of the country's rates gives each line's tax, and a unit price gives its amount."""
    inclusive = INCLUSIVE[record.store_hash]
    billing = record.order["billing_address"]["country_iso2"]
    countries = [address["country_iso2"] for address in record.shipping_addresses] or [billing]
    rates = [Decimal(rate) for rate in ("0", *RATES.get(countries[0], ()))]
    for gross, tax, quantity in parts(record):
        own = gross if inclusive else gross - tax
        assert own == own.quantize(Decimal("0.01"))
        assert rounded(quantity * (own / quantity).quantize(Decimal("0.0001"))) == own
        assert any(fits(own, tax, rate, inclusive) for rate in rates)


@orders
def test_the_tax_table_explains_the_tax(record: OrderRecord) -> None:
    fees = sum((amount(fee, "cost_tax") for fee in record.fees), Decimal(0))
    table = sum((amount(row, "line_amount") for row in record.taxes), Decimal(0))
    assert table + fees == amount(record.order, "total_tax")
    for row in record.taxes:
        assert row["line_item_type"] in ("item", "shipping", "handling", "gift-wrapping")


@orders
def test_only_paid_orders_with_something_to_invoice(record: OrderRecord) -> None:
    assert record.order["status_id"] in PAID_STATUSES
    assert amount(record.order, "total_inc_tax") > 0


@every
def test_it_is_json_and_money_is_text(record: OrderRecord) -> None:
    for part in (record.order, record.products, record.shipping_addresses, record.fees, record.taxes):
        assert json.loads(json.dumps(part)) == part


def test_the_catalogue_is_large_and_its_ids_are_unique_per_store() -> None:
    records = default_orders()
    assert len(records) >= 66
    assert {record.store_hash for record in records} == {shop.store_hash for shop in SHOPS}
    ids = Counter((record.store_hash, record.order_id) for record in [*records, *odd_orders()])
    assert set(ids.values()) == {1}
    kinds = Counter((record.store_hash, record.kind) for record in records)
    assert set(kinds.values()) == {1}
    assert max(len(record.products) for record in records) >= 60
    assert sum(len(record.products) > 50 for record in records) >= 2


def test_customers_of_a_store_are_one_person_per_number() -> None:
    seen: dict[tuple[str, int], str] = {}
    for record in default_orders():
        if record.customer is not None:
            key = (record.store_hash, record.customer["id"])
            assert seen.setdefault(key, record.customer["email"]) == record.customer["email"]
    assert len(seen) > 20


def find(store_hash: str, order_id: int) -> OrderRecord:
    return next(r for r in default_orders() if (r.store_hash, r.order_id) == (store_hash, order_id))


def test_order_519_has_the_figures_of_the_sample() -> None:
    record = find("frshop1", 519)
    expected = {
        "subtotal_ex_tax": "2369.6667",
        "subtotal_inc_tax": "2500.0000",
        "subtotal_tax": "125.1200",
        "total_ex_tax": "2274.8800",
        "total_inc_tax": "2400.0000",
        "total_tax": "125.1200",
        "discount_amount": "100.0000",
        "items_total": 10,
    }
    assert {key: record.order[key] for key in expected} == expected
    (line,) = record.products
    assert (line["price_ex_tax"], line["price_inc_tax"], line["price_tax"]) == (
        "236.9667",
        "250.0000",
        "13.0333",
    )
    assert (line["total_tax"], line["discounted_total_inc_tax"]) == ("125.1200", "2400.0000")
    assert record.shipping_addresses[0]["country_iso2"] == "FR"


def test_order_112_has_the_figures_of_the_sample() -> None:
    record = find("lushop1", 112)
    expected = {
        "subtotal_ex_tax": "119.9500",
        "subtotal_inc_tax": "123.5500",
        "subtotal_tax": "3.6000",
        "shipping_cost_ex_tax": "10.0000",
        "shipping_cost_inc_tax": "10.1000",
        "shipping_cost_tax": "0.1000",
        "total_ex_tax": "129.9500",
        "total_inc_tax": "133.6500",
        "total_tax": "3.7000",
        "items_total": 1,
        "customer_id": 0,
    }
    assert {key: record.order[key] for key in expected} == expected
    assert record.shipping_addresses[0]["country_iso2"] == "LU"


def test_one_order_has_a_tax_that_several_rates_explain() -> None:
    record = next(r for r in default_orders() if r.kind == "rate only in the tax table")
    line = record.products[0]
    paid, tax = amount(line, "discounted_total_inc_tax"), amount(line, "total_tax")
    assert [rate for rate in (21, 9, 0) if fits(paid, tax, Decimal(rate), inclusive=True)] == [21, 9]
    assert record.taxes[0]["rate"] == "21.0000"


def test_the_odd_orders_are_of_every_sort() -> None:
    assert {record.kind for record in odd_orders()} == {
        "incomplete",
        "awaiting payment",
        "nothing to pay",
        "test gateway",
        "tax of a country without rules",
        "unknown currency",
        "three decimals, of which cents are kept",
        "cancelled before it was read",
    }
    zero = next(record for record in odd_orders() if record.kind == "nothing to pay")
    assert zero.order["total_inc_tax"] == "0.0000"
