"""`sandbox --ring`: it finds the hooks of a running sandbox and delivers an order to them, as the store would."""

import json
from collections.abc import Iterator

import pytest

from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.ring import CannotRing, Delivered, ring
from connector.sandbox.catalogue.shops import NLSHOP, NLTRADE, Shop
from tests.sandbox.bigcommerce.client import Api
from tests.sandbox.bigcommerce.receiver import Receiver


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def portal() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


def hook(sandbox: Sandbox, url: str, shop: Shop = NLSHOP) -> str:
    """Register a webhook as the portal does; returns its address."""
    address = f"{url}/webhooks/bigcommerce/{shop.store_hash}/"
    body = {"scope": "store/order/created", "destination": address, "headers": {"X-Connector-Secret": "ours"}}
    assert Api(sandbox.stores, shop).send("POST", "v3/hooks", body).status == 200
    return address


def test_the_delivery_carries_the_order_the_secret_and_a_signature(sandbox: Sandbox, portal: Receiver) -> None:
    address = hook(sandbox, portal.url)
    assert ring(sandbox.store_url, 1001) == [Delivered("nlshop1", address, 200)]
    ((path, headers, body),) = portal.received
    assert path == "/webhooks/bigcommerce/nlshop1/"
    assert headers["x-connector-secret"] == "ours"
    assert headers["webhook-signature"].startswith("v1,")
    assert json.loads(body)["data"] == {"type": "order", "id": 1001}


def test_the_answer_of_the_portal_is_shown_once(sandbox: Sandbox, portal: Receiver) -> None:
    hook(sandbox, portal.url)
    portal.answers = [401]
    assert [one.status for one in ring(sandbox.store_url, 1001)] == [401]
    assert len(portal.received) == 1


def test_a_portal_that_is_not_there_is_no_answer(sandbox: Sandbox) -> None:
    hook(sandbox, "http://127.0.0.1:1")
    assert [one.status for one in ring(sandbox.store_url, 1001)] == [0]


def test_every_store_with_the_order_delivers_or_only_the_named_one(sandbox: Sandbox, portal: Receiver) -> None:
    for shop in (NLSHOP, NLTRADE):
        hook(sandbox, portal.url, shop)
    assert [one.store_hash for one in ring(sandbox.store_url, 1001)] == ["nlshop1", "nltrade1"]
    assert [one.store_hash for one in ring(sandbox.store_url, 1001, "nltrade1")] == ["nltrade1"]


@pytest.mark.parametrize("order_id", [999, 999_999])
def test_an_order_that_no_store_has_is_refused_with_the_numbers_there_are(sandbox: Sandbox, order_id: int) -> None:
    with pytest.raises(CannotRing, match="nlshop1: 1001 to 1058"):
        ring(sandbox.store_url, order_id, "nlshop1")


def test_a_store_without_a_webhook_is_refused_with_what_to_do(sandbox: Sandbox) -> None:
    with pytest.raises(CannotRing, match="nlshop1 or nltrade1: add the store in the portal"):
        ring(sandbox.store_url, 1001)


def test_a_sandbox_that_does_not_run_is_refused_with_what_to_do() -> None:
    with pytest.raises(CannotRing, match="make sandbox"):
        ring("http://127.0.0.1:1", 1001)
