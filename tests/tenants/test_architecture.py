"""All rows are seen through the scoped admin: no new admin class or field may avoid it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.paginator import Paginator

from tenants.fields import SecretField
from tenants.scoped_admin import PlatformModelAdmin, ReadOnlyInline, ScopedModelAdmin
from tests.tenants.access import CLASSES, NAMED, ROUTES, VISITORS, class_of, classified
from tests.tenants.world import PLATFORM

OURS = [model for model in apps.get_models() if model._meta.app_label in {"tenants", "connector"}]
SECRETS = {(m, f.name) for m in apps.get_models() for f in m._meta.fields if isinstance(f, SecretField)}


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


def test_there_are_secrets_to_guard() -> None:
    assert len(SECRETS) >= 7


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
