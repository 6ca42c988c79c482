"""What a person does with connections, divisions and stores."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from connector.flow.actions.connections import pause, pull_master_data, repair_hooks, resume, run_now
from connector.flow.actions.transaction import NotPossible
from connector.flow.inbox.webhooks import SCOPES
from connector.models import Alert, Connection, MasterData, SyncEvent
from connector.sandbox import Sandbox
from tenants.models import User
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import WHY, post


def test_run_now_releases_what_a_manual_connection_keeps(acme: Acme, ann: User) -> None:
    Connection.objects.update(schedule="manual")
    assert post(acme).state == "pending"
    run_now(acme.connection, ann, WHY)
    acme.drain()
    assert acme.document(1001).state == "posted"
    event = SyncEvent.objects.get(kind="action")
    assert (event.actor, event.data["action"]) == (ann, "run_now")
    assert event.data["about"] == f"connection:{acme.connection.pk}"


def test_a_paused_connection_keeps_its_orders_and_resumes_in_its_mode(acme: Acme) -> None:
    pause(acme.connection, None, WHY)
    assert post(acme).state == "pending"
    for action in (pause, run_now):
        with pytest.raises(NotPossible, match="switched off"):
            action(acme.connection, None, WHY)
    resume(acme.connection, None, WHY)
    assert (acme.connection.mode, acme.connection.paused_mode) == ("live", "")
    acme.drain()
    assert acme.document(1001).state == "posted"
    with pytest.raises(NotPossible, match="not paused"):
        resume(acme.connection, None, WHY)


def test_two_connections_never_post_for_one_store(acme: Acme, sandbox: Sandbox) -> None:
    whole = sandbox.provision_file(password="x" * 12)
    second = {**acme.file["connections"][0], "division": 200002, "mode": "shadow"}
    second |= {"rules": [], "vat": [], "payment_conditions": [], "items": {}, "rounding": {}, "invoice_template": ""}
    second |= {"finalize": False}
    whole["exact"][0]["divisions"] = [100001, 200002]
    acme.provision({**acme.file, "exact": whole["exact"], "connections": [acme.file["connections"][0], second]})
    pause(acme.connection, None, WHY)
    Connection.objects.filter(division__code=200002).update(mode="live")
    with pytest.raises(NotPossible, match="Pause that connection first"):
        resume(acme.connection, None, WHY)


@pytest.mark.parametrize("side", ["store", "grant"])
def test_run_now_says_which_side_is_dead(acme: Acme, side: str) -> None:
    dead = acme.connection.store if side == "store" else acme.connection.division.grant
    dead.state = "reconnect"
    dead.save()
    with pytest.raises(NotPossible, match="first"):
        run_now(acme.connection, None, WHY)


def test_pulling_master_data_releases_what_waited_for_it(acme: Acme, ann: User) -> None:
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    assert post(acme).state == "blocked"
    assert pull_master_data(acme.connection.division, ann, WHY) == 1
    acme.drain()
    assert acme.document(1001).state == "posted"


@pytest.mark.parametrize(("text", "again"), [("Ongeldig: BTW-code", 1), ("Te lang: Naam", 0)])
def test_pulling_master_data_tries_what_a_refusal_that_names_it_held(
    acme: Acme, ann: User, text: str, again: int
) -> None:
    acme.sandbox.exact.faults.add(f"400:{text}", "POST", "*/salesinvoice/SalesInvoices")
    assert post(acme).reason == "rejected"
    assert pull_master_data(acme.connection.division, ann, WHY) == again


def test_master_data_that_cannot_be_read_is_reported_and_kept(acme: Acme) -> None:
    count = MasterData.objects.count()
    acme.sandbox.exact.faults.add("429_minute", "GET", "*GLAccounts*")
    with pytest.raises(NotPossible, match="limit"):
        pull_master_data(acme.connection.division, None, WHY)
    assert MasterData.objects.count() == count


def test_hooks_are_repaired(acme: Acme, ann: User, settings: Settings, client: Client) -> None:
    acme.sandbox.stores.store("nlshop1").hooks.clear()
    assert repair_hooks(acme.store, ann, WHY) == len(SCOPES)
    assert len(acme.sandbox.stores.store("nlshop1").hooks) == len(SCOPES)
    acme.sandbox.stores.faults.add("503_html", "GET", "*hooks*")
    with pytest.raises(NotPossible, match="could not be made"):
        repair_hooks(acme.store, ann, WHY)
    settings.PUBLIC_URL = ""
    with pytest.raises(NotPossible, match="PUBLIC_URL"):
        repair_hooks(acme.store, ann, WHY)


def test_a_code_that_cannot_be_read_is_named_and_the_others_are_pulled(acme: Acme, ann: User) -> None:
    accounts = acme.sandbox.exact.divisions[DIVISION].table("financial/GLAccounts")
    odd = next(iter(accounts))
    kept, accounts[odd]["Code"] = accounts[odd]["Code"], ""
    pull_master_data(acme.connection.division, ann, WHY)
    alert = Alert.objects.get(closed_at=None)
    assert f"GL account {odd}: a record of financial/GLAccounts without Code" in alert.text
    assert acme.connection.division.master_data.filter(kind="gl_account").count() == len(accounts) - 1
    accounts[odd]["Code"] = kept
    pull_master_data(acme.connection.division, ann, WHY)
    assert not Alert.objects.filter(closed_at=None).exists()
