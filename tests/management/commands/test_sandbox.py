"""`manage.py sandbox`: what it prints is enough to set the portal up by hand, and --ring delivers an order."""

from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from connector.management.commands.sandbox import what_to_type
from connector.sandbox import Sandbox
from connector.sandbox.catalogue import SHOPS
from connector.sandbox.exact.service import CLIENT_ID, CLIENT_SECRET


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def test_the_two_addresses_come_first_as_lines_of_the_env_file(sandbox: Sandbox) -> None:
    first = list(what_to_type(sandbox))[:2]
    assert first == [f"BIGCOMMERCE_API_URL={sandbox.store_url}", f"EXACT_ONLINE_URL={sandbox.exact_url}"]


def test_everything_that_a_person_has_to_type_is_printed(sandbox: Sandbox, settings: LazySettings) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8123"
    text = "\n".join(what_to_type(sandbox))
    needed = [CLIENT_ID, CLIENT_SECRET, "http://127.0.0.1:8123/oauth/exact/callback/", "--ring 1001"]
    needed += [str(code) for code in sandbox.exact.divisions]
    for shop in SHOPS:
        needed += [shop.store_hash, shop.client_id, shop.client_secret, shop.access_token, shop.prefix]
        needed += [f"{sandbox.store_url}/stores/{shop.store_hash}/v3/"]
    assert not [word for word in needed if word not in text]


def test_a_delivery_that_fails_says_what_to_do(sandbox: Sandbox) -> None:
    port = str(urlsplit(sandbox.store_url).port)
    with pytest.raises(CommandError, match="add the store in the portal"):
        call_command("sandbox", "--ring", "1001", "--port-store", port)


def test_a_delivery_without_a_receiver_is_a_failure(sandbox: Sandbox) -> None:
    store = sandbox.stores.store("nlshop1")
    store.hooks[1] = {
        "id": 1,
        "client_id": store.shop.client_id,
        "scope": "store/order/created",
        "destination": "http://127.0.0.1:1/",
        "is_active": True,
        "headers": None,
    }
    out, port = StringIO(), str(urlsplit(sandbox.store_url).port)
    with pytest.raises(CommandError):
        call_command("sandbox", "--ring", "1001", "--store", "nlshop1", "--port-store", port, stdout=out)
    assert "make run" in out.getvalue()
