"""What machines ask for is answered past the pages' middleware, and a probe may come without https."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

PROBES = ("/healthz", "/readyz", "/metrics")
HOOK = "/webhooks/bigcommerce/00000000-0000-4000-8000-000000000000/"


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PROBES, HOOK])
def test_no_page_and_no_language_is_looked_for(client: Client, address: str) -> None:
    answer = client.get(address)
    assert not {"Vary", "Content-Security-Policy"} & set(answer.headers)


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "redirected"), [*((probe, False) for probe in PROBES), (HOOK, True)])
def test_a_probe_alone_needs_no_https(settings: Settings, address: str, redirected: bool) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert (Client().get(address).status_code == 301) is redirected


def test_another_address_that_begins_like_one_is_a_page(client: Client) -> None:
    answer = client.get("/metricsandmore")
    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer.headers
