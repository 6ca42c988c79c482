"""The ledger's list: counts that do not grow, filters and searches that an index answers, texts for an empty one."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from connector.admin.documents import state_counts
from connector.flow import alerts
from connector.models import Alert, Connection, Delivery, OrderSync
from connector.problems.alerts import AlertCode, alert_text
from tests.acme import Acme
from tests.factories import OrderSyncFactory
from tests.tenants.world import RIVAL, build

LIST = "/admin/connector/ordersync/"


def rows(acme: Acme, many: int, **given: Any) -> None:
    start = OrderSync.objects.count() + 5000
    for order_id in range(start, start + many):
        OrderSyncFactory.create(connection=acme.connection, order_id=order_id, **given)


def counted(client: Client, query: str = "") -> dict[str, tuple[str, str]]:
    """Return the number and the address of each state."""
    found = client.get(f"{LIST}{query}").context["chips"]
    return {chip.state.value: (chip.number, chip.url) for chip, _ in found}


def test_each_state_is_counted_and_leads_to_what_it_counts(acme: Acme, owner: Client) -> None:
    rows(acme, 3)
    rows(acme, 2, state="blocked", reason="mapping")
    chips = counted(owner)
    assert len(chips) == 9
    assert (chips["preparing"][0], chips["blocked"][0], chips["posted"][0]) == ("3", "2", "0")
    assert owner.get(LIST + chips["blocked"][1]).context["cl"].result_count == 2
    assert "blocked 2" in owner.get(LIST).content.decode()


def test_a_count_ends_at_its_cap(acme: Acme, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_counts, "CAP", 5)
    rows(acme, 9)
    with CaptureQueriesContext(connection) as asked:
        assert counted(owner)["preparing"][0] == "5+"
    counts = [query["sql"] for query in asked if "COUNT(" in query["sql"] and "connector_ordersync" in query["sql"]]
    assert all("LIMIT" in sql for sql in counts)


def test_counts_are_only_of_the_chosen_connection(acme: Acme, owner: Client) -> None:
    rows(acme, 3)
    other = build(RIVAL, acme.store.tenant.memberships.get().user, 2002).of(Connection)
    session = owner.session
    session["tenant_id"] = acme.store.tenant_id
    session.save()
    assert counted(owner)["blocked"][0] == "0"
    chosen = counted(owner, f"?connection__id__exact={acme.connection.pk}")
    assert chosen["preparing"] == ("3", f"?connection__id__exact={acme.connection.pk}&state__exact=preparing")
    assert counted(owner, f"?connection__id__exact={other.pk}")["blocked"][0] == "0"
    assert owner.get(f"{LIST}?connection__id__exact={'9' * 30}").status_code in {200, 302}


def test_it_is_narrowed_by_changed_and_kind_and_searched_in_full(acme: Acme, owner: Client) -> None:
    rows(acme, 2)
    rows(acme, 1, change_pending=True, email="anna@shop.example", exact_number="26700042")
    rows(acme, 1, kind="credit")
    for query, found in [
        ("change_pending__exact=1", 1),
        ("kind__exact=credit", 1),
        ("q=anna@shop.example", 1),
        ("q=anna", 0),
        ("q=26700042", 1),
        ("q=5000", 1),
    ]:
        assert owner.get(f"{LIST}?{query}").context["cl"].result_count == found, query


def test_no_row_costs_a_query(acme: Acme, owner: Client) -> None:
    rows(acme, 1)
    owner.get(LIST)
    with CaptureQueriesContext(connection) as few:
        owner.get(LIST)
    rows(acme, 40, state="waiting", next_attempt_at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        assert "again now" in owner.get(LIST).content.decode()
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ordersync", "An order comes in when its store reports it"),
        ("delivery", "No store has reported an order yet"),
        ("alert", "There was no alert yet"),
        ("bulkrun", "Tick documents in the ledger"),
    ],
)
def test_an_empty_list_says_what_that_means(acme: Acme, owner: Client, name: str, text: str) -> None:
    address = reverse(f"admin:connector_{name}_changelist")
    assert not Delivery.objects.exists()
    assert text in owner.get(address).content.decode()


def test_a_search_without_a_find_says_so(acme: Acme, owner: Client) -> None:
    page = owner.get(f"{LIST}?q=1234567").content.decode()
    assert "Nothing fits" in page
    assert "An order comes in when" not in page


def test_an_alert_is_mailed_once_and_links_the_page_to_fix_it(acme: Acme, owner: Client) -> None:
    page = reverse("admin:connector_store_change", args=[acme.store.pk])
    said = alert_text(AlertCode.NO_PDF, order=1001, text="The roof is on fire.")
    alerts.raise_alert(acme.store.tenant, "store:1", said, page=page)
    opened = reverse("admin:connector_alert_change", args=[Alert.objects.get().pk])
    for address in (reverse("admin:connector_alert_changelist"), opened):
        text = owner.get(address).content.decode()
        assert text.count("The roof is on fire.") == 1
        assert f'href="{page}"' in text
    assert owner.get(page).status_code == 200
