"""Requests of machines pass nothing that only pages need."""

from uuid import uuid4

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("address", [f"/webhooks/bigcommerce/{uuid4()}/", "/healthz", "/readyz", "/metrics"])
def test_neither_a_session_nor_a_rule_for_pages_touches_it(client: Client, address: str) -> None:
    client.cookies["sessionid"] = "of-nobody"
    answer = client.get(address)
    assert not answer.cookies
    assert "X-Frame-Options" not in answer
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_an_address_that_there_is_not_is_a_page(client: Client) -> None:
    answer = client.get("/webhooks/nowhere/")
    assert answer.status_code == 404
    assert "X-Frame-Options" in answer
