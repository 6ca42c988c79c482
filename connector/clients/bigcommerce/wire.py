"""One order as one value, for any number of calls that read it.

Facts: BigCommerce Orders V2 reference (`include`, `consignment_structure`, products, shipping addresses, fees).
Assumptions are marked.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.clients.strict_json import plain

RawOrder = dict[str, Any]
Row = Mapping[str, Any]

# The query of the one call that also returns lines, addresses and fees.
WHOLE_ORDER = {"include": "consignments.line_items,fees", "consignment_structure": "object"}

_ADDRESS_KEYS = (
    *("first_name", "last_name", "company", "street_1", "street_2", "city", "state", "zip"),
    *("country", "country_iso2", "phone", "email", "form_fields"),
)
_COST_KEYS = (
    *("cost_ex_tax", "cost_inc_tax", "cost_tax"),
    *("handling_cost_ex_tax", "handling_cost_inc_tax", "handling_cost_tax"),
)
_SUB_RESOURCES = {"consignments", "fees", "products", "shipping_addresses", "coupons"}
_MONEY = re.compile(r"(?:^|_)(?:tax|cost|price|amount|discount|total)$")
_COUNTS = {"items_total"}
# No order has so many of one thing; text may hold a number with which nobody can compute.
_MOST = Decimal(10) ** 12
# NUL and surrogates: JSON can escape them, PostgreSQL refuses them.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def read_order_bundle(
    order: Row,
    *,
    products: Sequence[Any] | None = None,
    addresses: Sequence[Any] = (),
    fees: Sequence[Row] | None = None,
) -> RawOrder:
    """The order with its destinations, lines and fees. Money is the vendor's decimal string in the order's
    transactional currency, also where the vendor sends numbers (consignments).

    Without `products` the lines come from the embedded consignments. With `products` (the fall-back) lines, addresses
    and costs come from the lists. Embedded fees count unless `fees` are given. Consignments that are missing, a link
    or in the legacy array form give no lines: see `quantities_add_up`. A row of `products` that is no object is a line
    that cannot be read.
    Raises Unreadable when a line names an address that the order does not have.
    """
    destinations = _from_consignments(order) if products is None else _from_lists(order, products, addresses)
    return {
        "order": _strings({key: value for key, value in order.items() if not _is_sub_resource(key, value)}),
        "destinations": _strings(destinations),
        "fees": _strings([_fee(row) for row in (embedded_fees(order) or () if fees is None else fees)]),
        "taxes": None,
    }


def quantities_add_up(raw: RawOrder) -> bool:
    """Whether all lines are present: the sum of their quantities is the header's `items_total`.

    Lines of every kind count, also downloads and gift certificates. The vendor does not document whether the children
    of a bundle count, so both sums are accepted. A wrong guess would cost two needless calls for every such order.
    """
    lines = [line for destination in raw["destinations"] for line in destination["lines"]]
    every = sum(_quantity(line) for line in lines)
    parents = sum(_quantity(line) for line in lines if not line.get("parent_order_product_id"))
    return raw["order"].get("items_total") in (every, parents)


def embedded_fees(order: Row) -> list[Row] | None:
    """The fees inside an order; [] when it has none, None when it has only a link to them."""
    fees = order.get("fees")
    if _is_link(fees):
        return None
    if isinstance(fees, Mapping):
        fees = fees.get("fees")
    return [row for row in fees if isinstance(row, Mapping)] if isinstance(fees, list) else []


def _from_consignments(order: Row) -> list[RawOrder]:
    groups = order.get("consignments")
    if not isinstance(groups, Mapping):
        return []
    found = [
        _destination("shipping", row.get("id"), _address(row), row, _rows(row, "line_items"))
        for row in _rows(groups, "shipping")
    ]
    found += [
        _destination("pickup", row.get("id"), _pickup_address(row), row, _rows(row, "line_items"))
        for row in _rows(groups, "pickups")
    ]
    email = groups.get("email")
    for kind, rows in (
        ("download", _rows(groups, "downloads")),
        ("email", _rows(email, "gift_certificates") if isinstance(email, Mapping) else []),
    ):
        lines = [line for row in rows for line in _rows(row, "line_items")]
        if lines:
            found.append(_destination(kind, 0, None, {}, lines))
    return found


def _from_lists(order: Row, products: Sequence[Any], addresses: Sequence[Any]) -> list[RawOrder]:
    pickups = {
        destination["key"]: destination for destination in _from_consignments(order) if destination["kind"] == "pickup"
    }
    found = {
        f"shipping:{row.get('id')}": _destination("shipping", row.get("id"), _address(row), row)
        for row in addresses
        if isinstance(row, Mapping)
    }
    for line in products:
        kind, number = _where(line)
        key = f"{kind}:{number}"
        if key not in found:
            found[key] = pickups.get(key) or _new_destination(order, kind, number)
            found[key]["lines"] = []
        found[key]["lines"].append(line)
    return list(found.values())


def _where(line: object) -> tuple[str, int]:
    """The kind and number of the destination of a line in the /products list."""
    if not isinstance(line, Mapping):
        return "shipping", 0
    if line.get("order_address_id"):
        return "shipping", line["order_address_id"]
    if line.get("order_pickup_method_id"):  # assumed: the id of the pickup consignment
        return "pickup", line["order_pickup_method_id"]
    return {"digital": "download", "giftcertificate": "email"}.get(str(line.get("type")), "shipping"), 0


def _new_destination(order: Row, kind: str, number: int) -> RawOrder:
    """The destination of a line that no list names. Its address is empty when it has an id and is not there."""
    if kind == "shipping" and number:
        return _destination(kind, number, {}, {})
    # Goods without an address (orders made through the API): BigCommerce's own rule is the billing address.
    billing = order.get("billing_address")
    address = _address(billing) if kind == "shipping" and isinstance(billing, Mapping) else None
    return _destination(kind, number, address, {})


def _destination(
    kind: str, number: object, address: RawOrder | None, costs: Row, lines: Sequence[Row] = ()
) -> RawOrder:
    return {
        "key": f"{kind}:{number}",
        "kind": kind,
        "address": address,
        "costs": {key: costs[key] for key in _COST_KEYS if costs.get(key) is not None},
        "lines": list(lines),
    }


def _address(row: Row) -> RawOrder:
    return {key: row[key] for key in _ADDRESS_KEYS if key in row}


def _pickup_address(row: Row) -> RawOrder | None:
    place = row.get("location")
    if not isinstance(place, Mapping):
        return None
    return {
        "first_name": "",
        "last_name": "",
        "company": place.get("name", ""),
        "street_1": place.get("address_line_1", ""),
        "street_2": place.get("address_line_2", ""),
        "city": place.get("city", ""),
        "state": place.get("state", ""),
        "zip": place.get("postal_code", ""),
        "country": "",
        "country_iso2": place.get("country_alpha2", ""),
        "phone": place.get("phone", ""),
        "email": place.get("email", ""),
        "form_fields": [],
        **{f"pickup_{key}": place[key] for key in ("id", "code", "name") if place.get(key)},
    }


def _rows(group: Row, key: str) -> list[Row]:
    rows = group.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _fee(row: Row) -> RawOrder:
    """A fee with the documented names. The vendor's own example misspells one of them."""
    return {("cost_ex_tax" if key == "cost_exc_tax" else key): value for key, value in row.items()}


def _is_link(value: object) -> bool:
    return isinstance(value, Mapping) and {"url", "resource"} >= set(value) and bool(value)


def _is_sub_resource(key: str, value: object) -> bool:
    return key in _SUB_RESOURCES or _is_link(value)


def _quantity(line: Row) -> Decimal:
    try:
        found = Decimal(str(line.get("quantity", 0)))
    except ArithmeticError:
        return Decimal(0)
    return found if found.is_finite() and -_MOST < found < _MOST else Decimal(0)


def read_row(row: object) -> Any:
    """A row of one of the order's lists. Its values have the same form as those of the order itself."""
    return _strings(row)


def clean(text: str) -> str:
    """The text without NUL and surrogates: a shopper's app can send them, and no database keeps them."""
    return _NO_TEXT.sub("", text)


def _strings(value: object, key: str = "") -> object:
    """Money and all other decimals as strings, so that the order can be stored as JSON without a float."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {name: _strings(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_strings(item, key) for item in value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int) and not isinstance(value, bool) and _MONEY.search(key) and key not in _COUNTS:
        return str(value)
    return value
