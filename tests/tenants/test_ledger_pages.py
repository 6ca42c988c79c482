"""The ledger in the portal: what a page shows, safely, and what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.models import Connection, OrderSync
from tests.factories import SyncEventFactory
from tests.tenants.world import World

Browser = Callable[[str], Client]
LIST = "/admin/connector/ordersync/"
LINE = {
    "description": "<script>alert(1)</script>Mug",
    "quantity": "3",
    "net_price": "4.1667",
    "gl_account": "8000",
    "cost_center": "EU-WEST",
    "vat_code": "2",
    "rule": "rule 20, version 3",
    "vat_rule": "VAT rule 1, version 3",
}


def page_of(client: Client, document: OrderSync) -> str:
    """The document's page."""
    return client.get(reverse("admin:connector_ordersync_change", args=[document.pk])).content.decode()


def test_the_page_has_the_lines_and_nothing_in_them_is_taken_for_html(browser: Browser, acme: World) -> None:
    document = acme.of(OrderSync)
    OrderSync.objects.filter(pk=document.pk).update(draft={"lines": [LINE]}, message="<b>No rule</b>")
    page = page_of(browser("vera"), document)
    for text in ["4.1667", "8000", "EU-WEST", "rule 20, version 3", "VAT rule 1, version 3", "12.34 EUR"]:
        assert text in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;Mug" in page
    assert "<script>alert" not in page
    assert "<b>No rule" not in page


@pytest.mark.parametrize("draft", [None, {}, {"lines": []}, {"lines": [{}]}, {"lines": "odd"}, []])
def test_an_odd_draft_is_no_server_error(draft: Any, browser: Browser, acme: World) -> None:
    OrderSync.objects.filter(pk=acme.of(OrderSync).pk).update(draft=draft)
    assert "What happened" in page_of(browser("vera"), acme.of(OrderSync))


def test_the_history_is_there_newest_first_and_not_all_of_it(browser: Browser, acme: World) -> None:
    document = acme.of(OrderSync)
    for number in range(150):
        SyncEventFactory.create(document=document, text=f"event-{number:04}")
    client = browser("vera")
    with CaptureQueriesContext(connection) as asked:
        page = page_of(client, document)
    assert page.index("event-0149") < page.index("event-0100")
    assert "event-0050" in page
    assert "event-0049" not in page
    assert len(asked) <= 10


def test_the_filters_narrow(browser: Browser, acme: World) -> None:
    client = browser("vera")
    for query, found in [("state__exact=blocked", 1), ("state__exact=posted", 0), ("reason__exact=mapping", 1)]:
        assert client.get(f"{LIST}?{query}").context["cl"].result_count == found
    by_connection = {"connection__id__exact": acme.of(Connection).pk}
    assert client.get(LIST, by_connection).context["cl"].result_count == 1
