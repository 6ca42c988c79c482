"""The number of documents in each state: counts that do not grow."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connector.admin.documents import state_counts
from connector.models import Connection
from tests.acme import Acme
from tests.admin.documents.test_ledger import LIST, rows
from tests.tenants.world import RIVAL, build


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


def test_under_a_filter_they_count_what_it_finds_and_keep_it(acme: Acme, owner: Client) -> None:
    rows(acme, 2, customer="Anna de Wit")
    rows(acme, 3, customer="Anna de Wit", held=True)
    rows(acme, 4, held=True)
    chips = counted(owner, "?q=anna&state__exact=blocked&p=1")
    assert (chips["preparing"][0], chips["blocked"][0], chips["posted"][0]) == ("2", "3", "0")
    assert chips["preparing"][1] == "?q=anna&state__exact=preparing"
    assert chips["blocked"][1] == "?q=anna"  # pressed again, it leaves the state
    assert owner.get(LIST + chips["preparing"][1]).context["cl"].result_count == 2


def test_under_a_filter_one_query_counts_to_a_cap(acme: Acme, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_counts, "CAP_OF_FILTER", 5)
    rows(acme, 9, customer="Anna de Wit")
    with CaptureQueriesContext(connection) as asked:
        chips = counted(owner, "?q=anna")
    assert (chips["preparing"][0], chips["posted"][0]) == ("6+", "0+")
    assert len([each for each in asked if each["sql"].startswith('SELECT "connector_ordersync"."state"')]) == 1
