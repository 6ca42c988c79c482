"""What is pasted from a store's control panel, as people paste it."""

import pytest

from connector.clients.bigcommerce.credentials_file import read_credentials_file, read_store_hash

FILE = """ACCESS TOKEN: token-1
CLIENT NAME: ml-connector
CLIENT ID: id_1
CLIENT SECRET: secret-1
NAME: ml-connector
API PATH: https://api.bigcommerce.com/stores/abc123/v3/
"""
ALL = {"access_token": "token-1", "client_id": "id_1", "client_secret": "secret-1", "store_hash": "abc123"}


@pytest.mark.parametrize(
    "text",
    [
        FILE,
        "\ufeff" + FILE.replace("\n", "\r\n"),
        FILE.lower(),
        "\n".join(reversed(FILE.splitlines())),
        FILE.replace(": ", " :   ").replace("CLIENT ID", "client_id"),
    ],
    ids=["as downloaded", "from Windows", "in small letters", "in another order", "in another hand"],
)
def test_the_whole_file_is_understood(text: str) -> None:
    assert read_credentials_file(text) == ALL


def test_a_line_without_its_value_is_left_out() -> None:
    assert read_credentials_file(FILE.replace("token-1", "")) == {key: ALL[key] for key in ALL if key != "access_token"}


def test_a_text_that_is_something_else_has_nothing() -> None:
    assert read_credentials_file("Dear customer,\nplease pay at once.") == {}


@pytest.mark.parametrize(
    "typed",
    [
        "abc123",
        " ABC123 ",
        "/stores/abc123",
        "https://api.bigcommerce.com/stores/abc123/v3/",
        "https://store-abc123.mybigcommerce.com/manage",
        "https://store-abc123-1.mybigcommerce.com/",
    ],
)
def test_a_stores_hash_is_found_where_it_stands(typed: str) -> None:
    assert read_store_hash(typed) == "abc123"


@pytest.mark.parametrize("typed", ["", "v3", "https://shop.example/", "abc-123"])
def test_what_has_no_hash_has_none(typed: str) -> None:
    assert read_store_hash(typed) == ""


def test_a_text_of_blank_lines_is_read_once() -> None:
    """Read again from every line, these would take minutes."""
    assert read_credentials_file("\n" * 20_000 + " \n-" * 20_000 + FILE) == ALL
