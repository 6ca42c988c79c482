"""All rows are seen through the scoped admin: no new admin class or field may avoid it."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.core.paginator import Paginator
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst
from unfold.admin import ModelAdmin

from config.navigation import UNFOLD
from connector.models import Store
from tenants.fields import SecretField
from tenants.models import TENANT_SETTINGS, Tenant
from tenants.scoped_admin import PlatformModelAdmin, ReadOnlyInline, ScopedModelAdmin
from tenants.site import PortalSite
from tests.tenants.access import CLASSES, NAMED, ROUTES, VISITORS, class_of, classified
from tests.tenants.world import PLATFORM, World

OURS = [model for model in apps.get_models() if model._meta.app_label in {"tenants", "connector"}]
SECRETS = {(m, f.name) for m in apps.get_models() for f in m._meta.fields if isinstance(f, SecretField)}


def test_the_portal_is_the_default_site() -> None:
    assert isinstance(admin.site, PortalSite)


def test_every_model_of_ours_is_registered_through_the_door_and_no_other_model() -> None:
    assert set(admin.site._registry) == set(OURS)
    for registered in admin.site._registry.values():
        assert isinstance(registered, ScopedModelAdmin)
        assert registered.paginator is not Paginator
        assert not registered.show_full_result_count
        assert registered.date_hierarchy is None
        assert all(name.endswith("__exact") for name in registered.search_fields)
        assert all(issubclass(inline, ReadOnlyInline) for inline in registered.inlines)


def test_only_people_belong_to_no_organisation() -> None:
    unscoped = {
        model for model, registered in admin.site._registry.items() if isinstance(registered, PlatformModelAdmin)
    }
    assert unscoped == set(PLATFORM)


def test_the_site_refuses_a_model_of_ours_by_another_door() -> None:
    site = PortalSite("other")
    with pytest.raises(ImproperlyConfigured, match="Store must be registered"):
        site.register(Store, ModelAdmin)
    site.register(Group)
    assert not site._registry


def test_the_tenant_path_of_every_model_leads_to_its_tenant(acme: World, rival: World) -> None:
    for model, registered in admin.site._registry.items():
        assert isinstance(registered, ScopedModelAdmin)
        if not isinstance(registered, PlatformModelAdmin):
            rows = model._base_manager.filter(**{registered.tenant_path: acme.tenant.pk})
            assert set(rows) >= {acme.of(model)}, model
            assert rival.of(model) not in rows, model


def test_there_are_secrets_to_guard() -> None:
    assert len(SECRETS) >= 7


@pytest.mark.parametrize(("model", "name"), sorted(SECRETS, key=str))
def test_a_secret_is_write_only(model: type[Model], name: str, acme: World, browser: Callable[[str], Client]) -> None:
    request = browser("alice").get("/admin/").wsgi_request
    registered = admin.site._registry[model]
    shown = {
        *flatten_fieldsets(registered.get_fieldsets(request, acme.of(model))),
        *registered.list_display,
        *registered.search_fields,
        *registered.list_filter,
        *registered.get_form(request, acme.of(model), change=True).base_fields,
    }
    assert name not in shown
    assert not registered.lookup_allowed(f"{name}__startswith", "x", request)
    assert name in registered.get_queryset(request).get(pk=acme.of(model).pk).get_deferred_fields()


def test_the_side_bar_calls_each_page_by_its_own_name() -> None:
    pages = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"): model
        for model in admin.site._registry
    }
    links = [item for group in UNFOLD["SIDEBAR"]["navigation"] for item in group["items"]]
    assert links
    for link in links:
        assert link["title"] == capfirst(str(pages[str(link["link"])]._meta.verbose_name_plural))


def test_every_address_has_a_class_and_every_class_an_address() -> None:
    found = list(classified())
    assert {kind for kind, _route, _entry in found} == set(CLASSES)
    assert {entry.name for _kind, _route, entry in found} >= set(NAMED)
    assert {route for _kind, route, _entry in found} >= set(ROUTES)
    assert all(len(answers) == len(VISITORS) for both in CLASSES.values() for answers in both)


def test_an_address_without_a_class_is_refused() -> None:
    for name, route in (("connector_store_steal", "/admin/connector/store/<path:object_id>/steal/"), ("", "/x/")):
        with pytest.raises(KeyError, match="say in tests/tenants/access\\.py who may open it"):
            class_of(name, route)


def test_what_is_set_of_an_organisation_is_a_setting_its_short_name_or_its_suspension() -> None:
    editable = {field.name for field in Tenant._meta.concrete_fields if field.editable and not field.primary_key}
    assert editable == {*TENANT_SETTINGS, "slug", "suspended"}
