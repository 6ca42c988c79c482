"""Deliveries for a sandbox that runs in another process, through its control interface: `sandbox --ring ORDER`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.bigcommerce.webhook_sender import CREATED, Hook, SignedSender
from connector.sandbox.catalogue import SHOPS

TIMEOUT_SECONDS = 5.0


class CannotRing(Exception):
    """Nothing was delivered. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery: the store, the hook's address, and the portal's answer (0: it did not answer)."""

    store_hash: str
    address: str
    status: int


def ring(store_url: str, order_id: int, store_hash: str | None = None) -> list[Delivered]:
    """Deliver "order created" to the hooks of every store that has this order, or of one store.

    `store_url` is the address of the running fake store. Raises CannotRing.
    """
    state = _state_of(store_url)
    having = [name for name, kept in state.items() if order_id in kept["orders"] and store_hash in (None, name)]
    if not having:
        raise CannotRing(f"No store has order {order_id}. {_numbers(state, store_hash)}")
    stores = _with_hooks({name: state[name]["hooks"] for name in having})
    sender = SignedSender(stores, retries=0)
    delivered = [
        Delivered(name, hook["destination"], sender.deliver(name, order_id, CREATED, hook=hook))
        for name in having
        for hook in sender.hooks(name, CREATED)
    ]
    if not delivered:
        raise CannotRing(
            f"No webhook is registered for {' or '.join(having)}: add the store in the portal, which registers them."
        )
    return delivered


def _state_of(store_url: str) -> dict[str, Any]:
    try:
        with build_opener(ProxyHandler({})).open(f"{store_url}/_sandbox/state", timeout=TIMEOUT_SECONDS) as answer:
            state: dict[str, Any] = json.load(answer)
    except (URLError, OSError, ValueError):
        raise CannotRing(f"No sandbox answers at {store_url}: start it with `make sandbox`.") from None
    return state


def _with_hooks(hooks: dict[str, list[Hook]]) -> FakeStores:
    """The stores of the catalogue with the hooks of the running stores. These stores serve nothing."""
    stores = FakeStores()
    for shop in SHOPS:
        stores.open(shop).hooks = {hook["id"]: dict(hook) for hook in hooks.get(shop.store_hash, [])}
    return stores


def _numbers(state: dict[str, Any], store_hash: str | None) -> str:
    known = {name: kept["orders"] for name, kept in state.items() if kept["orders"] and store_hash in (None, name)}
    return "; ".join(f"{name}: {orders[0]} to {orders[-1]}" for name, orders in known.items())
