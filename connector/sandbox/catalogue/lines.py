"""The lines of an order as V2 JSON: products, their discounts, and the tax table."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from connector.sandbox.catalogue.amounts import ZERO, Money, text, to_cents
from connector.sandbox.catalogue.cart import Cart
from connector.sandbox.catalogue.goods import SHIPPING, TAX_CLASSES, WRAPPING, Product
from connector.sandbox.catalogue.pricing import Priced, PricedLine
from connector.sandbox.catalogue.record import Json

# Types of coupons.
PER_ITEM, PROMOTION = 0, 5


def cost(name: str, money: Money) -> Json:
    """`<name>_ex_tax`, `<name>_inc_tax` and `<name>_tax`."""
    return {
        f"{name}_ex_tax": text(money.ex),
        f"{name}_inc_tax": text(money.inc),
        f"{name}_tax": text(money.tax),
    }


def product_lines(order_id: int, cart: Cart, priced: Priced, *, inclusive: bool) -> list[Json]:
    """All products of the order. The free parts of a bundle come after their parent."""
    rows: list[Json] = []
    for line in priced.lines:
        parent = _product(_ids(order_id, rows), line.item.product)
        parent |= _place(order_id, cart, line)
        parent |= _amounts(line, inclusive=inclusive)
        parent["applied_discounts"] = list(_discounts(cart, line))
        rows.append(parent)
        for child in line.item.bundle:
            rows.append(
                _product(_ids(order_id, rows), child)
                | _place(order_id, cart, line)
                | {"parent_order_product_id": parent["id"], "is_bundled_product": True}
            )
    return rows


def tax_rows(order_id: int, cart: Cart, priced: Priced, products: list[Json]) -> list[Json]:
    """The tax table with details. The vendor lists no line type for fees, so fees have no row.

    A cart with `taxes` has a row for each tax. The last row gets the rounding difference.
    """
    rows = _tax_rows(order_id, cart, priced, products)
    return [part for row in rows for part in _split(row, cart)] if cart.taxes else rows


def _split(row: Json, cart: Cart) -> Iterator[Json]:
    whole, rest = Decimal(row["line_amount"]), Decimal(row["line_amount"])
    for place, (name, rate) in enumerate(cart.taxes, start=1):
        share = rest if place == len(cart.taxes) else to_cents(whole * rate / Decimal(row["rate"]))
        rest -= share
        amounts = {"priority_amount": text(share), "line_amount": text(share)}
        yield row | {"id": row["id"] * 10 + place, "name": name, "rate": text(rate)} | amounts


def _tax_rows(order_id: int, cart: Cart, priced: Priced, products: list[Json]) -> list[Json]:
    return [
        {
            "id": order_id * 1000 + index,
            "order_id": order_id,
            "order_address_id": part.address,
            "tax_rate_id": 1,
            "sales_tax_id": "",
            "tax_class_id": part.tax_class,
            "name": "VAT",
            "class": TAX_CLASSES[part.tax_class],
            "rate": text(part.rate),
            "priority": 1,
            "priority_amount": text(part.amount.tax),
            "line_amount": text(part.amount.tax),
            "order_pickup_method_id": 1 if cart.pickup else 0,
            "order_product_id": part.product,
            "line_item_type": part.kind,
        }
        for index, part in enumerate(_taxed(order_id, priced, products), start=1)
    ]


class _Taxed(NamedTuple):
    kind: str
    amount: Money
    rate: Decimal
    tax_class: int
    address: int
    product: int | None


def _taxed(order_id: int, priced: Priced, products: list[Json]) -> Iterator[_Taxed]:
    """All amounts with a rate above zero."""
    parts: list[_Taxed] = []
    parents = [row for row in products if not row["is_bundled_product"]]
    for line, row in zip(priced.lines, parents, strict=True):
        address, number = row["order_address_id"], row["id"]
        parts.append(_Taxed("item", line.paid, line.rate, line.item.product.tax_class, address, number))
        parts.append(_Taxed("gift-wrapping", line.wrapping, line.wrapping_rate, WRAPPING, address, number))
    for index, parcel in enumerate(priced.parcels):
        address = address_id(order_id, index)
        parts.append(_Taxed("shipping", parcel.shipping, parcel.rate, SHIPPING, address, None))
        parts.append(_Taxed("handling", parcel.handling, parcel.handling_rate, SHIPPING, address, None))
    return (part for part in parts if part.rate and part.amount.inc)


def address_id(order_id: int, index: int) -> int:
    return order_id * 10 + index


def _ids(order_id: int, rows: list[Json]) -> Json:
    return {"id": order_id * 100 + len(rows) + 1, "order_id": order_id}


def _place(order_id: int, cart: Cart, line: PricedLine) -> Json:
    shipped = bool(cart.parcels) and _kind(line.item.product) == "physical"
    return {
        "order_address_id": address_id(order_id, line.item.parcel) if shipped else 0,
        "order_pickup_method_id": 1 if cart.pickup else 0,
    }


def _discounts(cart: Cart, line: PricedLine) -> Iterator[Json]:
    if line.item.off:
        yield _discount("promotion", line.item.off, "Line promotion", None, "product")
    if line.coupon:
        code = None if cart.coupon_type == PROMOTION else cart.code
        yield _discount("coupon", line.coupon, cart.code, code, "product" if cart.coupon_type == PER_ITEM else "order")
    if line.manual:
        yield _discount("manual-discount", line.manual, "Manual Discount", None, "order")


def _discount(number: str, amount: Decimal, name: str, code: str | None, target: str) -> Json:
    return {"id": number, "amount": text(amount), "name": name, "code": code, "target": target}


def _amounts(line: PricedLine, *, inclusive: bool) -> Json:
    unit, listed = line.unit, line.listed
    wrapping = line.wrapping.inc if inclusive else line.wrapping.ex
    return {
        "quantity": line.item.quantity,
        "base_price": text(unit.inc if inclusive else unit.ex),
        **cost("price", unit),
        "base_total": text(listed.inc if inclusive else listed.ex),
        "total_ex_tax": text(listed.ex),
        "total_inc_tax": text(listed.inc),
        "total_tax": text(line.paid.tax),
        "discounted_total_inc_tax": text(line.paid.inc),
        "wrapping_id": 1 if wrapping else 0,
        "wrapping_name": "Gift paper" if wrapping else "",
        "base_wrapping_cost": text(wrapping),
        **cost("wrapping_cost", line.wrapping),
    }


def _kind(product: Product) -> str:
    if product.certificate:
        return "giftcertificate"
    return "digital" if product.digital else "physical"


def _product(ids: Json, product: Product) -> Json:
    """A line with the product's own facts, quantity one and nothing to pay."""
    zero = text(ZERO)
    return ids | {
        "product_id": product.number,
        "variant_id": product.number * 10,
        "order_pickup_method_id": 0,
        "order_address_id": 0,
        "name": product.name,
        "name_customer": product.name,
        "name_merchant": product.name,
        "sku": product.sku,
        "upc": "",
        "type": _kind(product),
        "base_price": zero,
        **cost("price", Money()),
        "base_total": zero,
        **cost("total", Money()),
        "weight": "0.0000" if product.digital else "0.4000",
        "width": zero,
        "height": zero,
        "depth": zero,
        "quantity": 1,
        "base_cost_price": zero,
        **cost("cost_price", Money()),
        "is_refunded": False,
        "quantity_refunded": 0,
        "refund_amount": zero,
        "return_id": 0,
        "wrapping_id": 0,
        "wrapping_name": "",
        "base_wrapping_cost": zero,
        **cost("wrapping_cost", Money()),
        "wrapping_message": "",
        "quantity_shipped": 0,
        "event_name": None,
        "event_date": None,
        "fixed_shipping_cost": zero,
        "ebay_item_id": "",
        "ebay_transaction_id": "",
        "option_set_id": None,
        "parent_order_product_id": None,
        "is_bundled_product": False,
        "bin_picking_number": "",
        "external_id": None,
        "fulfillment_source": "",
        "brand": "",
        "gift_certificate_id": None,
        "applied_discounts": [],
        "product_options": [],
        "configurable_fields": [],
        "discounted_total_inc_tax": zero,
    }
