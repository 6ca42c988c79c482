"""Who may change what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from connector.models import Connection, Division, ExactGrant, MasterData, Store
from tenants.models import Membership, Tenant, User
from tenants.scoped_admin import ScopedModelAdmin
from tests.tenants.world import PLATFORM, World, marked

Browser = Callable[[str], Client]
READ_ONLY = [model for model, one in admin.site._registry.items() if isinstance(one, ScopedModelAdmin) and one.readonly]
STORE = {"name": "Renamed", "webhook_auth": "signature", "client_id": "api-account"}
ADDED_BY_OWNERS = {Store, ExactGrant, Connection}
CONNECTION = {
    "mode": "shadow",
    "schedule": "daily:02:30 window=22:00-06:00",
    "start_date": "2026-01-01",
    "document": "sales_invoice",
    "journal": "70",
    "invoice_date": "order",
    "closed_period": "hold",
    "customer_strategy": "match",
    "guest_strategy": "match",
    "complete_vat": "ours",
    "item_strategy": "sku",
    "rounding_limit": "0.00",
    "vat_rounding": "line",
    "gift_certificates": "multi",
    "b2b_foreign_vat": "hold",
    "payments": "off",
    "refunds": "credit",
    "order_refund_vat": "hold",
    "credit_sign": "quantity",
    "cancellations": "review",
    "edits": "ignore",
}


@pytest.fixture
def journal(acme: World) -> None:
    """A sales journal in the division, which every connection needs."""
    MasterData.objects.create(division=acme.of(Division), kind="journal", code="70", data={"type": 20})


def change(client: Client, row: Model, posted: dict[str, Any]) -> int:
    """Save a row's page; the status: 302 saved, 200 refused with a reason, 403 not allowed."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return client.post(address, posted).status_code


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize(
    ("name", "status"), [("alice", 302), ("adam", 302), ("sue", 302), ("oscar", 403), ("vera", 403), ("charlie", 404)]
)
def test_who_keeps_the_books_changes_the_settings_of_a_connection(
    name: str, status: int, browser: Browser, acme: World
) -> None:
    assert change(browser(name), acme.of(Connection), CONNECTION) == status
    assert (Connection.objects.get(pk=acme.of(Connection).pk).mode == "shadow") is (status == 302)


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 302), ("sue", 302), ("adam", 403), ("oscar", 403), ("vera", 403), ("charlie", 404)]
)
def test_owners_change_the_rest(name: str, status: int, browser: Browser, acme: World) -> None:
    assert change(browser(name), acme.of(Store), STORE) == status
    assert (Store.objects.get(pk=acme.of(Store).pk).name == "Renamed") is (status == 302)
    tenant = {"name": "Acme again", "timezone": "Europe/Paris", "alert_emails": '["a@acme.example"]', "slug": "stolen"}
    tenant |= {"digest_hour": "8", "keep_deliveries_days": "90", "keep_copies_days": "400", "keep_calls_days": "730"}
    assert change(browser(name), acme.tenant, tenant) == status
    acme.tenant.refresh_from_db()
    assert (acme.tenant.name == "Acme again") is (status == 302)
    assert acme.tenant.slug != "stolen"


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_is_read_only_is_so_for_everybody(model: type[Model], browser: Browser, acme: World) -> None:
    for name in ("alice", "sue"):
        unseen = model in PLATFORM and name == "alice"
        assert change(browser(name), acme.of(model), {"_save": "Save"}) == (404 if unseen else 403)


def test_the_ledger_the_inbox_and_the_history_are_read_only() -> None:
    assert {"OrderSync", "SyncEvent", "Delivery", "MasterData", "RuleVersion", "MappingRule", "Alert"} <= {
        model.__name__ for model in READ_ONLY
    }


def test_djangos_own_permissions_count_for_nothing(browser: Browser, people: dict[str, User], acme: World) -> None:
    people["vera"].user_permissions.set(Permission.objects.all())
    people["vera"].is_staff = True
    people["vera"].save()
    assert change(browser("vera"), acme.of(Store), STORE) == 403
    assert browser("vera").get(reverse("admin:tenants_user_changelist")).status_code == 403


@pytest.mark.parametrize("name", ["alice", "adam", "sue"])
def test_owners_add_both_sides_and_nobody_deletes(name: str, browser: Browser, acme: World) -> None:
    client = browser(name)
    for model in admin.site._registry:
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if model not in {Tenant, Membership, User}:
            added = 200 if model in ADDED_BY_OWNERS and name != "adam" else 403
            assert client.get(reverse(f"{stem}_add")).status_code == added, stem
        if model is not Membership:
            assert client.post(reverse(f"{stem}_delete", args=[acme.of(model).pk]), {"post": "yes"}).status_code in {
                403,
                404,
            }, stem


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize(
    ("posted", "complaint"),
    [
        ({"schedule": "whenever"}, "whenever"),
        ({"mode": "sometimes"}, "not one of the available choices"),
        ({"finalize": "on"}, "no invoice template"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    posted: dict[str, str], complaint: str, browser: Browser, acme: World
) -> None:
    Connection.objects.update(invoice_template="")
    address = reverse("admin:connector_connection_change", args=[acme.of(Connection).pk])
    answer = browser("alice").post(address, CONNECTION | posted)
    assert answer.status_code == 200
    assert complaint in answer.content.decode()
    assert Connection.objects.get(pk=acme.of(Connection).pk).mode == "live"


@pytest.mark.usefixtures("journal")
def test_a_store_posts_to_one_division_only(browser: Browser, acme: World) -> None:
    other = marked(Division, "SECOND-ONE", grant=acme.of(Division).grant, region="nl", code=3003)
    shadow = Connection.objects.get(pk=acme.of(Connection).pk)
    shadow.pk, shadow.division, shadow.mode = None, other, "shadow"
    shadow.save()
    MasterData.objects.create(division=other, kind="journal", code="70", data={"type": 20})
    address = reverse("admin:connector_connection_change", args=[shadow.pk])
    answer = browser("alice").post(address, CONNECTION | {"mode": "live"})
    assert "posts the orders of this store already" in answer.context["adminform"].form.errors["mode"][0]
    shadow.refresh_from_db()
    assert shadow.mode == "shadow"
