"""What the addresses for webhooks have in common."""

import io
from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from connector.api.webhook_requests import LARGEST_BODY, Malformed, TooLarge, read_body


def request(body: bytes = b"", **meta: Any) -> Request:
    return Request(RequestFactory().generic("POST", "/", body, "application/json", **meta))


def test_a_body_is_read_as_it_was_sent_with_or_without_its_length() -> None:
    assert read_body(request(b"{}")) == b"{}"
    chunked: dict[str, Any] = {"CONTENT_LENGTH": "0", "wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b"{}")}
    assert read_body(request(b"", **chunked)) == b"{}"


def test_too_much_is_refused_before_it_is_read() -> None:
    assert len(read_body(request(b"x" * LARGEST_BODY))) == LARGEST_BODY
    with pytest.raises(TooLarge):
        read_body(request(CONTENT_LENGTH=str(LARGEST_BODY + 1)))


@pytest.mark.parametrize("length", ["-1", "x", "٣", "5"])
def test_a_length_that_is_wrong_is_refused(length: str) -> None:
    broken: dict[str, Any] = {"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO(b"{}")}
    with pytest.raises(Malformed):
        read_body(request(b"", **broken))
