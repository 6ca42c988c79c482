"""Requests of machines pass nothing that only pages need, and a probe may come without https."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

PROBES = ("/healthz", "/readyz", "/metrics")
HOOK = "/webhooks/bigcommerce/00000000-0000-4000-8000-000000000000/"


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PROBES, HOOK])
def test_no_session_no_language_and_no_rule_for_pages_is_looked_for(client: Client, address: str) -> None:
    client.cookies["sessionid"] = "of-nobody"
    answer = client.get(address)
    assert not answer.cookies
    assert not {"Vary", "Content-Security-Policy", "X-Frame-Options"} & set(answer.headers)
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_the_figures_are_not_compressed(client: Client) -> None:
    answer = client.get("/metrics", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert len(answer.content) > 1000  # pages of that size are


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "redirected"), [*((probe, False) for probe in PROBES), (HOOK, True)])
def test_a_probe_alone_needs_no_https(settings: Settings, address: str, redirected: bool) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert (Client().get(address).status_code == 301) is redirected


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/webhooks/nowhere/", "/metricsandmore"])
def test_another_address_that_begins_like_one_is_a_page(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert {"Content-Security-Policy", "X-Frame-Options"} <= set(answer.headers)
