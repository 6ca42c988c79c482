"""A store is added in the portal, with what it says of itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow import alerts
from connector.models import Alert, Store
from connector.problems.alerts import AlertCode, alert_text
from tenants.fields import sealed_for
from tenants.models import Tenant
from tests.acme import Acme
from tests.consents import page, shown
from tests.factories import StoreFactory, TenantFactory

Member = Callable[[str, Tenant], Client]
Captured = Callable[..., Any]


def removed(client: Client, store: Store) -> Any:
    """Press Delete at a store, and confirm."""
    return client.post(reverse("admin:connector_store_delete", args=[store.pk]), {"post": "yes"})


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

    def test_a_whole_api_path_is_taken(self, acme: Acme, owner: Client) -> None:
        pasted = "https://api.bigcommerce.com/stores/nltrade1/v3/"
        owner.post(reverse("admin:connector_store_add"), self.form(acme, store_hash=pasted))
        assert Store.objects.filter(store_hash="nltrade1").exists()

    def test_one_that_is_not_connected_is_removed(self, acme: Acme, owner: Client, member: Member) -> None:
        wrong = StoreFactory.create(tenant=acme.store.tenant)
        assert removed(member("accountant", acme.store.tenant), wrong).status_code == 403
        assert removed(owner, acme.store).status_code == 403
        assert removed(owner, wrong).status_code == 302
        assert list(Store.objects.all()) == [acme.store]

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
        Store.objects.update(state="reconnect", access_token=sealed_for(acme.store, "access_token", "dead-token"))
        said = alert_text(AlertCode.STORE_REFUSES, store="Shop", error="It is refused.")
        alerts.raise_alert(acme.store.tenant, alerts.about(acme.store), said)
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


@pytest.mark.parametrize("given", ["stores/abc123/x y", "ABC", "", "abc/../ x"])
def test_an_odd_store_hash_is_reported_in_the_form(owner: Client, given: str) -> None:
    fields = {"name": "Shop", "store_hash": given, "prefix": "SHP", "client_id": "c", "webhook_auth": "either"}
    response = owner.post(
        reverse("admin:connector_store_add"), {**fields, "new_client_secret": "s", "new_access_token": "t"}
    )
    assert response.status_code == 200
