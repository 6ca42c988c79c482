"""Errors have a text for people and show no secret."""

import inspect

import pytest

from connector.clients import errors
from connector.clients.errors import ClientError, Rejected, scrub


def test_an_error_says_what_where_and_in_the_vendors_words() -> None:
    error = ClientError("Refused", endpoint="crm/Accounts", status=400, detail="Verplicht: Naam")
    assert str(error) == "Refused (crm/Accounts, HTTP 400): Verplicht: Naam"
    assert str(ClientError("Refused")) == "Refused"


def test_the_vendors_text_is_cut_after_it_is_scrubbed() -> None:
    error = ClientError("Refused", detail="x" * 495 + "verysecret")
    error.hide(["verysecret"])
    assert error.detail == "x" * 495 + "***"
    assert len(ClientError("Refused", detail="y" * 9000).detail) == 500


def test_secrets_are_hidden_wherever_they_can_show() -> None:
    error = Rejected("No: tok-123456", messages=("bad tok-123456",))
    error.hide(["tok-123456"])
    assert "tok-123456" not in f"{error} {error!r} {error.messages} {error.detail} {error.args}"


@pytest.mark.parametrize(
    "text",
    [
        'sent "access_token":"abc.def-1"',
        "Authorization: Bearer abc.def-1",
        "client_secret=abc.def-1&x=1",
        "X-Auth-Token: abc.def-1",
        "refresh_token = abc.def-1",
    ],
)
def test_what_is_labelled_as_a_secret_is_hidden_without_knowing_it(text: str) -> None:
    assert "abc.def-1" not in scrub(text)


def test_the_longest_secret_goes_first_and_tiny_ones_leave_the_text_readable() -> None:
    assert scrub("abcdefgh", ["abcd", "abcdefgh"]) == "***"
    assert scrub("a sentence", ["a"]) == "a sentence"


def test_every_class_says_its_consequence() -> None:
    classes = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ClientError)]
    assert len(classes) == 14
    assert all(kind.__doc__ for kind in classes)
