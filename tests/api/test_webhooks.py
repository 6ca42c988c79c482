"""The webhook's answers: for every address, method, media type, size, proof and shape."""

import io
import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_q.models import OrmQ
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, NoMoreData
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from redis.exceptions import RedisError

from connector.flow.clock import database_now
from connector.models import Delivery, Division, OrderSync, Store
from connector.sandbox.bigcommerce.webhook_sender import signature
from tests.factories import ConnectionFactory, StoreFactory

CLIENT_SECRET, HOOK_SECRET = "client-secret-of-acme", "hook-secret-of-acme"
Ring = Callable[..., Any]


@pytest.fixture
def store(db: None) -> Store:
    """Acme's store, without a connection."""
    return StoreFactory.create(store_hash="abc123", client_secret=CLIENT_SECRET, hook_secret=HOOK_SECRET)


@pytest.fixture
def ring(store: Store, client: Client) -> Ring:
    """Send something to the store's address, by default an authentic order."""

    def send(body: object = None, *, method: str = "POST", **options: Any) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(event() if body is None else body).encode()
        headers = options.pop("headers", {"X-Connector-Secret": HOOK_SECRET})
        kind = options.pop("type", "application/json")
        path = options.pop("path", address(store))
        return client.generic(method, path, raw, headers=headers, CONTENT_TYPE=kind, **options)

    return send


def address(store: Store) -> str:
    return reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})


def event(**changes: Any) -> dict[str, Any]:
    whole = {
        "producer": "stores/abc123",
        "hash": "3f9ea420af83450d7ef9f78b08c8af25b2213637",
        "created_at": 1561479335,
        "store_id": "1025646",
        "scope": "store/order/created",
        "data": {"type": "order", "id": 250},
    }
    return {**whole, **changes}


def signed(body: bytes, *, webhook_id: str = "msg_1", secret: str = CLIENT_SECRET, age: int = 0) -> dict[str, str]:
    now = int(datetime.now(UTC).timestamp()) - age
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(secret, webhook_id, now, body),
    }


def test_an_authentic_order_gets_200_with_an_empty_body_and_is_in_the_inbox(ring: Ring, store: Store) -> None:
    response = ring()
    assert (response.status_code, response.content) == (200, b"")
    delivery = Delivery.objects.get(store=store)
    assert (delivery.order_id, delivery.scope, delivery.proof) == (250, "store/order/created", "secret")


def test_an_address_that_no_store_has_is_404_whatever_the_method(ring: Ring) -> None:
    nowhere = f"/webhooks/bigcommerce/{uuid.uuid4()}/"
    assert ring(path=nowhere).status_code == 404
    assert ring(path=nowhere, method="GET").status_code == 404
    assert ring(path="/webhooks/bigcommerce/not-a-uuid/").status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_405_even_without_proof_or_json(ring: Ring, method: str) -> None:
    assert ring(method=method, headers={}, type="text/plain").status_code == 405


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_media_type_is_415_even_when_too_large_and_unproven(ring: Ring, kind: str) -> None:
    assert ring(b"x" * 70_000, type=kind, headers={}).status_code == 415


def test_a_media_type_may_carry_its_charset(ring: Ring) -> None:
    assert ring(type="application/json; charset=utf-8").status_code == 200


def test_a_body_over_64_kib_is_413_even_when_unproven(ring: Ring) -> None:
    assert ring(b"x" * (64 * 1024 + 1), headers={}).status_code == 413


def test_a_body_of_64_kib_is_read(ring: Ring) -> None:
    body = json.dumps(event()).encode()
    assert ring(body + b" " * (64 * 1024 - len(body))).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"X-Connector-Secret": "wrong"}, {"X-Connector-Secret": ""}])
def test_without_proof_it_is_401_even_when_the_body_is_rubbish(ring: Ring, headers: dict[str, str]) -> None:
    assert ring(b"rubbish", headers=headers).status_code == 401
    assert not Delivery.objects.exists()


def test_a_signature_proves_a_delivery_without_our_secret(ring: Ring) -> None:
    body = json.dumps(event()).encode()
    assert ring(body, headers=signed(body)).status_code == 200
    assert Delivery.objects.get().signature == "confirmed"


@pytest.mark.parametrize("wrong", [{"secret": "another"}, {"age": 301}, {"age": -330}])
def test_a_wrong_or_old_signature_proves_nothing(ring: Ring, wrong: dict[str, Any]) -> None:
    body = json.dumps(event()).encode()
    assert ring(body, headers=signed(body, **wrong)).status_code == 401


def test_a_wrong_signature_beside_a_right_secret_is_taken_and_shown(ring: Ring) -> None:
    body = json.dumps(event()).encode()
    headers = {**signed(body, secret="another"), "X-Connector-Secret": HOOK_SECRET}
    assert ring(body, headers=headers).status_code == 200
    assert Delivery.objects.get().signature == "failed"


def test_a_right_signature_beside_a_wrong_secret_is_401(ring: Ring) -> None:
    body = json.dumps(event()).encode()
    assert ring(body, headers={**signed(body), "X-Connector-Secret": "wrong"}).status_code == 401


def test_the_policy_of_the_store_decides_which_proof_counts(ring: Ring, store: Store) -> None:
    body = json.dumps(event()).encode()
    by_signature, by_secret = signed(body), {"X-Connector-Secret": HOOK_SECRET}
    Store.objects.update(webhook_auth="signature")
    assert ring(body, headers=by_secret).status_code == 401
    assert ring(body, headers=by_signature).status_code == 200
    Store.objects.update(webhook_auth="secret")
    assert ring(body, headers=by_signature).status_code == 401
    assert ring(body, headers=by_secret).status_code == 200


RUBBISH = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b'{"producer": "stores/abc123"}',
    b"\xff\xfe" + json.dumps(event()).encode(),
    json.dumps(event()).encode("utf-16"),
    json.dumps(event()).encode()[:-1] + b', "scope": "store/order/created"}',
    json.dumps(event(created_at=float("nan"))).encode(),
    json.dumps(event(hash="\ud800")).encode(),
    json.dumps(event(data={"type": "order", "id": 250, "deep": "x"})).replace('"x"', "[" * 30 + "]" * 30).encode(),
    b"[" * 30_000 + b"]" * 30_000,
    json.dumps(event()).replace("250", "9" * 5000).encode(),
]


@pytest.mark.parametrize("body", RUBBISH)
def test_a_body_that_is_no_event_is_400(ring: Ring, body: bytes) -> None:
    assert ring(body).status_code == 400
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": 5},
        {"scope": None},
        {"producer": ["stores/abc123"]},
        {"data": []},
        {"data": None},
        {"data": {"type": "order"}},
        *({"data": {"id": bad}} for bad in (0, -1, 2**63, True, "250", 2.5, None, [250])),
        {"scope": "store/order/transaction/created", "data": {"transaction_id": "1"}},
        {"scope": "store/order/transaction/created", "data": {"order_id": "1x"}},
        {"scope": "store/order/created\x00"},
        {"scope": "store/customer/deleted", "data": {"type": "customer"}},
        {"scope": "store/customer/address/created", "data": {"type": "customer", "id": 60}},
    ],
)
def test_an_event_of_the_wrong_shape_is_400(ring: Ring, changes: dict[str, Any]) -> None:
    assert ring(event(**changes)).status_code == 400


def test_another_stores_producer_is_401(ring: Ring) -> None:
    assert ring(event(producer="stores/other1")).status_code == 401
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("scope", "data", "order_id", "customer_id"),
    [
        ("store/order/updated", {"type": "order", "id": 2**63 - 1}, 2**63 - 1, None),
        ("store/order/statusUpdated", {"type": "order", "id": 250, "status": {"new_status_id": 11}}, 250, None),
        ("store/channel/5/order/created", {"type": "order", "id": 250}, 250, None),
        ("store/order/transaction/created", {"type": "transaction", "order_id": "250"}, 250, None),
        ("store/order/transaction/updated", {"type": "transaction", "order_id": 250}, 250, None),
        ("store/customer/created", {"type": "customer", "id": 32}, None, 32),
        ("store/customer/address/deleted", {"type": "customer", "id": 9, "address": {"customer_id": 32}}, None, 32),
        ("store/information/updated", {"type": "store"}, None, None),
    ],
)
def test_every_scope_gets_200_and_names_its_order_or_its_customer(
    ring: Ring, scope: str, data: dict[str, Any], order_id: int | None, customer_id: int | None
) -> None:
    assert ring(event(scope=scope, data=data)).status_code == 200
    delivery = Delivery.objects.get()
    assert (delivery.order_id, delivery.customer_id) == (order_id, customer_id)
    assert (delivery.processed_at is None) == (scope != "store/information/updated")


def test_a_repeated_webhook_id_is_a_duplicate(ring: Ring) -> None:
    body = json.dumps(event()).encode()
    for _ in range(3):
        assert ring(body, headers={**signed(body, webhook_id="msg_7")}).status_code == 200
    assert Delivery.objects.count() == 1


def test_a_long_or_odd_webhook_id_does_no_harm(ring: Ring) -> None:
    for webhook_id in ("m" * 5000, "ünï", " "):
        assert ring(headers={"X-Connector-Secret": HOOK_SECRET, "webhook-id": webhook_id}).status_code == 200


@pytest.mark.parametrize("fails", ["SELECT", "INSERT"])
def test_what_cannot_be_stored_is_503_and_nothing_else(ring: Ring, fails: str) -> None:
    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(fails):
            raise DatabaseError("disk full")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail):
        assert ring().status_code == 503


def test_a_secret_whose_key_is_lost_is_503_when_it_is_needed(ring: Ring, store: Store) -> None:
    body = json.dumps(event()).encode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE connector_store SET client_secret = 'of a lost key'")
    assert ring(body).status_code == 200
    assert ring(body, headers=signed(body)).status_code == 503


def test_a_store_that_nothing_is_connected_to_keeps_its_deliveries(ring: Ring) -> None:
    assert ring().status_code == 200
    assert Delivery.objects.get().processed_at is None
    assert not OrderSync.objects.exists()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.builds(event, scope=JSON_VALUES, data=JSON_VALUES))
def test_no_body_is_ever_a_server_error(ring: Ring, body: object) -> None:
    assert ring(body).status_code in {200, 400, 401}


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text()))
def test_no_header_is_ever_a_server_error(ring: Ring, headers: dict[str, str]) -> None:
    assert ring(headers=headers).status_code == 401


def statements(work: Callable[[], Any]) -> list[str]:
    """What a request that is answered with 200 has the database do: the first word of each statement, and its table."""
    with CaptureQueriesContext(connection) as captured:
        assert work().status_code == 200
    found = (re.sub(r"SELECT.*? FROM|INTO |\"", "", query["sql"]) for query in captured.captured_queries)
    return [sql.split()[0] if sql.startswith(("BEGIN", "COMMIT")) else " ".join(sql.split()[:2]) for sql in found]


@pytest.mark.django_db(transaction=True)
def test_a_delivery_costs_two_statements_and_four_when_it_wakes_its_lane(ring: Ring, store: Store) -> None:
    ConnectionFactory.create(store=store)
    other = event(scope="store/information/updated", data={"type": "store"})
    customer = event(scope="store/customer/created", data={"type": "customer", "id": 32})
    store_it = ["connector_store store", "INSERT connector_delivery"]
    assert statements(lambda: ring(other)) == store_it
    wake_it = ["UPDATE connector_division", "INSERT django_q_ormq"]
    assert statements(ring) == [store_it[0], "BEGIN", store_it[1], *wake_it, "COMMIT"]
    assert statements(ring) == store_it
    assert OrmQ.objects.count() == 1
    Division.objects.update(woken_at=None)
    assert statements(lambda: ring(customer)) == [store_it[0], "BEGIN", store_it[1], *wake_it, "COMMIT"]


@pytest.mark.django_db(transaction=True)
def test_every_lane_of_a_store_is_woken_once(ring: Ring, store: Store) -> None:
    awake, idle = (ConnectionFactory.create(store=store, mode="shadow").division for _ in range(2))
    ConnectionFactory.create()
    Division.objects.filter(pk=awake.pk).update(woken_at=database_now())
    ring()
    ring()
    assert [queued.task["args"] for queued in OrmQ.objects.all()] == [(idle.pk,)]
    assert set(Division.objects.exclude(woken_at=None)) == {awake, idle}


def test_a_delivery_that_fails_to_wake_its_lane_is_not_stored(ring: Ring, store: Store) -> None:
    """BigCommerce sends it again."""

    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "django_q_ormq" in sql:
            raise DatabaseError("disk full")
        return execute(sql, *rest)

    ConnectionFactory.create(store=store)
    with connection.execute_wrapper(fail):
        assert ring().status_code == 503
    assert not Delivery.objects.exists()
    assert Division.objects.get().woken_at is None


@pytest.mark.parametrize("stamp", ["1" * 10, "9" * 11, "9" * 12, "9" * 13, "-1", "1.5", "", "٣" * 10])
def test_no_timestamp_is_ever_a_server_error(ring: Ring, stamp: str) -> None:
    headers = {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": "v1,x"}
    assert ring(headers=headers).status_code == 401
    assert ring(headers={**headers, "X-Connector-Secret": HOOK_SECRET}).status_code == 200


def test_a_body_in_chunks_is_read_whole(store: Store, client: Client) -> None:
    raw = json.dumps(event()).encode()
    in_chunks: Any = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(raw)}
    response = client.generic(
        "POST",
        address(store),
        raw,
        headers={"X-Connector-Secret": HOOK_SECRET},
        CONTENT_TYPE="application/json",
        CONTENT_LENGTH="",
        **in_chunks,
    )
    assert response.status_code == 200


@pytest.mark.parametrize("length", ["", "70", "-5", "1e3", "²"])
@pytest.mark.parametrize("error", [InvalidChunkSize(b"zz"), ChunkMissingTerminator(b"xx"), NoMoreData(), OSError()])
def test_a_broken_chunk_or_an_odd_length_is_400(store: Store, client: Client, length: str, error: Exception) -> None:
    """The web server raises errors of its own while a body is read."""

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise error

    broken: Any = {"wsgi.input_terminated": True, "wsgi.input": Broken(), "CONTENT_LENGTH": length}
    headers = {"X-Connector-Secret": HOOK_SECRET}
    response = client.generic("POST", address(store), headers=headers, CONTENT_TYPE="application/json", **broken)
    assert response.status_code == 400


def test_a_body_that_is_shorter_than_it_says_is_400_even_when_it_can_be_read(ring: Ring) -> None:
    raw = json.dumps(event()).encode()
    longer: Any = {"wsgi.input": io.BytesIO(raw), "CONTENT_LENGTH": "1000"}
    assert ring(raw, **longer).status_code == 400


def test_a_browser_that_asks_for_a_page_is_answered_in_json(client: Client, store: Store) -> None:
    response = client.get(address(store), headers={"Accept": "text/html"})
    assert (response.status_code, response["Content-Type"]) == (405, "application/json")


def test_a_broker_that_is_away_loses_a_wake_up_and_no_delivery(
    ring: Ring,
    store: Store,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def refuse(*_: object) -> None:
        raise RedisError("away")

    ConnectionFactory.create(store=store)
    settings.QUEUE_BROKER = "redis"
    monkeypatch.setattr("connector.flow.lane.wakeup.async_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        assert ring().status_code == 200
    assert Delivery.objects.count() == 1
    assert Division.objects.get().woken_at is None
