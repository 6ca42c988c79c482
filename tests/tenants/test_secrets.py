"""No page shows a stored secret, and no page needs one."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from connector.models import ExactGrant, Store
from tenants.models import User
from tests.tenants.addresses import addresses
from tests.tenants.test_outsider_walk import lists
from tests.tenants.world import SECRET, World

CIPHERTEXT = "b1."  # every stored secret begins so


@pytest.mark.parametrize("name", ["alice", "vera", "sue"])
def test_no_page_shows_a_secret(name: str, browser: Callable[[str], Client], acme: World) -> None:
    assert acme.of(Store).client_secret == f"{SECRET}-client_secret"
    client = browser(name)
    for address in [*addresses(acme), *(f"{one}?_popup=1" for one in lists())]:
        page = b"".join(client.get(address)).decode(errors="replace")  # some are files
        assert SECRET not in page, address
        assert CIPHERTEXT not in page, address


def test_a_refused_form_shows_no_secret(browser: Callable[[str], Client], acme: World) -> None:
    for model in (Store, ExactGrant):
        address = reverse(f"admin:connector_{model._meta.model_name}_change", args=[acme.of(model).pk])
        answer = browser("alice").post(address, {"name": "", "client_secret": "", "webhook_auth": "?"})
        assert answer.status_code == 200
        assert "This field is required" in answer.content.decode()
        assert SECRET not in answer.content.decode()


def test_saving_a_page_leaves_the_secrets_alone(browser: Callable[[str], Client], acme: World) -> None:
    store = acme.of(Store)
    before = Store.objects.values().get(pk=store.pk)
    posted = {"name": "Shop", "webhook_auth": "secret", "client_secret": "stolen", "hook_secret": "stolen"}
    posted["client_id"] = store.client_id
    assert browser("alice").post(reverse("admin:connector_store_change", args=[store.pk]), posted).status_code == 302
    after = Store.objects.values().get(pk=store.pk)
    assert after == before | {"name": "Shop", "webhook_auth": "secret"}


def test_the_page_tells_whether_a_secret_is_set(browser: Callable[[str], Client], acme: World) -> None:
    Store.objects.filter(pk=acme.of(Store).pk).update(access_token="")
    page = browser("vera").get(reverse("admin:connector_store_change", args=[acme.of(Store).pk])).content.decode()
    assert "client secret: <strong>set</strong>" in page
    assert "access token: <strong>not set</strong>" in page


def test_pages_are_there_without_the_key(
    browser: Callable[[str], Client], acme: World, people: dict[str, User], settings: Settings
) -> None:
    settings.SALT_KEY = ["another-salt"]
    client = browser("alice")  # who logs in again: a session is encrypted too
    for address in addresses(acme):
        if "webhooks" not in address:
            assert client.get(address).status_code in {200, 302, 400, 403, 404, 405, 503}, address
    assert client.post(
        reverse("admin:connector_store_change", args=[acme.of(Store).pk]),
        {"name": "Shop", "webhook_auth": "secret", "client_id": "api-account"},
    ).has_header("Location")
