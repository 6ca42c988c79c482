"""The answers of the address for Exact's webhooks: for every address, method, size, hash and shape."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django_q.models import OrmQ
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from connector.flow.clock import database_now
from connector.models import Division, ExactDelivery, ExactGrant
from connector.sandbox.exact.webhooks import signed
from tests.factories import DivisionFactory

SECRET = "webhook-secret-of-acme"
KEY = "3c9a2f0e-8f64-4a55-9c0e-2f1b6d7a4e01"
Ring = Callable[..., Any]


@pytest.fixture
def division(db: None) -> Division:
    """A division of Acme's consent, with an address and the app's secret."""
    return DivisionFactory.create(code=123456, webhook_uuid=uuid.uuid4(), grant__webhook_secret=SECRET)


@pytest.fixture
def ring(division: Division, client: Client) -> Ring:
    """Send something to the division's address, by default an authentic change of an account."""

    def send(body: bytes | None = None, *, method: str = "POST", path: str = "", **options: Any) -> Any:
        raw = proved() if body is None else body
        kind = options.pop("type", "application/json")
        return client.generic(method, path or f"/webhooks/exact/{division.webhook_uuid}/", raw, kind, **options)

    return send


def content(**changes: Any) -> bytes:
    whole = {
        "Topic": "Accounts",
        "ClientId": "6f1d3c0a-5b7e-4e0c-9a51-3f2d7c8b9e10",
        "Division": 123456,
        "Action": "Update",
        "Key": KEY,
        "ExactOnlineEndpoint": f"https://start.exactonline.nl/api/v1/123456/crm/Accounts(guid'{KEY}')",
        "EventCreatedOn": "2026-06-25T16:31:00.22",
    }
    return json.dumps({**whole, **changes}, separators=(",", ":")).encode()


def proved(**changes: Any) -> bytes:
    return signed(content(**changes), SECRET)


def of_size(size: int) -> bytes:
    """A proved body of so many bytes."""
    return proved(ExactOnlineEndpoint="x" * (size - len(proved(ExactOnlineEndpoint=""))))


def test_a_changed_account_gets_200_with_an_empty_body_and_is_in_the_inbox(ring: Ring, division: Division) -> None:
    response = ring()
    assert (response.status_code, response.content) == (200, b"")
    delivery = ExactDelivery.objects.get(division=division)
    assert (delivery.topic, delivery.action, delivery.record_id) == ("Accounts", "Update", KEY)
    assert delivery.processed_at is None


def test_the_empty_body_of_a_new_subscription_gets_200_and_stores_nothing(ring: Ring) -> None:
    for kind in ("application/json", ""):
        assert ring(b"", type=kind).status_code == 200
    assert not ExactDelivery.objects.exists()


def test_an_address_that_no_division_has_is_404_whatever_the_method(ring: Ring) -> None:
    nowhere = f"/webhooks/exact/{uuid.uuid4()}/"
    assert ring(path=nowhere).status_code == 404
    assert ring(path=nowhere, method="GET").status_code == 404
    assert ring(b"", path=nowhere).status_code == 404
    assert ring(path="/webhooks/exact/not-a-uuid/").status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_405(ring: Ring, method: str) -> None:
    assert ring(method=method).status_code == 405


def test_the_media_type_does_not_matter(ring: Ring) -> None:
    assert ring(type="text/plain").status_code == 200


def test_a_body_of_64_kib_is_taken_and_one_byte_more_is_413(ring: Ring) -> None:
    body = of_size(64 * 1024)
    assert len(body) == 65536
    assert ring(body).status_code == 200
    assert ring(of_size(64 * 1024 + 1)).status_code == 413
    assert ring(b"x" * 65537).status_code == 413
    assert ExactDelivery.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [b"rubbish", b"{}", b" ", content(), signed(content(), "another"), proved().replace(b"Update", b"Delete")],
)
def test_a_wrong_hash_is_401_even_when_the_body_is_rubbish(ring: Ring, body: bytes) -> None:
    assert ring(body).status_code == 401
    assert not ExactDelivery.objects.exists()


def test_without_a_secret_every_body_is_401_and_the_empty_one_is_not(ring: Ring) -> None:
    ExactGrant.objects.update(webhook_secret="")
    assert ring(signed(content(), "")).status_code == 401
    assert ring().status_code == 401
    assert ring(b"").status_code == 200


def test_a_hash_in_lower_case_is_right(ring: Ring) -> None:
    head, code = proved().rsplit(b'"HashCode":"', 1)
    assert ring(head + b'"HashCode":"' + code.lower()).status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"not json",
        b"[]",
        b'"text"',
        content()[:-1],
        content(Division="123456"),
        content(Key="no guid"),
        content(Topic=None),
        content(Action="\ud800"),
        b"[" * 30_000 + b"]" * 30_000,
        b"\xff\xfe",
    ],
)
def test_a_proved_content_of_another_shape_is_400(ring: Ring, raw: bytes) -> None:
    assert ring(signed(raw, SECRET)).status_code == 400
    assert not ExactDelivery.objects.exists()


def test_a_proved_content_about_another_division_is_401(ring: Ring) -> None:
    assert ring(proved(Division=654321)).status_code == 401
    assert not ExactDelivery.objects.exists()


def test_a_delivery_that_waits_and_comes_again_changes_nothing(ring: Ring, division: Division) -> None:
    assert ring().status_code == 200
    Division.objects.update(woken_at=None)
    OrmQ.objects.all().delete()
    before = ExactDelivery.objects.values().get()
    assert ring().status_code == 200
    assert ExactDelivery.objects.values().get() == before
    assert not OrmQ.objects.exists()


def test_a_delivery_that_was_processed_and_comes_again_is_processed_once_more(ring: Ring, division: Division) -> None:
    ring()
    Division.objects.update(woken_at=None)
    ExactDelivery.objects.update(processed_at=database_now())
    OrmQ.objects.all().delete()
    assert ring().status_code == 200
    assert ExactDelivery.objects.get().processed_at is None
    assert OrmQ.objects.count() == 1


def test_the_same_change_again_is_another_delivery(ring: Ring) -> None:
    ring()
    assert ring(proved(EventCreatedOn="2026-06-25T16:31:01.22")).status_code == 200
    assert ExactDelivery.objects.count() == 2


def test_either_spelling_of_an_action_is_taken(ring: Ring) -> None:
    for action in ("Update", "UPDATE", "Delete", "DELETE"):
        assert ring(proved(Action=action)).status_code == 200
    assert ExactDelivery.objects.count() == 4


def test_another_topic_is_stored_and_wakes_nobody(ring: Ring) -> None:
    assert ring(proved(Topic="Items")).status_code == 200
    assert ExactDelivery.objects.get().processed_at is not None
    assert not OrmQ.objects.exists()


def test_the_lane_is_woken_once(ring: Ring, division: Division) -> None:
    ring()
    ring(proved(Action="Delete"))
    assert [queued.task["args"] for queued in OrmQ.objects.all()] == [(division.pk,)]


@pytest.mark.parametrize("fails", ["SELECT", "INSERT"])
def test_what_cannot_be_stored_is_503_and_nothing_else(ring: Ring, fails: str) -> None:
    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(fails):
            raise DatabaseError("disk full")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail):
        assert ring().status_code == 503


def test_a_secret_whose_key_is_lost_is_503(ring: Ring) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE connector_exactgrant SET webhook_secret = 'of a lost key'")
    assert ring().status_code == 503
    assert ring(b"").status_code == 200


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda raw: signed(raw, SECRET)))
def test_no_body_is_ever_a_server_error(ring: Ring, body: bytes) -> None:
    assert ring(body).status_code in {200, 400, 401}
