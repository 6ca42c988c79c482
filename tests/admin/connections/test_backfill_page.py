"""The page "Orders from before": an accountant estimates, tries, begins, pauses and decides; a viewer looks."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from connector.flow.inbox.backfill import run as backfill
from connector.flow.setup.fit import old_orders
from connector.management.commands.fit import with_pages
from connector.models import BackfillRun, Connection, OrderSync
from tenants.models import Role
from tests.acme import STORE, Acme
from tests.factories import MembershipFactory
from tests.flow.inbox.backfill.hand import type_in
from tests.flow.inbox.backfill.scene import begin, turns
from tests.tenants.world import logged_in

DAYS = {"since": "05-01-2026", "until": "12-01-2026"}


def address(acme: Acme) -> str:
    return reverse("admin:connector_connection_backfill", args=[acme.connection.pk])


def shown(acme: Acme, client: Client) -> str:
    return " ".join(client.get(address(acme)).content.decode().split())


def press(acme: Acme, client: Client, **given: Any) -> str:
    """Send a form; returns the page that comes of it."""
    return " ".join(client.post(address(acme), given, follow=True).content.decode().split())


def worked_on(run: BackfillRun) -> None:
    """Let a worker have some turns."""
    for _turn in range(9):
        old_orders.work_on(run.pk)


def test_an_estimate_comes_before_the_start(acme: Acme, accountant: Client) -> None:
    page = press(acme, accountant, **DAYS, estimate="1")
    assert 'data-orders="24"' in page
    assert 'value="05-01-2026"' in page
    assert "At most 24 orders: about 25 calls to the store and 98 to Exact" in page
    assert not BackfillRun.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"since": "12-01-2026", "until": "05-01-2026"}, "is before the first"),
        ({"since": "01-01-2099"}, "is in the future"),
        ({"since": "soon"}, 'data-error-for="since"'),
        ({"since": ""}, 'data-error-for="since"'),
    ],
)
def test_days_that_cannot_be_are_refused_with_a_sentence(
    acme: Acme, accountant: Client, given: dict[str, str], sentence: str
) -> None:
    for button in ("estimate", "try", "start"):
        assert sentence in press(acme, accountant, **given, **{button: "1"})
    assert not BackfillRun.objects.exists()


def test_it_is_begun_paused_resumed_and_stopped(acme: Acme, accountant: Client) -> None:
    page = press(acme, accountant, **DAYS, start="1")
    run = BackfillRun.objects.get()
    assert (run.state, run.expected, run.actor) == ("running", 24, run.tenant.memberships.get(role="accountant").user)
    assert 'data-state="running"' in page
    assert 'http-equiv="refresh"' in page
    for button, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        assert f'data-state="{state}"' in press(acme, accountant, **{button: "1"})
    assert 'name="start"' in shown(acme, accountant)  # another one may begin


def test_progress_is_live_until_all_is_posted(acme: Acme, accountant: Client) -> None:
    press(acme, accountant, **DAYS, start="1")
    turns(BackfillRun.objects.get())
    page = shown(acme, accountant)
    assert "0 documents of Exact and 24 of about 24 orders were read, 24 are in the ledger." in page
    assert "0 are posted, 0 wait for a person, 24 are on their way." in page
    acme.settle()
    page = shown(acme, accountant)
    assert "24 are posted, 0 wait for a person, 0 are on their way." in page
    assert 'http-equiv="refresh"' not in page


def test_both_documents_stand_side_by_side_and_a_person_decides(acme: Acme, accountant: Client) -> None:
    keys = {order_id: type_in(acme, order_id, "alike") for order_id in (1001, 1002)}
    type_in(acme, 1004, "order number")
    turns(begin(acme))
    page = shown(acme, accountant)
    assert 'data-order="1001"' in page
    assert "anna" in page.lower()
    assert "It names the order's number and has its amount." in page.replace("&#x27;", "'")
    page = press(acme, accountant, order="1001", link=keys[1001], reason="Compared both.")
    assert "Order 1001 is linked." in page
    page = press(acme, accountant, order="1002", post="1", reason="It was a phone order.")
    assert "Order 1002 is posted after live ones." in page
    assert "data-order" not in page
    assert (acme.document(1001).state, acme.document(1001).exact_id) == ("posted", keys[1001])
    assert acme.document(1002).state == "pending"
    for odd in ({"order": "1001", "post": "1"}, {"order": "x"}, {"order": "1003", "link": "y"}):
        assert "nothing to decide" in press(acme, accountant, **odd, reason="again")


def test_a_dry_run_says_what_the_command_says_and_puts_nothing_into_the_ledger(
    acme: Acme, accountant: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    for order_id, style in ((1001, "alike"), (1004, "order number"), (1007, "our reference")):
        type_in(acme, order_id, style)
    capsys.readouterr()
    given = ("--tenant=demo", f"--store={STORE}", "--since=2026-01-05", "--until=2026-01-12", "--dry-run", "--json")
    call_command("backfill", *given)
    said = json.loads(capsys.readouterr().out)
    assert 'data-tried="running"' in press(acme, accountant, **DAYS, **{"try": "1"})
    worked_on(BackfillRun.objects.get())
    run = BackfillRun.objects.get()
    assert (run.orders, run.queued, run.adopted, run.likely, run.skipped) == (24, 21, 2, 1, 0)
    assert (run.orders, run.queued, run.adopted, run.skipped) == tuple(
        said[name] for name in ("orders", "queued", "adopted", "skipped")
    )
    assert [row.order_id for row in run.rows.filter(outcome="likely")] == [each["order_id"] for each in said["likely"]]
    assert with_pages(run.result or {}, acme.connection) == said["fit"]
    page = shown(acme, accountant)
    assert 'data-tried="finished"' in page
    assert "24 orders: 21 to be posted, 2 were in Exact, 1 may be in Exact, 0 skipped." in page
    assert "21 of the 21 orders to be posted would be posted now" in page
    assert "data-order" not in page.replace("data-orders", "")  # nothing to decide yet
    assert 'name="start"' in page
    assert not OrderSync.objects.exists()
    assert not run.rows.exclude(marks=[]).exists()
    assert not run.rows.exclude(tried=None).exists()


def test_a_dry_run_ends_when_a_person_stops_it_or_begins_the_backfill(acme: Acme, accountant: Client) -> None:
    for button in ("stop_try", "start"):
        press(acme, accountant, **DAYS, **{"try": "1"})
        assert BackfillRun.objects.filter(dry_run=True, state="running").count() == 1
        press(acme, accountant, **{button: "1"}, **(DAYS if button == "start" else {}))
        assert not BackfillRun.objects.filter(dry_run=True, state="running").exists()
    assert BackfillRun.objects.get(state="running").dry_run is False
    assert "Let it finish" in press(acme, accountant, **DAYS, **{"try": "1"})
    assert BackfillRun.objects.filter(dry_run=True, state="running").count() == 0


def test_a_failed_one_says_why_and_goes_on(acme: Acme, accountant: Client) -> None:
    press(acme, accountant, **DAYS, start="1")
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "GET", "*salesinvoice*")
    turns(BackfillRun.objects.get())
    page = shown(acme, accountant)
    assert 'data-state="failed"' in page
    assert 'role="alert"' in page
    press(acme, accountant, resume="1")
    assert turns(BackfillRun.objects.get()).state == "finished"


def test_a_viewer_looks_and_an_operator_begins_nothing(acme: Acme) -> None:
    type_in(acme, 1001, "alike")
    turns(begin(acme))
    for role in (Role.VIEWER, Role.OPERATOR):
        client = logged_in(MembershipFactory.create(tenant=acme.store.tenant, role=role).user, acme.store.tenant)
        page = shown(acme, client)
        assert 'data-order="1001"' in page
        assert '<button name="' not in page
        assert client.post(address(acme), {**DAYS, "start": "1"}).status_code == 403


def test_a_connection_that_is_off_takes_nothing_in(acme: Acme, accountant: Client) -> None:
    Connection.objects.update(mode="off")
    assert "is switched off" in shown(acme, accountant)
    press(acme, accountant, **DAYS, start="1")
    assert not BackfillRun.objects.exists()


def test_another_days_wait_for_the_one_that_goes_on(acme: Acme, accountant: Client) -> None:
    begin(acme)
    page = press(acme, accountant, since="06-01-2026", start="1")
    assert "is not finished" in page
    assert BackfillRun.objects.count() == 1
    backfill.stop(BackfillRun.objects.get())


def test_the_connections_page_leads_there(acme: Acme, accountant: Client) -> None:
    page = accountant.get(reverse("admin:connector_connection_change", args=[acme.connection.pk])).content.decode()
    assert address(acme) in page
