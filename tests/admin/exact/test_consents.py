"""The page of a consent: its days left, and credentials that are entered and never shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.models import ConsentRequest, Division, ExactGrant
from tenants.models import Tenant
from tests.acme import Acme
from tests.consents import days_left, grant_of, page, shown
from tests.factories import DivisionFactory, ExactGrantFactory, MembershipFactory

Member = Callable[[str, Tenant], Client]


class TestTheGrantsPage:
    """What the page shows to every role."""

    def test_it_tells_how_long_the_tokens_last(self, acme: Acme, owner: Client, member: Member) -> None:
        days_left(12.5)
        for client in (owner, member("viewer", acme.store.tenant)):
            text = shown(client, page(grant_of(acme)))
            assert "12 days left" in text
            assert "with the first call after" in text
            assert "Robin Zandbak" in text

    def test_it_tells_how_many_calls_are_used_today(self, acme: Acme, owner: Client) -> None:
        now = database_now()
        Division.objects.update(day_calls_limit=5000, day_calls_left=4711, day_calls_read_at=now)
        assert "289 of 5000" in shown(owner, page(grant_of(acme)))
        Division.objects.update(day_calls_read_at=now - timedelta(days=1))
        assert "not known today" in shown(owner, page(grant_of(acme)))

    def test_the_budget_comes_with_each_call(self, acme: Acme) -> None:
        acme.ring(1001)
        acme.drain()
        division = Division.objects.get()
        used = keep_alive.calls_today(division, database_now())
        assert division.day_calls_limit == 100_000
        assert used is not None
        assert used > 0

    def test_no_token_and_no_secret_is_on_it(self, acme: Acme, owner: Client) -> None:
        grant = grant_of(acme)
        text = shown(owner, page(grant)) + shown(owner, reverse("admin:connector_exactgrant_changelist"))
        for secret in (grant.client_secret, grant.access_token, grant.refresh_token, grant.webhook_secret):
            assert secret
            assert secret not in text


class TestCredentials:
    """They are entered, tried and stored, and never shown."""

    def test_an_empty_client_secret_keeps_the_present_one(self, acme: Acme, owner: Client) -> None:
        grant = grant_of(acme)
        assert owner.post(page(grant), {"name": "Renamed", "new_client_secret": ""}).status_code == 302
        assert (grant_of(acme).name, grant_of(acme).client_secret) == ("Renamed", grant.client_secret)
        assert owner.post(page(grant), {"name": "Renamed", "new_client_secret": "fresh-one"}).status_code == 302
        assert grant_of(acme).client_secret == "fresh-one"
        assert "fresh-one" not in shown(owner, page(grant))

    def test_the_webhook_secret_is_entered_kept_and_never_shown(self, acme: Acme, owner: Client) -> None:
        grant = grant_of(acme)
        form = {"name": "Renamed", "new_client_secret": "", "new_webhook_secret": ""}
        assert owner.post(page(grant), form).status_code == 302
        assert grant_of(acme).webhook_secret == grant.webhook_secret
        assert owner.post(page(grant), {**form, "new_webhook_secret": "of-the-app"}).status_code == 302
        assert (grant_of(acme).webhook_secret, grant_of(acme).client_secret) == ("of-the-app", grant.client_secret)
        assert "of-the-app" not in shown(owner, page(grant))

    def test_a_new_consent_needs_no_webhook_secret(self, owner: Client) -> None:
        form = {"name": "Second", "region": "nl", "client_id": "a", "new_client_secret": "b"}
        assert owner.post(reverse("admin:connector_exactgrant_add"), form).status_code == 302
        assert ExactGrant.objects.get(name="Second").webhook_secret == ""

    def test_a_typed_secret_does_not_come_back_with_a_refused_form(self, acme: Acme, owner: Client) -> None:
        answer = owner.post(page(grant_of(acme)), {"name": "", "new_client_secret": "fresh-one"})
        assert answer.status_code == 200
        assert "fresh-one" not in answer.content.decode()

    def test_saving_writes_no_column_of_the_worker(self, acme: Acme, owner: Client, monkeypatch: Any) -> None:
        grant = grant_of(acme)

        def meanwhile(*args: Any) -> None:
            ExactGrant.objects.update(lease_token=99)

        monkeypatch.setattr("tenants.scoped_admin.ScopedForm.check_row", meanwhile)
        owner.post(page(grant), {"name": "Renamed", "new_client_secret": ""})
        assert (grant_of(acme).name, grant_of(acme).lease_token) == ("Renamed", 99)

    def test_others_find_no_field_for_a_secret(self, acme: Acme, member: Member) -> None:
        client = member("viewer", acme.store.tenant)
        for row in (grant_of(acme), acme.store):
            assert "new_client_secret" not in shown(client, page(row))
            assert client.post(page(row), {"name": "x", "new_client_secret": "y"}).status_code == 403

    def test_a_region_is_one_of_exacts(self, owner: Client) -> None:
        form = {"name": "Second", "region": "xx", "client_id": "a", "new_client_secret": "b"}
        assert owner.post(reverse("admin:connector_exactgrant_add"), form).status_code == 200
        assert ExactGrant.objects.count() == 1

    @pytest.mark.parametrize("missing", ["name", "client_id", "new_client_secret"])
    def test_a_new_grant_needs_everything(self, missing: str, owner: Client) -> None:
        form = {"name": "Second", "region": "nl", "client_id": "a", "new_client_secret": "b"} | {missing: ""}
        assert owner.post(reverse("admin:connector_exactgrant_add"), form).status_code == 200
        assert ExactGrant.objects.count() == 1

    def test_two_grants_have_two_names(self, acme: Acme, owner: Client) -> None:
        form = {"name": grant_of(acme).name, "region": "nl", "client_id": "a", "new_client_secret": "b"}
        assert owner.post(reverse("admin:connector_exactgrant_add"), form).status_code == 200
        assert ExactGrant.objects.count() == 1


class TestAWrongOne:
    """A typing error does not stay for ever."""

    def test_an_app_is_corrected_until_the_consent_is_given(self, db: None, client: Client) -> None:
        owner = MembershipFactory.create()
        client.force_login(owner.user)
        grant = ExactGrantFactory.create(tenant=owner.tenant, state="reconnect")
        client.post(page(grant), {"name": grant.name, "region": "be", "client_id": "right"})
        grant.refresh_from_db()
        assert (grant.region, grant.client_id) == ("be", "right")
        ExactGrant.objects.update(consented_at=database_now())
        client.post(page(grant), {"name": grant.name, "region": "nl", "client_id": "another"})
        grant.refresh_from_db()
        assert (grant.region, grant.client_id) == ("be", "right")

    def test_a_consent_without_divisions_is_removed(self, db: None, client: Client) -> None:
        owner = MembershipFactory.create()
        client.force_login(owner.user)
        grant = ExactGrantFactory.create(tenant=owner.tenant, state="reconnect")
        asked = {"tenant": owner.tenant, "user": owner.user, "expires_at": database_now()}
        ConsentRequest.objects.create(grant=grant, **asked)
        address = reverse("admin:connector_exactgrant_delete", args=[grant.pk])
        division = DivisionFactory.create(grant=grant)
        assert client.post(address, {"post": "yes"}).status_code == 403
        division.delete()
        assert client.post(address, {"post": "yes"}).status_code == 302
        assert not ExactGrant.objects.exists()
