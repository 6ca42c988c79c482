"""Since when a credential is set."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.models import ExactGrant, Store
from tests.acme import Acme
from tests.models.test_credentials import backdate


@pytest.mark.parametrize("model", [Store, ExactGrant])
def test_typing_a_new_one_notes_it_and_the_page_says_so(
    model: type[Store] | type[ExactGrant], acme: Acme, owner: Client
) -> None:
    row = model.objects.get()
    backdate(row)
    address = reverse(f"admin:connector_{model._meta.model_name}_change", args=[row.pk])
    assert "client secret: <strong>set</strong> on 2 Jan 2020" in owner.get(address).content.decode()
    typed = {"name": row.name, "webhook_auth": "either", "client_id": row.client_id}
    assert owner.post(address, typed | {"new_client_secret": "typed-by-hand"}).status_code == 302
    changed = model.objects.get()
    assert changed.client_secret == "typed-by-hand"
    today = database_now()
    assert changed.credentials_set["client_secret"].startswith(f"{today:%Y-%m-%d}")
    there = today.astimezone(ZoneInfo(acme.store.tenant.timezone))
    assert f"client secret: <strong>set</strong> on {there.day} {there:%b %Y}" in owner.get(address).content.decode()


def test_tokens_are_as_old_as_their_last_refresh(acme: Acme, owner: Client) -> None:
    grant = ExactGrant.objects.get()
    backdate(grant)
    ExactGrant.objects.update(refreshed_at=datetime.fromisoformat("2021-05-06T07:08:09+00:00"))
    page = owner.get(reverse("admin:connector_exactgrant_change", args=[grant.pk])).content.decode()
    assert "refresh token: <strong>set</strong> on 6 May 2021, 09:08" in page
