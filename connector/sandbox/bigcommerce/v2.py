"""The V2 side of a fake store: orders and their parts, statuses, customer groups, the store. Errors are arrays."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from connector.sandbox.bigcommerce.lists import BadQuery, Json, Query, matching, page_of
from connector.sandbox.bigcommerce.render import consignments, order_document, shipping_addresses
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.catalogue import OrderRecord
from connector.sandbox.catalogue.record import LABELS, STATUSES
from connector.sandbox.http.messages import Reply


def answer(store: Store, parts: list[str], query: Query, *, stale: bool) -> Reply:
    """Answer a GET below /v2. An empty list is 204 without a body, also on every page after the last one."""
    try:
        match parts:
            case ["orders"]:
                reply = _list(store, query, stale=stale)
            case ["orders", "count"]:
                reply = Reply.json(200, _count(store, query))
            case ["orders", number, *below] if number.isdigit():
                record = store.visible(int(number), stale=stale)
                reply = _missing() if record is None else _order(record, below, query)
            case ["order_statuses"]:
                reply = Reply.json(200, [_status(number) for number in STATUSES])
            case ["customer_groups"]:
                reply = _rows(list(store.customer_groups.values()), query)
            case ["customer_groups", number] if number.isdigit():
                group = store.customer_groups.get(int(number))
                reply = _missing() if group is None else Reply.json(200, group)
            case ["store"]:
                reply = Reply.json(200, _store(store))
            case ["time"]:
                reply = Reply.json(200, {"time": int(store.now().timestamp())})
            case _:
                reply = _missing()
    except BadQuery as error:
        reply = failure(400, str(error))
    return reply


def failure(status: int, message: str) -> Reply:
    """An error in the form of V2."""
    return Reply.json(status, [{"status": status, "message": message}])


def _missing() -> Reply:
    return failure(404, "The requested resource was not found.")


def _rows(rows: list[Json], query: Query) -> Reply:
    page = page_of(rows, query)
    return Reply.json(200, page) if page else Reply.empty(204)


def _list(store: Store, query: Query, *, stale: bool) -> Reply:
    records = [record for number in store.orders if (record := store.visible(number, stale=stale))]
    return _rows([order_document(record, query) for record in matching(records, query)], query)


def _order(record: OrderRecord, below: list[str], query: Query) -> Reply:
    match below:
        case []:
            reply = Reply.json(200, order_document(record, query))
        case ["products", number]:
            found = [line for line in record.products if str(line["id"]) == number]
            reply = Reply.json(200, found[0]) if found else _missing()
        case ["fees"]:
            reply = Reply.json(200, {"fees": record.fees}) if record.fees else Reply.empty(204)
        case ["consignments"]:
            lines = "line_items" in query.get("include", "")
            reply = Reply.json(200, consignments(record, with_lines=lines))
        case [name]:
            rows = _part(record, name, query)
            reply = _missing() if rows is None else _rows(rows, query)
        case _:
            reply = _missing()
    return reply


def _part(record: OrderRecord, name: str, query: Query) -> list[Json] | None:
    """A list that belongs to an order; None when there is no such list."""
    parts: dict[str, list[Json]] = {
        "products": record.products,
        "shipping_addresses": shipping_addresses(record),
        "shippingaddresses": shipping_addresses(record),
        "taxes": _taxes(record, query),
        "coupons": record.coupons,
        "shipments": [],
        "messages": [],
    }
    return parts.get(name)


def _taxes(record: OrderRecord, query: Query) -> list[Json]:
    """The tax rows of an order. They name their lines only when the query asks for details."""
    if query.get("details") == "true":
        return record.taxes
    details = ("order_product_id", "line_item_type")
    return [{key: value for key, value in row.items() if key not in details} for row in record.taxes]


def _count(store: Store, query: Query) -> Json:
    kept = [record.order["status_id"] for record in matching(list(store.orders.values()), query)]
    statuses = [_status(number) | {"count": kept.count(number)} for number in STATUSES]
    return {"count": len(kept), "statuses": statuses}


def _status(number: int) -> Json:
    return {
        "id": number,
        "name": STATUSES[number],
        "system_label": STATUSES[number],
        "custom_label": LABELS[number],
        "system_description": "",
        "order": number,
    }


def _store(store: Store) -> Json:
    shop = store.shop
    offset = store.now().astimezone(ZoneInfo(shop.timezone)).utcoffset()
    assert offset is not None
    return {
        "id": shop.store_hash,
        "account_uuid": f"00000000-0000-4000-8000-{int(shop.store_id):012d}",
        "domain": shop.domain,
        "secure_url": f"https://{shop.domain}",
        "control_panel_base_url": f"https://store-{shop.store_hash}.mybigcommerce.com",
        "status": "live",
        "name": shop.name,
        "first_name": "Robin",
        "last_name": "Kade",
        "address": "Kade 12",
        "country_code": shop.country,
        "phone": "",
        "admin_email": f"admin@{shop.domain}",
        "order_email": f"orders@{shop.domain}",
        "timezone": {
            "name": shop.timezone,
            "raw_offset": 3600,
            "dst_offset": 7200,
            "dst_correction": offset.total_seconds() == 7200,
        },
        "language": shop.country.lower(),
        "currency": shop.currency,
        "decimal_places": 2,
        "plan_name": "Pro",
        "plan_level": "Pro",
        "plan_is_trial": False,
        "is_price_entered_with_tax": shop.tax_inclusive,
        "store_id": int(shop.store_id),
        "default_channel_id": 1,
        "default_site_id": 1000,
        "features": {"multi_storefront_enabled": False, "checkout_type": "optimized"},
    }
