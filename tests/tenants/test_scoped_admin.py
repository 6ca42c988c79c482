"""The scoped base: rows of one organisation, secrets that are never read, and lists that are counted to a cap."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connector.domain.document.states import State
from connector.models import Connection
from tenants.scoped_admin import CappedPaginator, PlatformModelAdmin, ScopedModelAdmin
from tests.factories import OrderSyncFactory
from tests.tenants.test_architecture import SECRETS
from tests.tenants.test_ledger_pages import LIST, Browser
from tests.tenants.world import World


def test_the_tenant_path_of_every_model_leads_to_its_tenant(acme: World, rival: World) -> None:
    for model, registered in admin.site._registry.items():
        assert isinstance(registered, ScopedModelAdmin)
        if not isinstance(registered, PlatformModelAdmin):
            rows = model._base_manager.filter(**{registered.tenant_path: acme.tenant.pk})
            assert set(rows) >= {acme.of(model)}, model
            assert rival.of(model) not in rows, model


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


def test_a_long_ledger_is_counted_to_the_cap_and_asked_for_a_page(
    browser: Browser, acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CappedPaginator, "CAP", 200)
    OrderSyncFactory.create_batch(400, connection=acme.of(Connection))
    client = browser("vera")
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(LIST).context["cl"]
    assert (shown.result_count, len(shown.result_list)) == (200, 50)
    assert len(asked) <= 8 + 1 + len(State)
    about = [query["sql"] for query in asked if "connector_ordersync" in query["sql"]]
    assert len(about) == 2 + len(State)  # the page, its count, and a capped count of each state
    assert all("LIMIT" in sql for sql in about)
    assert all("order_data" not in sql and '"draft"' not in sql for sql in about)
