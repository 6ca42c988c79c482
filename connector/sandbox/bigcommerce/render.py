"""An order in the form of V2: with links to its parts, or with the parts embedded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connector.sandbox.catalogue import OrderRecord
from connector.sandbox.catalogue.build import link

Json = dict[str, Any]

LINKED = ("products", "shipping_addresses", "coupons", "consignments", "fees")
AMOUNTS = (
    "base_cost",
    "cost_ex_tax",
    "cost_inc_tax",
    "cost_tax",
    "base_handling_cost",
    "handling_cost_ex_tax",
    "handling_cost_inc_tax",
    "handling_cost_tax",
)


def order_document(record: OrderRecord, query: dict[str, str]) -> Json:
    """The order; `include` embeds consignments (with or without line items) and fees."""
    included = {part.strip() for part in query.get("include", "").split(",")}
    document = record.order | {name: link(record.store_hash, record.order_id, name) for name in LINKED}
    if "fees" in included:
        document["fees"] = record.fees
    if included & {"consignments", "consignments.line_items"}:
        whole = consignments(record, with_lines="consignments.line_items" in included)
        document["consignments"] = whole if query.get("consignment_structure") == "object" else [whole]
    return document


def shipping_addresses(record: OrderRecord) -> list[Json]:
    """The addresses with their amounts as text and a link to the quotes."""
    return [row | {"shipping_quotes": _quotes(record, row["id"])} for row in record.shipping_addresses]


def consignments(record: OrderRecord, *, with_lines: bool) -> Json:
    """The parts of the order, grouped by how they reach the shopper. Amounts are numbers here."""
    return {
        "pickups": [
            pickup | {"line_items": _lines(record, _picked_up(record), with_lines)} for pickup in record.pickups
        ],
        "shipping": [_shipping(record, row, with_lines) for row in record.shipping_addresses],
        "downloads": _by_mail(record, "digital", with_lines),
        "email": {"gift_certificates": _by_mail(record, "giftcertificate", with_lines)},
    }


def _shipping(record: OrderRecord, row: Json, with_lines: bool) -> Json:
    lines = (line for line in record.products if line["order_address_id"] == row["id"])
    entry = row | {name: float(row[name]) for name in AMOUNTS}
    del entry["order_id"]
    entry["line_items"] = _lines(record, lines, with_lines)
    entry["shipping_quotes"] = _quotes(record, row["id"])
    return entry


def _by_mail(record: OrderRecord, kind: str, with_lines: bool) -> list[Json]:
    lines = [line for line in record.products if line["type"] == kind]
    if not lines:
        return []
    return [{"recipient_email": record.recipient_email, "line_items": _lines(record, lines, with_lines)}]


def _picked_up(record: OrderRecord) -> list[Json]:
    return [line for line in record.products if line["order_pickup_method_id"]]


def _lines(record: OrderRecord, lines: Iterable[Json], with_lines: bool) -> list[Json]:
    if record.consignments_empty:
        return []
    if with_lines:
        return list(lines)
    return [link(record.store_hash, record.order_id, f"products/{line['id']}") for line in lines]


def _quotes(record: OrderRecord, address: int) -> Json:
    return link(record.store_hash, record.order_id, f"shipping_addresses/{address}/shipping_quotes")
