"""What needs a person now: each task has its cause, the documents that wait for it, and the page to act on."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from connector.admin.home.tasks import Task
from connector.clients import errors
from connector.flow import alerts
from connector.flow.actions.connections import pause
from connector.flow.clock import database_now
from connector.flow.outbound import reconnect
from connector.models import (
    ExactGrant,
    MasterData,
    OrderSync,
    Store,
)
from connector.problems.alerts import AlertCode, alert_text
from tenants.models import Tenant
from tests.acme import Acme
from tests.admin.home.test_page import HOME, shown


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
        assert task.title == "No VAT code for 21 % in NL"
        assert (task.number, task.link) == ("2", "Add VAT rule NL 21 %")
        total = sum(acme.total(order_id) for order_id in (1001, 1012))
        assert task.amounts == (f"{total:.2f} EUR",)
        assert task.since == min(OrderSync.objects.values_list("updated_at", flat=True))
        assert owner.get(task.page).status_code == 200
        listed = owner.get(task.documents)
        assert {row.order_id for row in listed.context["cl"].result_list} == {1001, 1012}

    def test_a_gl_account_that_is_gone(self, acme: Acme, owner: Client) -> None:
        MasterData.objects.filter(kind="gl_account", code="8000").delete()
        acme.ring(1001)
        acme.drain()
        (task,) = tasks(owner)
        assert task.title == "GL account 8000 is not in Exact"
        assert task.link == "Choose another GL account"
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
        assert (task.title, task.said) == ("Account 12 is blocked in Exact", "")
        assert task.link == "Unblock account 12 in Exact"
        assert task.outside

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
