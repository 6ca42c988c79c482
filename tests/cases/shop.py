"""Orders as BigCommerce sends them, built from what is special about them.

    order(line(), line("10.90", vat="9", quantity=2), shipping="6.05", status_id=14)

is a Dutch consumer's order in a shop whose prices include VAT. Amounts are worked out of the prices. What is given by
its name in BigCommerce's JSON stands over them.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.clients.bigcommerce.wire import read_order_bundle
from connector.domain.money import round_half_up, total
from connector.domain.order.model import Order
from connector.domain.order.read import read_order
from connector.sandbox.catalogue import OrderRecord

Json = dict[str, Any]
Amounts = dict[str, Decimal]

ORDER_ID = 1001
VERA = {
    "first_name": "Vera",
    "last_name": "Dijk",
    "company": "",
    "street_1": "Kade 1",
    "street_2": "",
    "city": "Utrecht",
    "state": "Utrecht",
    "zip": "3511 AA",
    "country": "Netherlands",
    "country_iso2": "NL",
    "phone": "",
    "email": "vera@example.com",
    "form_fields": [],
}
NOTHING = {"ex_tax": Decimal(0), "inc_tax": Decimal(0), "tax": Decimal(0)}


def text(amount: Decimal) -> str:
    """BigCommerce's four decimals."""
    return str(round_half_up(amount, 4))


def cents(amount: Decimal) -> Decimal:
    return round_half_up(amount, 2)


def amounts(price: str | Decimal, vat: str, *, inclusive: bool) -> Amounts:
    """An amount without and with its VAT at a rate in percent, not rounded."""
    given, rate = Decimal(price), Decimal(vat) / 100
    net = given / (1 + rate) if inclusive else given
    gross = given if inclusive else given * (1 + rate)
    return {"ex_tax": net, "inc_tax": gross, "tax": gross - net}


def line(
    price: str = "24.20",
    vat: str = "21",
    quantity: int = 1,
    *,
    inclusive: bool = True,
    rounded: bool = True,
    **changes: Any,
) -> Json:
    """A line of an order: `price` a piece, in the shop's own basis. `order` numbers the lines from 1.

    Its VAT is rounded to cents, or not at all.
    """
    each, whole = amounts(price, vat, inclusive=inclusive), amounts(Decimal(price) * quantity, vat, inclusive=inclusive)
    return {
        "type": "physical",
        "base_price": text(Decimal(price)),
        **{f"price_{part}": text(amount) for part, amount in each.items()},
        "base_total": text(Decimal(price) * quantity),
        "total_ex_tax": text(whole["ex_tax"]),
        "total_inc_tax": text(whole["inc_tax"]),
        "total_tax": text(cents(whole["tax"]) if rounded else whole["tax"]),
        "quantity": quantity,
        "quantity_refunded": 0,
        "is_refunded": False,
        "wrapping_name": "",
        "wrapping_cost_ex_tax": "0.0000",
        "wrapping_cost_inc_tax": "0.0000",
        "wrapping_cost_tax": "0.0000",
        "parent_order_product_id": None,
        "is_bundled_product": False,
        "applied_discounts": [],
        "product_options": [],
        "brand": "",
        "discounted_total_inc_tax": text(whole["inc_tax"]),
        **changes,
    }


def fee(price: str, name: str = "Rush", vat: str = "21", number: int = 9, **changes: Any) -> Json:
    """A fee, VAT included."""
    of = amounts(price, vat, inclusive=True)
    costs = {"cost_ex_tax": text(of["inc_tax"] - cents(of["tax"])), "cost_inc_tax": price, "cost_tax": cents(of["tax"])}
    kept = {name: str(amount) for name, amount in costs.items()}
    return {"id": number, "type": "custom_fee", "display_name_customer": name, "tax_class_id": 0, **kept, **changes}


def order(
    *lines: Json,
    shipping: str = "0",
    handling: str = "0",
    fees: Sequence[Json] = (),
    email: str = "vera@example.com",
    address: Mapping[str, Any] | None = None,
    inclusive: bool = True,
    **header: Any,
) -> Json:
    """The order with its lines, shipped to one address, which is the billing address too.

    `shipping` and `handling` are at 21 %, in the shop's basis. Handling stands in the header alone.
    """
    rows = [_numbered(row, number) for number, row in enumerate(lines, 1)]
    charges = {
        "shipping": amounts(shipping, "21", inclusive=inclusive),
        "handling": amounts(handling, "21", inclusive=inclusive),
    }
    home = VERA | {"email": email} | dict(address or {})
    place = {"id": 51, **home, "shipping_method": "Flat", **_costs("", charges["shipping"])}
    groups = {"pickups": [], "downloads": [], "email": {"gift_certificates": []}, "shipping": []}
    return {
        "id": ORDER_ID,
        "customer_id": 0,
        "date_created": "Mon, 02 Nov 2026 10:00:00 +0000",
        "date_modified": "Mon, 02 Nov 2026 10:00:01 +0000",
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "is_tax_inclusive_pricing": inclusive,
        **_totals(rows, charges.values(), fees),
        **{name: value for kind, of in charges.items() for name, value in _costs(f"{kind}_", of).items()},
        **_costs("wrapping_", NOTHING),
        "items_total": sum(row["quantity"] for row in rows),
        "payment_method": "Credit Card",
        "payment_status": "captured",
        "store_credit_amount": "0.0000",
        "gift_certificate_amount": "0.0000",
        "currency_code": "EUR",
        "default_currency_code": "EUR",
        "customer_message": "",
        "discount_amount": "0.0000",
        "coupon_discount": "0.0000",
        "is_deleted": False,
        "channel_id": 1,
        "external_source": None,
        "order_is_digital": False,
        "billing_address": home,
        "fees": list(fees),
        "consignments": groups | _places(rows, place),
        **header,
    }


def basket(**header: Any) -> Json:
    """Two pieces at 24.20 and one at 10.90 (9 % VAT), shipping 6.05: 65.35 with 10.35 of VAT."""
    return order(line(quantity=2), line("10.90", vat="9"), shipping="6.05", **header)


def bundle(raw: Json, **parts: Any) -> Json:
    """The order as the client hands it on; `parts` are the lists that it reads besides."""
    return read_order_bundle(raw, **parts)


def read(raw: Json, taxes: list[Json] | None = None, **parts: Any) -> Order:
    """The order as the domain sees it; `taxes` is its tax table, when that was read."""
    return read_order(bundle(raw, **parts) | {"taxes": taxes})


def record(raw: Json, **more: Any) -> OrderRecord:
    """The order for the sandbox's store."""
    places = raw["consignments"]["shipping"]
    lines = [dict(row, order_id=raw["id"]) for place in places for row in place["line_items"]]
    header = {name: value for name, value in raw.items() if name not in {"consignments", "fees"}}
    addresses = [_with_all_costs(place, raw["id"]) for place in places]
    return OrderRecord("nlshop1", "case", header, lines, addresses, fees=raw["fees"], **more)


def _numbered(row: Json, number: int) -> Json:
    return {
        "id": number,
        "product_id": 700 + number,
        "variant_id": number,
        "order_address_id": 51,
        "order_pickup_method_id": 0,
        "name": f"Thing {number}",
        "sku": f"SKU-{number}",
        **row,
    }


def _costs(prefix: str, of: Amounts) -> Json:
    return {f"{prefix}cost_{part}": text(amount) for part, amount in of.items()}


def _totals(rows: Sequence[Json], charges: Any, fees: Sequence[Json]) -> Json:
    gross = total(Decimal(row["discounted_total_inc_tax"]) for row in rows)
    tax = total(Decimal(row["total_tax"]) for row in rows)
    of_lines = {"subtotal_inc_tax": gross, "subtotal_tax": tax, "subtotal_ex_tax": gross - tax}
    gross += total(of["inc_tax"] for of in charges) + total(Decimal(each["cost_inc_tax"]) for each in fees)
    tax += total(cents(of["tax"]) for of in charges) + total(Decimal(each["cost_tax"]) for each in fees)
    gross, tax = cents(gross), cents(tax)
    whole = {"total_inc_tax": gross, "total_tax": tax, "total_ex_tax": gross - tax}
    return {name: text(amount) for name, amount in (of_lines | whole).items()}


def _places(rows: Sequence[Json], place: Json) -> Json:
    """The groups of consignments: downloads and gift certificates have no address."""
    mailed = {kind: [row for row in rows if row["type"] == kind] for kind in ("digital", "giftcertificate")}
    goods = [row for row in rows if row["type"] not in mailed]
    found: Json = {"downloads": [{"line_items": mailed["digital"]}]} if mailed["digital"] else {}
    if mailed["giftcertificate"]:
        found["email"] = {"gift_certificates": [{"line_items": mailed["giftcertificate"]}]}
    return found if found and not goods else found | {"shipping": [place | {"line_items": goods}]}


def _with_all_costs(place: Json, order_id: int) -> Json:
    amounts_of_none = {f"{kind}_{part}": "0.0000" for kind in ("cost", "handling_cost") for part in NOTHING}
    kept = {name: value for name, value in place.items() if name != "line_items"}
    return {**amounts_of_none, "base_cost": "0", "base_handling_cost": "0", **kept, "order_id": order_id}
