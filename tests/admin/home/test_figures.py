"""The numbers of the first page, and where they lead."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client

from connector.admin.home import figures
from connector.flow.actions.connections import pause
from connector.flow.clock import database_now
from connector.flow.ledger import daily_counts
from connector.models import (
    DailyCount,
    Delivery,
    Division,
    ExactGrant,
    RefusedDeliveries,
)
from tests.acme import Acme
from tests.admin.home.test_page import HOME, shown


class TestFigures:
    """The numbers and their links."""

    def test_each_state_leads_to_the_list_that_it_counts(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        acme.drain()
        (tile,) = [tile for tile in owner.get(HOME).context["home"]["tiles"] if tile["name"] == "posted"]
        assert tile["number"] == "1"
        assert len(owner.get(tile["url"]).context["cl"].result_list) == 1

    def test_money_and_the_month_by_currency(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        acme.drain()
        (row,) = owner.get(HOME).context["home"]["money"]
        assert (row["currency"], row["invoices"]) == ("EUR", 1)
        assert row["today"] == row["month"] == f"{acme.total(1001):.2f}"
        assert "This month" in shown(owner)

    def test_the_chart_has_thirty_days_and_what_was_held(self, acme: Acme, owner: Client) -> None:
        today = daily_counts.today(acme.connection.store.tenant, database_now())
        for back in (0, 29, 30):
            DailyCount.objects.create(connection=acme.connection, day=today - timedelta(days=back), held=back + 1)
        drawn = owner.get(HOME).context["home"]["chart"]
        assert '"data": [30, ' in drawn
        assert "31" not in re.sub(r'"labels": \[.*?\]', "", drawn)

    def test_webhooks_show_the_last_delivery_the_refusals_and_the_signature(self, acme: Acme, owner: Client) -> None:
        assert "has not sent a delivery yet" in shown(owner)
        acme.ring(1001)
        acme.ring(1012)
        RefusedDeliveries.objects.create(store=acme.store, hour=database_now(), status=401, count=7)
        page = shown(owner)
        assert "last delivery" in page
        assert "2 deliveries in 24 hours, no signature" in page
        assert "7 refused" in page
        assert "401: without our secret and without a right signature" in page
        Delivery.objects.update(signature="failed")
        assert "signature not confirmed" in shown(owner)
        Delivery.objects.filter(order_id=1001).update(signature="confirmed")
        assert "signature confirmed" in shown(owner)
        Delivery.objects.update(received_at=database_now() - timedelta(days=2))
        assert "0 deliveries in 24 hours" in shown(owner)

    def test_the_runway_who_consented_and_the_days_budget(self, acme: Acme, owner: Client) -> None:
        ExactGrant.objects.update(consented_by="alice@acme.example")
        Division.objects.update(day_calls_limit=5000, day_calls_left=4000, day_calls_read_at=database_now())
        page = shown(owner)
        assert "29 days of the refresh token left; consent by alice@acme.example" in page
        assert "1000 of 5000 calls used today" in page

    def test_the_longest_on_its_way(self, acme: Acme, owner: Client) -> None:
        pause(acme.connection, None, "stocktaking")
        for order_id in (1012, 1001):
            acme.ring(order_id)
            acme.drain()
        assert "invoice of order 1012</a>, for" in shown(owner)

    def test_beyond_the_cap_a_number_is_a_least(self, acme: Acme, owner: Client, monkeypatch: Any) -> None:
        monkeypatch.setattr(figures, "CAP", 1)
        for order_id in (1001, 1012):
            acme.ring(order_id)
        acme.drain()
        (tile,) = [tile for tile in owner.get(HOME).context["home"]["tiles"] if tile["name"] == "posted"]
        assert tile["number"] == "1+"
