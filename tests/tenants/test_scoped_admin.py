"""The scoped base: rows of one organisation, secrets that are never read, and lists that are counted to a cap."""

import re
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.admin.documents.ledger import OrderSyncAdmin
from connector.domain.document.states import State
from connector.models import Connection
from tenants.models import Role, Tenant
from tenants.scoped_admin import CappedPaginator, PlatformModelAdmin, ScopedModelAdmin
from tests.bench.many_rows import Many, make
from tests.factories import ConnectionFactory, MembershipFactory, OrderSyncFactory, StoreFactory
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
    assert len(asked) <= 8 + 1 + 4 + len(State)  # four for what the filters offer
    about = [query["sql"] for query in asked if "connector_ordersync" in query["sql"]]
    assert len(about) == 4 + len(State)  # the page, its count, two of the causes, and a capped count of each state
    assert all("LIMIT" in sql for sql in about)
    assert all("order_data" not in sql and '"draft"' not in sql for sql in about)


LEDGER, INBOX = "admin:connector_ordersync_changelist", "admin:connector_delivery_changelist"


def browser_of(tenant: Tenant) -> Client:
    client = Client()
    client.force_login(MembershipFactory.create(tenant=tenant, role=Role.OWNER).user)
    return client


def orders(client: Client, page: int, **filters: int) -> list[int]:
    """The orders on a page of the ledger, from the top."""
    response = client.get(reverse(LEDGER), {"p": page, **filters})
    return [document.order_id for document in response.context["cl"].result_list]


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture
def three(db: None) -> list[Connection]:
    """Three connections of one organisation, and one of another."""
    first = StoreFactory.create()
    stores = [first, *(StoreFactory.create(tenant=first.tenant) for _ in range(2)), StoreFactory.create()]
    return [ConnectionFactory.create(store=store) for store in stores]


def test_the_documents_of_all_connections_are_merged(three: list[Connection], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OrderSyncAdmin, "list_per_page", 3)
    for order_id in range(1, 11):
        OrderSyncFactory.create(connection=three[order_id % 4 % 3 if order_id != 9 else 3], order_id=order_id)
    client = browser_of(three[0].store.tenant)
    assert [orders(client, page) for page in (1, 2, 3)] == [[10, 8, 7], [6, 5, 4], [3, 2, 1]]
    assert orders(client, 1, connection__id__exact=three[1].pk) == [5, 1]


def test_a_list_in_which_nothing_is_found_is_empty(three: list[Connection]) -> None:
    client = browser_of(three[0].store.tenant)
    assert orders(client, 1) == []


def test_a_list_of_an_organisation_without_a_connection_is_empty(three: list[Connection]) -> None:
    assert orders(browser_of(StoreFactory.create().tenant), 1) == []


def test_a_full_page_of_the_ledger_takes_60_kb(three: list[Connection]) -> None:
    """As it is, before it is packed."""
    kept = {
        "customer": "Jansen & Zonen Bouwmaterialen BV",
        "payment_status": "captured",
        "currency": "EUR",
        "total": 1234,
    }
    OrderSyncFactory.create_batch(50, connection=three[0], exact_number="26700001", **kept)
    response = browser_of(three[0].store.tenant).get(reverse(LEDGER))
    assert response.content.count(b"data-row") == 50
    assert len(response.content) < 60 * 1024


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cannot merge, and sorts")
@pytest.mark.parametrize(
    ("page", "query", "index"),
    [
        (LEDGER, "", "document_newest"),
        (LEDGER, "?p=2", "document_newest"),
        (LEDGER, "?state__exact=posted", "document_by_state"),
        (INBOX, "", "delivery_newest"),
    ],
)
def test_no_page_sorts_the_rows_of_an_organisation(db: None, page: str, query: str, index: str) -> None:
    first, *_ = make(Many(tenants=100, documents=20_000, deliveries=1))
    client = browser_of(first.store.tenant)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(page) + query).status_code == 200
    (plan,) = [explained(sql["sql"]) for sql in captured.captured_queries if "UNION ALL" in sql["sql"]]
    assert "Merge Append" in plan, plan
    assert plan.count(index) == 2, plan
    assert not re.search(r"Seq Scan on connector_(ordersync|delivery)|-> +(Incremental )?Sort", plan), plan


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite explains no costs")
def test_a_reason_is_found_by_its_index(db: None) -> None:
    first, *_ = make(Many(tenants=2, documents=20_000))
    with CaptureQueriesContext(connection) as captured:
        browser_of(first.store.tenant).get(reverse(LEDGER), {"reason__exact": "mapping"})
    (plan,) = [explained(sql["sql"]) for sql in captured.captured_queries if "LIMIT 10000" in sql["sql"]]
    assert "document_by_reason" in plan, plan
