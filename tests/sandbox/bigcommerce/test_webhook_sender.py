"""Deliveries of the signed sender, received on a real socket and checked by arithmetic of this file's own."""

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator

import pytest

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.bigcommerce.webhook_sender import Event, SignedSender, body_of, created_and_updated, signature
from connector.sandbox.catalogue import SHOPS, default_orders
from connector.sandbox.catalogue.shops import NLSHOP
from tests.sandbox.bigcommerce.client import Api
from tests.sandbox.bigcommerce.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


@pytest.fixture
def stores() -> Iterator[FakeStores]:
    with FakeStores() as service:
        for shop in SHOPS:
            service.open(shop)
        yield service


def make_hook(stores: FakeStores, url: str, scope: str = "store/order/created") -> dict[str, object]:
    body = {"scope": scope, "destination": f"{url}/hooks/7/?a=b", "headers": {"X-Connector-Secret": "ours"}}
    answer = Api(stores, NLSHOP).send("POST", "v3/hooks", body)
    assert answer.status == 200
    hook: dict[str, object] = answer.json["data"]
    return hook


def test_the_signature_is_that_of_the_known_vector() -> None:
    body = (
        b'{"producer":"stores/abc123","hash":"3f9ea420af83450d7ef9f78b08c8af25b2213637",'
        b'"created_at":1561479335,"store_id":"1025646","scope":"store/order/created",'
        b'"data":{"type":"order","id":250}}'
    )
    assert (
        signature("test_client_secret_value", "msg_test_123", 1750000000, body)
        == "v1,3NI6XQhRqx0j/PBcIg/YGcF21OWEbTkNs8aEuS6xZKo="
    )


def test_the_body_has_the_captured_form() -> None:
    body = body_of("nlshop1", "1100001", 112, "store/order/created", at=1714980425)
    text = body.decode()
    assert text.startswith(r'{"producer":"stores\/nlshop1","hash":"')
    assert text.endswith(
        r'","created_at":1714980425,"store_id":"1100001","scope":"store\/order\/created",'
        r'"data":{"type":"order","id":112}}'
    )
    assert len(json.loads(body)["hash"]) == 40


def test_a_delivery_carries_the_hooks_headers_and_a_signature(stores: FakeStores, receiver: Receiver) -> None:
    hook = make_hook(stores, receiver.url)
    sender = SignedSender(stores, clock=lambda: 1_760_000_000.9)
    assert sender.deliver("nlshop1", 1001, "store/order/created", hook=hook, webhook_id="msg_1") == 200
    ((path, headers, body),) = receiver.received
    assert path == "/hooks/7/?a=b"
    assert headers["content-type"] == "application/json"
    assert headers["x-connector-secret"] == "ours"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_1", "1760000000")
    key = b"nlshop1-sandbox-client-secret"
    digest = hmac.new(key, b"msg_1.1760000000." + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


def test_a_retry_keeps_the_id_and_the_body(stores: FakeStores, receiver: Receiver) -> None:
    hook = make_hook(stores, receiver.url)
    receiver.answers = [503, 500]
    times = iter(range(1_760_000_000, 1_760_000_100, 10))
    sender = SignedSender(stores, retries=2, pause=0.0, clock=lambda: next(times))
    assert sender.deliver("nlshop1", 1001, "store/order/created", hook=hook) == 200
    assert len({headers["webhook-id"] for _, headers, _ in receiver.received}) == 1
    assert len({body for _, _, body in receiver.received}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in receiver.received}) == 3
    assert len({headers["webhook-signature"] for _, headers, _ in receiver.received}) == 3


def test_it_gives_up_and_tells_the_last_status(stores: FakeStores, receiver: Receiver) -> None:
    hook = make_hook(stores, receiver.url)
    receiver.answers = [401, 401, 401]
    sender = SignedSender(stores, retries=1, pause=0.0)
    assert sender.deliver("nlshop1", 1001, "store/order/created", hook=hook) == 401
    assert len(receiver.received) == 2
    receiver.server_close()
    assert sender.deliver("nlshop1", 1001, "store/order/created", hook=hook) == 0


def test_many_events_go_to_the_hooks_of_their_scope(stores: FakeStores, receiver: Receiver) -> None:
    make_hook(stores, "http://127.0.0.1:1", "store/order/created")
    make_hook(stores, "http://127.0.0.1:1", "store/order/*")
    sender = SignedSender(stores, public_url=receiver.url, retries=0)
    events = [Event("nlshop1", number, "store/order/created", "same") for number in range(1, 11)]
    assert sender.deliver_all(events, workers=3) == [200] * 10
    assert len(receiver.received) == 20
    assert {headers["webhook-id"] for _, headers, _ in receiver.received} == {"same"}
    assert sender.deliver_all([Event("frshop1", 1, "store/order/created")]) == [0]


def test_inactive_hooks_get_nothing(stores: FakeStores, receiver: Receiver) -> None:
    hook = make_hook(stores, receiver.url)
    Api(stores, NLSHOP).send("PUT", f"v3/hooks/{hook['id']}", {"is_active": False})
    assert SignedSender(stores).hooks("nlshop1", "store/order/created") == []


def test_every_order_is_sent_twice_in_a_repeatable_disorder() -> None:
    records = default_orders()
    events = created_and_updated(records, seed=7)
    assert events == created_and_updated(records, seed=7)
    assert events != created_and_updated(records, seed=8)
    counts = Counter((event.store_hash, event.order_id) for event in events)
    assert set(counts.values()) == {2}
    assert len(counts) == len(records)
    first: dict[tuple[str, int], str] = {}
    for event in events:
        first.setdefault((event.store_hash, event.order_id), event.scope)
    assert set(first.values()) == {"store/order/created", "store/order/updated"}


def test_what_happened_to_customers_is_sent_once_to_each_hook(stores: FakeStores, receiver: Receiver) -> None:
    store = stores.store("nlshop1")
    for scope in ("store/customer/created", "store/customer/address/*", "store/customer/*"):
        make_hook(stores, receiver.url, scope)
    store.add_customer(email="jo@shopper.example", addresses=[{"city": "Delft"}])
    sender = SignedSender(stores)
    assert sender.tell("nlshop1") == [200, 200]
    events = [json.loads(body) for _path, _headers, body in receiver.received]
    assert [(event["scope"], event["data"]) for event in events] == [
        *[("store/customer/created", {"type": "customer", "id": 1})] * 2,
        *[("store/customer/address/created", {"type": "customer", "id": 1, "address": {"customer_id": 1}})] * 2,
    ]
    assert sender.tell("nlshop1") == []
    store.delete_customer(1)
    assert sender.tell("nlshop1") == [200]
    stores.store("nlshop1").hooks.clear()
    store.add_customer(email="jo@shopper.example")
    assert sender.tell("nlshop1") == [0]
