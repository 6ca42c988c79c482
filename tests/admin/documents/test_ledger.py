"""The ledger's list: counts that do not grow, filters and searches that an index answers, texts for an empty one."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from connector.models import Delivery, OrderSync
from tenants.models import Tenant
from tests.acme import Acme
from tests.factories import OrderSyncFactory

LIST = "/admin/connector/ordersync/"


def rows(acme: Acme, many: int, **given: Any) -> None:
    start = OrderSync.objects.count() + 5000
    for order_id in range(start, start + many):
        OrderSyncFactory.create(connection=acme.connection, order_id=order_id, **given)


def test_it_is_narrowed_by_changed_and_kind_and_searched_in_full(acme: Acme, owner: Client) -> None:
    rows(acme, 2)
    rows(acme, 1, change_pending=True, email="anna@shop.example", exact_number="26700042")
    rows(acme, 1, kind="credit")
    for query, found in [
        ("change_pending__exact=1", 1),
        ("kind__exact=credit", 1),
        ("q=anna@shop.example", 1),
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


def test_a_row_has_its_cells_as_text_and_leads_back_to_the_same_filters(acme: Acme, owner: Client) -> None:
    kept = {"ordered_on": date(2025, 9, 1), "exact_number": "26700042", "reference": "NL1-5000"}
    rows(acme, 1, held=True, customer="<b>Anna</b>", total=12, currency="EUR", payment_status="captured", **kept)
    page = owner.get(f"{LIST}?state__exact=blocked").content.decode()
    (row,) = re.findall(r'<tr class="data-row">.*?</tr>', page)
    document = OrderSync.objects.get()
    link = f"{LIST}{document.pk}/change/?_changelist_filters=state__exact%3Dblocked"
    assert row.count(f'<a href="{link}">') == 2
    assert re.findall(r"<t[dh]>(?:<a [^>]*>)?([^<]*)<", row)[1:] == [
        *(
            "",
            "mapping",
            "5000",
            "1 Sep 2025",
            "26700042",
            "NL1-5000",
            "&lt;b&gt;Anna&lt;/b&gt;",
            "12.00 EUR",
            "captured",
        ),
        *(acme.store.name, "0\xa0minutes"),
    ]
    assert '<span class="state danger">blocked</span>' in row
    assert f'name="_selected_action" value="{document.pk}" class="action-select"' in row


def test_who_may_do_nothing_ticks_nothing(acme: Acme, member: Callable[[str, Tenant], Client]) -> None:
    rows(acme, 1)
    page = member("viewer", acme.store.tenant).get(LIST).content.decode()
    assert "data-row" in page
    assert '<input type="checkbox"' not in page


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
