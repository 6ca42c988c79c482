"""Reads BigCommerce's order (V2, with consignments) into ours.

The fields are from BigCommerce's reference "Orders V2". How the totals add up was seen in captured orders.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from connector.domain.document.result import Detail
from connector.domain.money import ZERO, minor_digits, round_half_up, total
from connector.domain.order.fields import Expected, Fields, UnreadableOrder
from connector.domain.order.model import LineKind, Order, TaxRow
from connector.domain.order.read_lines import Basis, read_address, read_lines

__all__ = ["UnreadableOrder", "read_order"]

RawOrder = Mapping[str, Any]

_HALF_A_CENT = Decimal("0.005")
_MISSPELT = {"ex_tax": "cost_exc_tax"}  # the vendor's own example of a fee has this spelling
_CHARGES = ("subtotal", "shipping_cost", "handling_cost", "wrapping_cost")
# The tax table's line types: the kind of line, and the field with the line's id.
_TAXED = {
    "item": (LineKind.PRODUCT, "order_product_id"),
    "gift-wrapping": (LineKind.WRAPPING, "order_product_id"),
    "shipping": (LineKind.SHIPPING, "order_address_id"),
    "handling": (LineKind.HANDLING, "order_address_id"),
}


def read_order(raw: RawOrder) -> Order:
    """Read an order, with amounts in its transactional currency. Raises UnreadableOrder when a field cannot be read.

    In `raw`, `prices_include_tax` is the store's setting, used when the order does not say. `details` are what was
    read besides: `customer_group`, and `category` by product id.
    """
    document = Fields(raw, "")
    order = document.one("order")
    currency = _currency(order)
    digits = minor_digits(currency)
    destinations = document.many("destinations")
    ship_to = tuple(read_address(each.one("address")) for each in destinations if each.has("address"))
    billing = read_address(order.one("billing_address"))
    fees = document.many("fees")
    tax_inclusive = _tax_inclusive(order, fees, raw.get("prices_include_tax"))
    details = raw.get("details") or {}
    basis = Basis(billing, ship_to, tax_inclusive is True, digits, details.get(Detail.CATEGORY))
    lines = read_lines(order, destinations, fees, basis)
    return Order(
        id=str(order.whole("id")),
        status_id=order.whole("status_id"),
        created=order.moment("date_created"),
        modified=order.moment("date_modified" if order.has("date_modified") else "date_created"),
        currency=currency,
        tax_inclusive=tax_inclusive,
        customer_id=order.id("customer_id"),
        billing=billing,
        ship_to=ship_to,
        lines=lines,
        total_inc=round_half_up(order.amount("total_inc_tax"), digits),
        total_ex=round_half_up(order.amount("total_ex_tax"), digits),
        total_tax=round_half_up(order.amount("total_tax"), digits),
        payment_method=order.text("payment_method"),
        channel=order.text("channel_id"),
        is_deleted=order.flag("is_deleted"),
        store_credit=_spent(order, "store_credit_amount"),
        gift_certificate=_spent(order, "gift_certificate_amount"),
        external_source=order.text("external_source"),
        message=order.text("customer_message"),
        taxes=_taxes(document, {line.key for line in lines}) if raw.get("taxes") is not None else None,
        customer_group=_customer_group(order, details),
        has_refunds=order.amount("refunded_amount", ZERO) > 0
        or any(_was_refunded(line) for place in destinations for line in place.many("lines")),
        language=order.text("customer_locale"),
    )


def _spent(order: Fields, name: str) -> Decimal:
    """What was paid with it. Below zero it would be no payment, but add to the invoice. Raises UnreadableOrder."""
    amount = order.amount(name, ZERO)
    if amount < 0:
        raise order.unreadable(name, Expected.NOT_NEGATIVE)
    return amount


def _was_refunded(line: Fields) -> bool:
    return line.flag("is_refunded") or line.amount("quantity_refunded", ZERO) > 0


def _customer_group(order: Fields, details: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The customer's group; a guest has none."""
    if not order.id("customer_id"):
        return ()
    group = details.get(Detail.CUSTOMER_GROUP)
    return None if group is None else tuple(group)


def _currency(order: Fields) -> str:
    # Despite its name this is the currency of the transaction; `currency_code` is the one that the shopper saw.
    currency = (order.text("default_currency_code") or order.text("currency_code")).upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise order.unreadable("default_currency_code", Expected.CURRENCY)
    return currency


def _tax_inclusive(order: Fields, fees: list[Fields], store: bool | None) -> bool | None:
    """Whether prices include tax: as the order says, else the only basis on which its totals add up, else the store's
    setting (None: not known)."""
    if isinstance(order.data.get("is_tax_inclusive_pricing"), bool):
        return order.flag("is_tax_inclusive_pricing")
    for tolerance in (ZERO, _HALF_A_CENT):  # the total may be rounded where four-decimal prices are not
        closes = {basis: _closes(order, fees, basis, tolerance) for basis in ("ex_tax", "inc_tax")}
        if closes["ex_tax"] != closes["inc_tax"]:
            return closes["inc_tax"]
    return store


def _closes(order: Fields, fees: list[Fields], basis: str, tolerance: Decimal) -> bool:
    parts = total(order.amount(f"{charge}_{basis}", ZERO) for charge in _CHARGES)
    discounts = order.amount("discount_amount", ZERO) + order.amount("coupon_discount", ZERO)
    rest = order.amount(f"total_{basis}") - (parts - discounts)
    # The vendor's pages disagree on whether the subtotal contains the fees.
    fee_total = total(fee.amount(f"cost_{basis}", fee.amount(_MISSPELT.get(basis, ""), ZERO)) for fee in fees)
    return min(abs(rest), abs(rest - fee_total)) <= tolerance


def _taxes(document: Fields, lines: Collection[str]) -> tuple[TaxRow, ...]:
    found = tuple(_tax_row(row) for row in document.many("taxes") if row.text("line_item_type") in _TAXED)
    moved = _keys_of_whole(found, lines)
    return tuple(replace(row, line_key=moved.get(row.line_key, row.line_key)) for row in found)


def _keys_of_whole(rows: Iterable[TaxRow], lines: Collection[str]) -> dict[str, str]:
    """Return the key of a charge for the whole order by that of the one address or product that its rows name."""
    named: dict[str, set[str]] = {}
    for row in rows:
        if row.line_key not in lines and (whole := f"{row.kind}:0") in lines:
            named.setdefault(whole, set()).add(row.line_key)
    return {key: whole for whole, keys in named.items() if len(keys) == 1 for key in keys}


def _tax_row(row: Fields) -> TaxRow:
    kind, id_field = _TAXED[row.text("line_item_type")]
    return TaxRow(
        line_key=f"{kind}:{row.id(id_field) or '0'}",
        kind=kind,
        name=row.text("name"),
        rate=row.amount("rate"),
        amount=row.amount("line_amount"),
        tax_class=tuple(filter(None, (row.text("tax_class_id"), row.text("class")))),
    )
