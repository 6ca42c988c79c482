"""Refused deliveries are counted by store, hour and answer, and a flood of them does not reach the database."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from connector.models import RefusedDeliveries, Store
from tests.factories import StoreFactory

BODY = json.dumps({"producer": "stores/abc123", "scope": "store/order/created", "data": {"type": "order", "id": 250}})


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(store_hash="abc123", hook_secret="our-own")


def ring(
    client: Client, store: Store, body: str = BODY, kind: str = "application/json", secret: str = "our-own"
) -> int:
    address = reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})
    return client.post(address, body, content_type=kind, headers={"X-Connector-Secret": secret}).status_code


def counted() -> dict[int, int]:
    return dict(RefusedDeliveries.objects.values_list("status", "count"))


def test_each_answer_is_counted_by_itself(client: Client, store: Store) -> None:
    for _ in range(3):
        assert ring(client, store, secret="wrong") == 401
    assert ring(client, store, "{}") == 400
    assert ring(client, store, "x" * 70_000) == 413
    assert ring(client, store, kind="text/plain") == 415
    assert ring(client, store) == 200
    assert counted() == {401: 3, 400: 1, 413: 1, 415: 1}


def test_what_no_store_has_is_not_counted(client: Client, store: Store) -> None:
    nowhere = Store(webhook_uuid="7b5f7f5e-9d0c-4ac5-8fd2-4ea6a1f6b0d5")
    assert ring(client, nowhere) == 404
    assert counted() == {}


def test_a_flood_is_counted_in_few_writes(client: Client, store: Store, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(300 + 40) as captured:
        for _ in range(300):
            ring(client, store, secret="wrong")
    writes = [query for query in captured.captured_queries if not query["sql"].startswith("SELECT")]
    assert len(writes) <= 2 * 20
    assert 150 <= counted()[401] <= 300


def test_a_delivery_that_could_not_be_stored_is_counted_when_the_database_is_back(client: Client, store: Store) -> None:
    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("INSERT"):
            raise DatabaseError("disk full")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail):
        assert ring(client, store) == 503
    assert counted() == {}
    assert ring(client, store) == 200
    assert counted() == {503: 1}


def test_an_accepted_delivery_pays_nothing_for_those_that_were_refused(
    client: Client, store: Store, django_assert_max_num_queries: Any
) -> None:
    for _ in range(15):
        ring(client, store, secret="wrong")
    with django_assert_max_num_queries(2):
        assert ring(client, store) == 200
