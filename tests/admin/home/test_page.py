"""The first page: what needs a person, with few queries."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.admin.home import figures
from connector.admin.home.tasks import Task
from connector.clients import errors
from connector.flow import alerts
from connector.flow.actions.connections import pause
from connector.flow.clock import database_now
from connector.flow.ledger import daily_counts
from connector.flow.outbound import reconnect
from connector.models import (
    DailyCount,
    Delivery,
    Division,
    ExactGrant,
    MappingRule,
    MasterData,
    OrderSync,
    RefusedDeliveries,
    Store,
)
from connector.problems.alerts import AlertCode, alert_text
from tenants.models import Membership, Role, Tenant, User
from tests.acme import Acme
from tests.factories import MembershipFactory, StoreFactory

HOME = reverse("admin:index")


def shown(client: Client) -> str:
    answer = client.get(HOME)
    assert answer.status_code == 200
    return str(answer.content.decode())


def tasks(client: Client) -> list[Task]:
    """Return the tasks on the page."""
    found: list[Task] = client.get(HOME).context["home"]["tasks"]
    return found


class TestWhatToDoNext:
    """Each task has its cause, the documents that wait for it, and the page to fix it."""

    def test_all_is_well(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        acme.drain()
        assert tasks(owner) == []
        assert "Nothing needs you now." in shown(owner)

    def test_a_vat_code_that_is_gone(self, acme: Acme, owner: Client) -> None:
        MasterData.objects.filter(kind="vat_code", code="2").delete()
        for order_id in (1001, 1012):
            acme.ring(order_id)
        acme.drain()
        task = tasks(owner)[0]
        assert "VAT" in task.title
        assert (task.number, task.link) == ("2", "Go to its VAT rules")
        assert owner.get(task.page).status_code == 200
        listed = owner.get(task.documents)
        assert {row.order_id for row in listed.context["cl"].result_list} == {1001, 1012}

    def test_a_gl_account_that_is_gone(self, acme: Acme, owner: Client) -> None:
        MasterData.objects.filter(kind="gl_account", code="8000").delete()
        acme.ring(1001)
        acme.drain()
        (task,) = tasks(owner)
        assert "8000" in task.text
        assert task.link == "Go to its rules"
        assert task.documents == reverse("admin:connector_ordersync_change", args=[acme.document(1001).pk])

    def test_a_customer_who_is_blocked_in_exact(self, acme: Acme, owner: Client) -> None:
        OrderSync.objects.create(
            connection=acme.connection,
            division=acme.connection.division,
            order_id=1,
            state="blocked",
            reason="customer",
            code="account_blocked",
            params={"account": "12", "by": "VAT number"},
            message="The account 12 is blocked in Exact.",
        )
        (task,) = tasks(owner)
        assert task.title == "The customer's account is blocked in Exact."
        assert task.link == "Go to Exact Online"

    def test_a_consent_that_ended(self, acme: Acme, owner: Client) -> None:
        reconnect.mark_reconnect(ExactGrant.objects.get(), errors.Reconnect("It was withdrawn."))
        acme.ring(1001)
        acme.connection.refresh_from_db()
        OrderSync.objects.create(
            connection=acme.connection,
            division=acme.connection.division,
            order_id=1,
            next_attempt_at=database_now(),
        )
        (task,) = tasks(owner)  # and not its alert beside it
        assert "no longer takes the consent" in task.title
        assert (task.number, task.link) == ("1", "Connect it")
        assert task.page == reverse("admin:connector_exactgrant_change", args=[ExactGrant.objects.get().pk])
        assert "days of the refresh token" not in shown(owner)

    def test_a_store_that_refuses(self, acme: Acme, owner: Client) -> None:
        Store.objects.update(state="reconnect")
        (task,) = tasks(owner)
        assert "BigCommerce refuses" in task.title

    def test_a_connection_that_is_paused(self, acme: Acme, owner: Client) -> None:
        pause(acme.connection, None, "stocktaking")
        assert [task.number for task in tasks(owner)] == [""]
        acme.ring(1001)
        acme.drain()
        (task,) = tasks(owner)
        assert "is paused" in task.title
        assert (task.number, task.link) == ("1", "Resume it")
        assert [row.order_id for row in owner.get(task.documents).context["cl"].result_list] == [1001]

    def test_a_person_who_may_not_fix_it_sees_no_button(
        self, acme: Acme, member: Callable[[str, Tenant], Client]
    ) -> None:
        Store.objects.update(state="reconnect")
        pause(acme.connection, None, "stocktaking")
        links = {
            role: [task.link for task in tasks(member(role, acme.store.tenant))]
            for role in ("owner", "accountant", "operator", "viewer")
        }
        assert links["owner"] == ["Connect it", "Resume it"]
        assert links["accountant"] == ["See it", "Resume it"]
        assert links["operator"] == links["viewer"] == ["See it", "See it"]

    def test_drafts_that_wait_for_approval(self, acme: Acme, owner: Client) -> None:
        acme.connection.mode = "approval"
        acme.connection.save()
        acme.ring(1001)
        acme.drain()
        (task,) = tasks(owner)
        assert task.title == "Drafts wait for approval"

    def test_orders_that_changed_after_they_were_posted(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        acme.drain()
        OrderSync.objects.update(change_pending=True)
        (task,) = tasks(owner)
        assert (task.title, task.number) == ("Orders changed after they were posted", "1")
        assert len(owner.get(task.documents).context["cl"].result_list) == 1

    def test_a_consent_that_ends_soon(self, acme: Acme, owner: Client) -> None:
        ExactGrant.objects.update(refresh_expires_at=database_now() + timedelta(days=2, hours=1))
        (task,) = tasks(owner)
        assert task.title.endswith("ends in 2 days")

    def test_an_open_alert_with_its_page(self, acme: Acme, owner: Client) -> None:
        said = alert_text(AlertCode.CONSENT_ENDS, consent="Exact NL", day="2026-03-01")
        alerts.raise_alert(acme.store.tenant, "a:1", said, page="/admin/roof/")
        (task,) = tasks(owner)
        assert task.title.startswith("The consent Exact NL for Exact Online ends on 01 March 2026")
        assert task.page == "/admin/roof/"
        assert "1 open alert<" in shown(owner)

    def test_what_stops_everything_comes_first(self, acme: Acme, owner: Client) -> None:
        MasterData.objects.filter(kind="vat_code", code="2").delete()
        acme.ring(1001)
        acme.drain()
        Store.objects.update(state="reconnect")
        assert "BigCommerce refuses" in tasks(owner)[0].title


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


class TestFirstSteps:
    """An empty organisation sees the first steps, not an empty page."""

    def test_they_are_ticked_as_far_as_they_were_gone(self, db: None) -> None:
        owner = MembershipFactory.create()
        client = Client()
        client.force_login(owner.user)
        page = shown(client)
        assert "First steps" in page
        assert "/get-started/store/" in page
        assert "(done)" not in page
        StoreFactory.create(tenant=owner.tenant)
        assert shown(client).count("(done)") == 1
        Membership.objects.update(role=Role.VIEWER)
        assert "/get-started/" not in shown(client)

    def test_an_organisation_that_posts_has_done_all_steps(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        assert "First steps" not in shown(owner)

    def test_an_organisation_without_a_rule_in_force_has_not(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        MappingRule.objects.all().delete()
        page = shown(owner)
        assert "First steps" in page
        assert page.count("(done)") == 5


GROWING = ("connector_ordersync", "connector_delivery", "connector_syncevent")


class TestItsCost:
    """The page takes few queries, always the same number, and reads growing tables only by an index."""

    @pytest.mark.usefixtures("one_reading")
    def test_its_queries_do_not_grow_with_the_ledger(self, acme: Acme, owner: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(database) as captured:
                owner.get(HOME)
            return len(captured)

        acme.ring(1001)
        acme.drain()
        queries()  # the session's first request notes that it is in use
        few = queries()
        for order_id in (1012, 1017, 1018, 1019):
            acme.ring(order_id)
        acme.drain()
        assert queries() <= few <= 25

    @pytest.mark.skipif(database.vendor != "sqlite", reason="Reads SQLite's plans.")
    def test_no_query_reads_a_growing_table_whole_or_sorts_it(self, acme: Acme, owner: Client) -> None:
        MasterData.objects.filter(kind="vat_code", code="2").delete()
        acme.ring(1001)
        acme.drain()
        with CaptureQueriesContext(database) as captured:
            owner.get(HOME)
        asked = [query["sql"] for query in captured if any(f'"{table}"' in query["sql"] for table in GROWING)]
        assert len(asked) > 10
        for sql in asked:
            with database.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                plan = [row[3] for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN") and step != "SCAN subquery"], (sql, plan)
            # Stores and connections are sorted by name; they are few.
            sorts = sum("TEMP B-TREE FOR ORDER BY" in step for step in plan)
            assert sorts <= sql.count('ORDER BY "connector_store"."name"'), (sql, plan)

    def test_every_list_of_documents_is_bounded(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        with CaptureQueriesContext(database) as captured:
            owner.get(HOME)
        lists = [q["sql"] for q in captured if re.search(r'FROM "connector_ordersync" (WHERE|INNER)', q["sql"])]
        assert lists
        assert all("LIMIT" in sql for sql in lists), lists


def test_nobody_sees_another_organisations_numbers(acme: Acme) -> None:
    stranger = User.objects.create_user("charlie@elsewhere.example", "charlie-has-a-password")
    acme.client.force_login(stranger)
    page = acme.client.get(reverse("admin:index"))
    assert acme.store.name not in page.content.decode()
