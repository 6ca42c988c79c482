"""What an invoice is made of, so that a later change of the order is noticed and can be told."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from connector.domain.money import shortest
from connector.domain.order.model import Order, OrderLine


def content(order: Order) -> dict[str, Any]:
    """The order's financial content as a JSON object, equal for equal amounts; without its status."""
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
    """SHA-256, in hex, of the order's financial content."""
    text = json.dumps(content(order), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What changed between two contents, one sentence each; empty when nothing did."""
    return [*_changes("The order", old, new), *_line_changes(old["lines"], new["lines"])]


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


def _line_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield f"Line {key}, {_amount(old[key])}, was removed."
        elif key not in old:
            yield f"Line {key}, {_amount(new[key])}, was added."
        else:
            yield from _changes(f"Line {key}", old[key], new[key])


def _amount(line: Mapping[str, Any]) -> str:
    return f'{line["quantity"]} x "{line["name"]}" for {line["gross"]}'


def _changes(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in (name for name in old if name != "lines" and old[name] != new.get(name)):
        yield f"{what}: {name} was {_said(old[name])} and is now {_said(new.get(name))}."


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "empty")
