"""The proof of Exact's webhook, and what its content says."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from connector.clients.exact.webhook import BadShape, Event, prove, read_event

SECRET = "webhook-secret-of-the-app"
KEY = "3c9a2f0e-8f64-4a55-9c0e-2f1b6d7a4e01"
CONTENT: dict[str, Any] = {
    "Topic": "Accounts",
    "ClientId": "6f1d3c0a-5b7e-4e0c-9a51-3f2d7c8b9e10",
    "Division": 123456,
    "Action": "Update",
    "Key": KEY,
    "ExactOnlineEndpoint": f"https://start.exactonline.nl/api/v1/123456/crm/Accounts(guid'{KEY}')",
    "EventCreatedOn": "2026-06-25T16:31:00.22",
}


def raw(**changes: object) -> bytes:
    return json.dumps({**CONTENT, **changes}, separators=(",", ":")).encode()


def hashed(content: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest().upper()


def body(content: bytes, code: str = "") -> bytes:
    return b'{"Content":' + content + b',"HashCode":"' + (code or hashed(content)).encode() + b'"}'


def test_a_right_hash_gives_the_content_as_it_was_sent() -> None:
    assert prove(body(raw()), SECRET) == raw()
    odd = b'{ "Topic" : "Accounts",\n"Key":"\\u0041" }'
    assert prove(body(odd), SECRET) == odd


def test_the_hash_may_be_in_either_case_and_blanks_may_surround_the_body() -> None:
    assert prove(body(raw(), hashed(raw()).lower()), SECRET) == raw()
    assert prove(b"\r\n" + body(raw()) + b"\n", SECRET) == raw()


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"{}",
        b"rubbish",
        raw(),
        body(raw(), "0" * 64),
        body(raw(), hashed(raw(), "another")),
        body(raw(), hashed(raw())[:-1]),
        body(raw(), "x"),
        body(raw(Division=1), hashed(raw())),
        body(raw())[1:],
        body(raw())[:-1],
        body(raw()) + b"}",
        body(raw()).replace(b'"Content":', b'"Content": '),
        b'{"HashCode":"' + hashed(raw()).encode() + b'","Content":' + raw() + b"}",
        b"\xff" * 100,
    ],
)
def test_anything_else_is_not_proved(wrong: bytes) -> None:
    assert prove(wrong, SECRET) is None


def test_without_a_secret_nothing_is_proved() -> None:
    assert prove(body(raw(), hashed(raw(), "")), "") is None


def test_what_the_content_says() -> None:
    event = read_event(raw(Key=KEY.upper()))
    assert event == Event("Accounts", "Update", 123456, KEY)
    assert not event.deleted
    assert [read_event(raw(Action=action)).deleted for action in ("Delete", "DELETE", "UPDATE")] == [True, True, False]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"Topic":"Accounts"}',
        raw() + b',"Content":{}',
        raw(Division="123456"),
        raw(Division=True),
        raw(Division=1.5),
        raw(Key="1"),
        raw(Key=None),
        raw(Topic=""),
        raw(Topic="Acc\x00unts"),
        raw(Topic="A" * 41),
        raw(Action=["Update"]),
    ],
)
def test_another_shape_is_refused(content: bytes) -> None:
    with pytest.raises(BadShape):
        read_event(content)
