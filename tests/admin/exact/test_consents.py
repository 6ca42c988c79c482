"""Consents: their days left, warnings and refreshes. Credentials: entered, and never shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from connector.admin.home import banner
from connector.flow import alerts, leases
from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.flow.outbound import reconnect
from connector.flow.worker import sweep
from connector.models import Alert, Division, ExactGrant, Store
from tenants.models import Tenant
from tests.acme import Acme
from tests.factories import ExactGrantFactory, TenantFactory

TOKEN = "*/oauth2/token"
Member = Callable[[str, Tenant], Client]
Captured = Callable[..., Any]


def grant_of(acme: Acme) -> ExactGrant:
    return ExactGrant.objects.get(pk=acme.connection.division.grant_id)


def page(row: Store | ExactGrant) -> str:
    return reverse(f"admin:connector_{row._meta.model_name}_change", args=[row.pk])


def days_left(days: float) -> None:
    """Set the days that the refresh token has left."""
    ends = database_now() + timedelta(days=days)
    ExactGrant.objects.update(
        refresh_expires_at=ends, refreshed_at=ends - timedelta(days=30), access_expires_at=ends - timedelta(days=30)
    )


def exact_is_down(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("503_html", "POST", TOKEN, times=-1)


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


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
        for secret in (grant.client_secret, grant.access_token, grant.refresh_token):
            assert secret
            assert secret not in text


class TestWarnings:
    """At ten days and at three, once each, when the consent cannot prolong itself."""

    def test_each_threshold_warns_once(self, acme: Acme) -> None:
        exact_is_down(acme)
        days_left(11)
        sweep.sweep()
        assert not Alert.objects.exists()
        days_left(9.5)
        for _ in range(3):
            sweep.sweep()
        assert Alert.objects.get().cause.endswith(":10-days")
        days_left(2.5)
        for _ in range(3):
            sweep.sweep()
        (warning,) = Alert.objects.filter(closed_at=None)
        assert warning.cause.endswith(":3-days")
        assert warning.page == page(grant_of(acme))
        assert len(mail.outbox) == 2

    def test_a_refresh_closes_them(self, acme: Acme) -> None:
        exact_is_down(acme)
        days_left(2)
        sweep.sweep()
        assert Alert.objects.filter(closed_at=None).count() == 1
        acme.sandbox.exact.faults.clear()
        acme.sandbox.exact.advance(600)
        ExactGrant.objects.update(kept_alive_at=None, refresh_after=None)
        sweep.sweep()
        assert not Alert.objects.filter(closed_at=None).exists()

    def test_one_that_has_ended_is_only_reported_as_ended(self, acme: Acme) -> None:
        acme.sandbox.exact.expire_refresh_token()
        acme.sandbox.exact.advance(600)
        days_left(-1)
        sweep.sweep()
        assert grant_of(acme).state == "reconnect"
        assert Alert.objects.get().cause == alerts.about(grant_of(acme))

    def test_when_all_is_well_a_sweep_looks_twice(self, acme: Acme, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(3):  # the clock, the old requests, the idle consents
            keep_alive.look_after()


class TestIdle:
    """A consent that nobody uses is refreshed before it ends."""

    def test_with_fewer_than_twenty_days_it_is_refreshed(self, acme: Acme) -> None:
        days_left(19.9)
        acme.sandbox.exact.advance(600)
        before = grant_of(acme).refresh_token
        sweep.sweep()
        after = grant_of(acme)
        assert after.refresh_token != before
        assert after.refresh_expires_at
        assert after.refresh_expires_at > database_now() + timedelta(days=29)

    def test_with_more_it_is_not(self, acme: Acme) -> None:
        days_left(20.1)
        calls = acme.sandbox.exact.calls.count("POST", TOKEN)
        sweep.sweep()
        assert acme.sandbox.exact.calls.count("POST", TOKEN) == calls

    def test_a_sweep_refreshes_one(self, acme: Acme) -> None:
        days_left(15)
        acme.sandbox.exact.advance(600)
        grant = grant_of(acme)
        grant.pk, grant.name = None, "Second"
        grant.refresh_token = acme.sandbox.exact.issue_refresh_token(grant.client_id)
        grant.save()
        calls = acme.sandbox.exact.calls.count("POST", TOKEN)
        for number in (1, 2, 2):
            sweep.sweep()
            assert acme.sandbox.exact.calls.count("POST", TOKEN) <= calls + number
        soon = database_now() + timedelta(days=20)
        assert not ExactGrant.objects.filter(refresh_expires_at__lt=soon).exists()

    def test_one_that_fails_is_tried_again_after_an_hour(self, acme: Acme) -> None:
        exact_is_down(acme)
        days_left(15)
        calls = acme.sandbox.exact.calls.count("POST", TOKEN)
        for _ in range(3):
            sweep.sweep()
        assert acme.sandbox.exact.calls.count("POST", TOKEN) == calls + 1
        ExactGrant.objects.update(kept_alive_at=database_now() - timedelta(minutes=61), refresh_after=None)
        sweep.sweep()
        assert acme.sandbox.exact.calls.count("POST", TOKEN) == calls + 2

    def test_nothing_waits_for_the_holder_of_the_lease(self, acme: Acme) -> None:
        days_left(15)
        assert leases.acquire(ExactGrant, grant_of(acme).pk)
        sweep.sweep()
        assert grant_of(acme).state == "active"


class TestTheBanner:
    """It is above every page of its organisation, and of no other."""

    def test_it_names_each_side_that_is_not_connected(self, acme: Acme, owner: Client, member: Member) -> None:
        home = reverse("admin:index")
        assert "no longer connected" not in shown(owner, home)
        reconnect.mark_reconnect(grant_of(acme), "It was withdrawn.")
        Store.objects.update(state="reconnect")
        for address in (home, reverse("admin:connector_ordersync_changelist")):
            text = shown(owner, address)
            assert text.count("is no longer connected") == 2
            assert page(grant_of(acme)) in text
            assert page(acme.store) in text
        outsider = member("owner", TenantFactory.create())
        assert "no longer connected" not in shown(outsider, home)
        assert "is not connected" not in Client().get(home, follow=True).content.decode()

    def test_a_person_who_may_not_connect_sees_who_may(self, acme: Acme, member: Member) -> None:
        Store.objects.update(state="reconnect")
        text = shown(member("operator", acme.store.tenant), reverse("admin:connector_ordersync_changelist"))
        owner = acme.store.tenant.memberships.get(role="owner").user.email
        assert f"An owner of your organisation connects it: {owner}." in text
        assert page(acme.store) not in text

    def test_one_that_never_was_is_not_lost(self, acme: Acme, owner: Client) -> None:
        ExactGrantFactory.create(tenant=acme.store.tenant, name="Second", state="reconnect")
        text = shown(owner, reverse("admin:connector_ordersync_changelist"))
        assert "Second is not connected yet." in text
        assert "no longer connected" not in text

    def test_a_dead_consent_shows_no_days_left(self, acme: Acme, owner: Client) -> None:
        reconnect.mark_reconnect(grant_of(acme), "It was withdrawn.")
        assert "days left" not in shown(owner, page(grant_of(acme)))

    def test_it_costs_one_query(self, acme: Acme, owner: Client, django_assert_num_queries: Any) -> None:
        request = owner.get(reverse("admin:index")).wsgi_request
        with django_assert_num_queries(1):
            banner.disconnected(request)


class TestCredentials:
    """They are entered, tried and stored, and never shown."""

    def test_an_empty_client_secret_keeps_the_present_one(self, acme: Acme, owner: Client) -> None:
        grant = grant_of(acme)
        assert owner.post(page(grant), {"name": "Renamed", "new_client_secret": ""}).status_code == 302
        assert (grant_of(acme).name, grant_of(acme).client_secret) == ("Renamed", grant.client_secret)
        assert owner.post(page(grant), {"name": "Renamed", "new_client_secret": "fresh-one"}).status_code == 302
        assert grant_of(acme).client_secret == "fresh-one"
        assert "fresh-one" not in shown(owner, page(grant))

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


class TestStores:
    """A store's token is tried before it is stored."""

    def form(self, acme: Acme, **changes: str) -> dict[str, str]:
        whole = acme.sandbox.provision_file(password="alice-has-a-password")
        spec = next(store for store in whole["stores"] if store["store_hash"] == "nltrade1")
        names = ("name", "store_hash", "client_id", "prefix", "webhook_auth")
        typed = {f"new_{name}": spec[name] for name in ("client_secret", "access_token")}
        return {**{name: spec[name] for name in names}, **typed, **changes}

    def test_a_store_is_added_with_what_it_tells_of_itself_and_its_hooks(
        self, acme: Acme, owner: Client, django_capture_on_commit_callbacks: Captured
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            answer = owner.post(reverse("admin:connector_store_add"), self.form(acme))
        assert answer.status_code == 302
        store = Store.objects.get(store_hash="nltrade1")
        assert (store.tenant, store.state, store.currency) == (acme.store.tenant, "active", "EUR")
        assert store.prices_include_tax is not None
        hooks = acme.sandbox.stores.store("nltrade1").hooks.values()
        assert {str(store.webhook_uuid) in str(hook) for hook in hooks} == {True}
        assert store.access_token not in shown(owner, page(store))
        assert store.client_secret not in shown(owner, page(store))

    def test_one_that_does_not_answer_is_not_added(self, acme: Acme, owner: Client) -> None:
        form = self.form(acme, new_access_token="wrong-token-entirely")
        answer = owner.post(reverse("admin:connector_store_add"), form)
        assert answer.status_code == 200
        assert "BigCommerce does not answer as it should" in answer.content.decode()
        assert "wrong-token-entirely" not in answer.content.decode()
        assert Store.objects.count() == 1

    def test_another_organisations_store_is_refused_without_naming_it(
        self, acme: Acme, owner: Client, member: Member
    ) -> None:
        outsider = member("owner", TenantFactory.create())
        form = self.form(acme) | {"store_hash": "nlshop1", "new_access_token": acme.store.access_token}
        answer = outsider.post(reverse("admin:connector_store_add"), form)
        assert answer.status_code == 200
        assert acme.store.tenant.name not in answer.content.decode()
        assert Store.objects.get(store_hash="nlshop1").tenant == acme.store.tenant

    def test_a_working_token_ends_the_reconnect(
        self, acme: Acme, owner: Client, django_capture_on_commit_callbacks: Captured
    ) -> None:
        Store.objects.update(state="reconnect", access_token="dead-token")
        alerts.raise_alert(acme.store.tenant, alerts.about(acme.store), "It is refused.")
        kept = {"name": "Shop", "webhook_auth": "either", "client_id": acme.store.client_id}
        refused = owner.post(page(acme.store), kept | {"new_access_token": "another-dead-one"})
        assert refused.status_code == 200
        assert Store.objects.get().state == "reconnect"
        with django_capture_on_commit_callbacks(execute=True):
            answer = owner.post(page(acme.store), kept | {"new_access_token": acme.store.access_token})
        assert answer.status_code == 302
        store = Store.objects.get()
        assert (store.state, store.access_token) == ("active", acme.store.access_token)
        assert store.client_secret == acme.store.client_secret
        assert not Alert.objects.filter(closed_at=None).exists()

    def test_without_a_new_token_no_vendor_is_asked(self, acme: Acme, owner: Client) -> None:
        calls = acme.store_calls()
        kept = {"name": "Shop", "webhook_auth": "either", "client_id": acme.store.client_id}
        assert owner.post(page(acme.store), kept).status_code == 302
        assert acme.store_calls() == calls
        assert Store.objects.get().access_token == acme.store.access_token
