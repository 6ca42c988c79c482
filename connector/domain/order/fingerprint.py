"""The content of an order that its invoice depends on. A later change of it is noticed and can be shown."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.money import shortest
from connector.domain.order.model import Order, OrderLine


def content(order: Order) -> dict[str, Any]:
    """Return the order's financial content as a JSON object, without its status. Equal amounts give equal texts."""
    return {
        "currency": order.currency,
        "customer": order.customer_id or order.billing.email.casefold(),
        "billing country": order.billing.country,
        "shipping countries": [address.country for address in order.ship_to],
        "total": shortest(order.total_inc),
        "tax": shortest(order.total_tax),
        "lines": {line.key: _line(line) for line in order.lines},
    }


def fingerprint(order: Order) -> str:
    """Return the SHA-256, in hex, of the order's financial content."""
    text = json.dumps(content(order), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Problem]:
    """Return each change between two contents; empty when nothing changed."""
    changed = [problem(Code.ORDER_FIELD_CHANGED, **fields) for fields in _changes(old, new)]
    return [*changed, *_line_changes(old["lines"], new["lines"])]


def _line(line: OrderLine) -> dict[str, str]:
    return {
        "name": line.name,
        "sku": line.sku,
        "quantity": shortest(line.quantity),
        "net": shortest(line.net),
        "tax": shortest(line.tax),
        "gross": shortest(line.gross),
        "country": line.ship_to.country,
    }


def _line_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Problem]:
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield problem(Code.LINE_REMOVED, key=key, **_sold(old[key]))
        elif key not in old:
            yield problem(Code.LINE_ADDED, key=key, **_sold(new[key]))
        else:
            for fields in _changes(old[key], new[key]):
                yield problem(Code.LINE_FIELD_CHANGED, key=key, **fields)


def _sold(line: Mapping[str, Any]) -> dict[str, str]:
    return {name: line[name] for name in ("quantity", "name", "gross")}


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for name in (name for name in old if name != "lines" and old[name] != new.get(name)):
        yield {"changed": name, "before": _as_text(old[name]), "after": _as_text(new.get(name))}


def _as_text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
