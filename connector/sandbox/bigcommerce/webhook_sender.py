"""Webhook deliveries as BigCommerce makes them: unordered, repeated, signed by Standard Webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connector.sandbox.bigcommerce.customers import News
from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.catalogue import OrderRecord

CREATED, UPDATED = "store/order/created", "store/order/updated"
REFUNDED, ARCHIVED = "store/order/refund/created", "store/order/archived"
Hook = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an order. Events with the same `webhook_id` are one event that is sent again."""

    store_hash: str
    order_id: int
    scope: str
    webhook_id: str | None = None


def created_and_updated(records: Iterable[OrderRecord], seed: int = 1) -> list[Event]:
    """Two events for each order. The seed shuffles them: orders mix, and updates can come before creations."""
    events = [Event(r.store_hash, r.order_id, scope) for r in records for scope in (CREATED, UPDATED)]
    return sorted(events, key=lambda event: hashlib.sha256(f"{seed} {event}".encode()).digest())


def body_of(store_hash: str, store_id: str, order_id: int, scope: str, *, at: int, refund_id: int = 31) -> bytes:
    """The request body: compact JSON with escaped slashes, in the key order of captured deliveries.

    `hash` is a SHA-1 that identifies the event and proves nothing, as the vendor says about its own hash.
    """
    data: dict[str, object] = {"type": "order", "id": order_id}
    if scope == REFUNDED:
        data["refund"] = {"refund_id": refund_id}
    return _body(store_hash, store_id, scope, data, name=str(order_id), at=at)


def customer_body_of(store_hash: str, store_id: str, news: News, *, at: int) -> bytes:
    """The request body for a customer's event. That of an address has the address's id in `data.id`."""
    data: dict[str, object] = {"type": "customer", "id": news.address_id or news.customer_id}
    if news.address_id:
        data["address"] = {"customer_id": news.customer_id}
    name = f"{news.customer_id}.{news.address_id}"
    return _body(store_hash, store_id, news.scope, data, name=name, at=at)


def _body(store_hash: str, store_id: str, scope: str, data: Mapping[str, object], *, name: str, at: int) -> bytes:
    payload = {
        "producer": f"stores/{store_hash}",
        "hash": hashlib.sha1(f"{scope}:{name}:{at}".encode(), usedforsecurity=False).hexdigest(),
        "created_at": at,
        "store_id": store_id,
        "scope": scope,
        "data": data,
    }
    return json.dumps(payload, separators=(",", ":")).replace("/", "\\/").encode()


def signature(client_secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The HMAC-SHA256 of "id.timestamp.body". The key is the bytes of the client secret."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    digest = hmac.new(client_secret.encode(), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


class SignedSender:
    """Delivers events to the hooks that a connector made in the fake stores.

    `public_url` replaces the scheme and host of the hooks' addresses, for a connector that has another address than
    it says. `retries` is the number of attempts after an answer that is not 2xx, `pause` seconds apart. The real
    store retries eleven times in 48 hours.
    """

    def __init__(
        self,
        stores: FakeStores,
        *,
        public_url: str | None = None,
        retries: int = 1,
        pause: float = 0.2,
        timeout: float = 10.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.stores = stores
        self.public_url = public_url
        self.retries = retries
        self.pause = pause
        self.timeout = timeout
        self.clock = clock

    def hooks(self, store_hash: str, scope: str) -> list[Hook]:
        """The active hooks for a scope, including those with a wildcard (`store/order/*`)."""
        store = self.stores.store(store_hash)
        parts = scope.split("/")
        wanted = {scope, *("/".join(parts[:length]) + "/*" for length in range(2, len(parts)))}
        with self.stores.lock:
            hooks = [dict(hook) for hook in store.hooks.values()]
        return [hook for hook in hooks if hook["is_active"] and hook["scope"] in wanted]

    def deliver(self, store_hash: str, order_id: int, scope: str, *, hook: Hook, webhook_id: str | None = None) -> int:
        """Send one event to one hook. Return the status of the last attempt, 0 when there was no answer.

        Retries keep the webhook id and the body; each attempt has its own timestamp and signature.
        """
        body = body_of(store_hash, self.stores.store(store_hash).shop.store_id, order_id, scope, at=int(self.clock()))
        return self._deliver_body(store_hash, body, hook, webhook_id)

    def deliver_news(self, store_hash: str, news: News, *, hook: Hook, webhook_id: str | None = None) -> int:
        """Send one event of a customer to one hook, as `deliver` does."""
        body = customer_body_of(store_hash, self.stores.store(store_hash).shop.store_id, news, at=int(self.clock()))
        return self._deliver_body(store_hash, body, hook, webhook_id)

    def tell(self, store_hash: str) -> list[int]:
        """Send what happened to customers since the last time to all its hooks. Return the worst status of each event
        (0: no answer, or no hook)."""
        return [
            _worst(self.deliver_news(store_hash, news, hook=hook) for hook in self.hooks(store_hash, news.scope))
            for news in self.stores.store(store_hash).take_news()
        ]

    def _deliver_body(self, store_hash: str, body: bytes, hook: Hook, webhook_id: str | None) -> int:
        number = webhook_id or f"msg_{uuid.uuid4().hex}"
        secret = self.stores.store(store_hash).accounts[hook["client_id"]].client_secret
        status = 0
        for attempt in range(1 + self.retries):
            if attempt:
                time.sleep(self.pause)
            status = self._post(hook, body, self._headers(hook, secret, number, body))
            if 200 <= status < 300:
                break
        return status

    def deliver_all(self, events: Sequence[Event], *, workers: int = 4) -> list[int]:
        """Send every event to all its hooks. Return the worst status of each event (0: no answer, or no hook)."""
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(self._deliver_event, events))

    def _deliver_event(self, event: Event) -> int:
        return _worst(
            self.deliver(event.store_hash, event.order_id, event.scope, hook=hook, webhook_id=event.webhook_id)
            for hook in self.hooks(event.store_hash, event.scope)
        )

    def _headers(self, hook: Hook, secret: str, number: str, body: bytes) -> dict[str, str]:
        now = int(self.clock())
        return {
            "Content-Type": "application/json",
            "webhook-id": number,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(secret, number, now, body),
            **(hook["headers"] or {}),
        }

    def _post(self, hook: Hook, body: bytes, headers: dict[str, str]) -> int:
        target = urlsplit(hook["destination"])
        host = urlsplit(self.public_url) if self.public_url else target
        kind = http.client.HTTPSConnection if host.scheme == "https" else http.client.HTTPConnection
        connection = kind(host.netloc, timeout=self.timeout)
        try:
            connection.request("POST", target._replace(scheme="", netloc="").geturl(), body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


def _worst(statuses: Iterable[int]) -> int:
    found = list(statuses)
    return 0 if not found or 0 in found else max(found)
