"""A suspended organisation: nothing is called for it, what its stores report is kept, and later all of it flows on."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.flow.lane import waiting
from connector.flow.monitor import store_duties, unfinished
from connector.flow.setup import first_read
from connector.flow.setup.fit import run as fit_run
from connector.flow.setup.provision.run import provision
from connector.flow.setup.provision.schema import Refused
from connector.flow.worker import turns
from connector.flow.worker.sweep import sweep
from connector.models import Alert, Delivery, Division, ExactGrant, FitRun, OrderSync, Store
from tenants.models import Tenant, User
from tests.acme import DIVISION, STORE, Acme


@pytest.fixture
def suspended(acme: Acme) -> Acme:
    """Acme suspended, with an order that was reported before, and one after."""
    acme.ring(acme.order_of_kind("guest"))
    Tenant.objects.update(suspended=True)
    return acme


def calls(acme: Acme) -> int:
    return acme.exact_calls("*") + acme.store_calls()


def test_nothing_is_called_for_it_until_it_is_resumed(suspended: Acme) -> None:
    acme, before = suspended, calls(suspended)
    order = acme.order_of_kind("guest")
    assert acme.ring(order, webhook_id="while-suspended") == 200
    assert Delivery.objects.filter(processed_at=None).count() == 2
    long_ago = database_now() - timedelta(days=40)
    Store.objects.update(polled_at=None, hooks_tried_at=None, ledger_checked_at=None)
    ExactGrant.objects.update(refresh_expires_at=database_now() + timedelta(days=5), kept_alive_at=None)
    Division.objects.update(pull_alive_at=long_ago)
    run = FitRun.objects.create(
        tenant=acme.store.tenant, connection=acme.connection, days=30, most=5, due_at=long_ago, problems=[]
    )
    assert waiting.lanes_with_work(database_now()) == []  # neither a sweep nor a supervisor waits for it
    assert waiting.is_idle(database_now())
    assert sweep() == 0
    for lane in Division.objects.values_list("pk", flat=True):
        turns.do_lane(lane)
        first_read.go_on(lane)
    assert fit_run.wake_due() == 0
    fit_run.go_on(run.pk)
    assert store_duties.look_after(threading.Event()) == 0
    unfinished.look_after()
    assert calls(acme) == before
    assert not OrderSync.objects.exists()
    assert not Alert.objects.exists()

    Tenant.objects.update(suspended=False)
    assert store_duties.look_after(threading.Event()) == len(store_duties.DUTIES)
    sweep()
    acme.settle()
    assert acme.document(order).state == "posted"
    assert fit_run.wake_due() == 1


def test_what_is_under_way_stops_at_the_next_document(suspended: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    Tenant.objects.update(suspended=False)
    acme = suspended
    acme.ring(acme.order_of_kind("two shipping addresses"))
    begun: list[int] = []

    def post_one(_work: object) -> None:
        begun.append(1)
        Tenant.objects.update(suspended=True)

    monkeypatch.setattr("connector.flow.pipeline.run_lane.post_document", post_one)
    turns.do_lane(acme.connection.division_id)
    assert len(begun) == 1


@pytest.mark.parametrize(
    "command",
    [
        ["checkconnections", "--tenant", "acme"],
        ["preview", "--tenant", "acme", "--store", STORE, "--order", "1001"],
        ["fit", "--tenant", "acme", "--store", STORE, "--division", str(DIVISION)],
        ["propose", "--tenant", "acme", "--store", STORE, "--division", str(DIVISION)],
        ["drain", "--tenant", "acme", "--until-idle"],
    ],
)
def test_a_command_says_so_and_calls_nothing(command: list[str], suspended: Acme) -> None:
    before, out = calls(suspended), StringIO()
    slug = suspended.store.tenant.slug
    words = [slug if word == "acme" else word for word in command]
    try:
        call_command(*words, stdout=out, stderr=StringIO())
    except CommandError as error:
        out.write(str(error))
    assert "is suspended" in out.getvalue() or command[0] == "drain"
    assert calls(suspended) == before


def test_provisioning_it_is_refused(suspended: Acme) -> None:
    before = calls(suspended)
    with pytest.raises(Refused, match=r"Organisation .* is suspended"):
        provision(suspended.file, with_hooks=True, tell=lambda line: None)
    assert calls(suspended) == before


class TestItsPeople:
    """They read a sentence. Who runs the platform looks, changes nothing, and ends it."""

    def test_a_consent_that_comes_back_from_exact_is_not_taken(self, suspended: Acme, owner: Client) -> None:
        before = calls(suspended)
        Tenant.objects.update(suspended=False)
        grant = ExactGrant.objects.get()
        there = owner.post(reverse("admin:connector_exactgrant_connect", args=[grant.pk])).headers["Location"]
        Tenant.objects.update(suspended=True)
        state = there.partition("state=")[2].partition("&")[0]
        answer = owner.get("/oauth/exact/callback/", {"state": state, "code": "a-code"})
        assert answer.status_code == 403
        assert calls(suspended) == before

    def test_a_superuser_suspends_and_resumes_and_meanwhile_presses_nothing(
        self, suspended: Acme, owner: Client
    ) -> None:
        tenant, before = suspended.store.tenant, calls(suspended)
        client = Client()
        client.force_login(User.objects.create_superuser("sue@platform.example"))
        client.post("/admin/tenant/", {"tenant": tenant.pk})
        page = client.get("/admin/connector/store/")
        assert (page.status_code, "suspended" in page.content.decode()) == (200, True)
        check = reverse("admin:connector_connection_test", args=[suspended.connection.pk])
        assert client.post(check).status_code == 403
        assert calls(suspended) == before
        typed = {"name": tenant.name, "timezone": tenant.timezone, "alert_emails": "[]", "digest_hour": 8}
        typed |= {"keep_deliveries_days": 90, "keep_copies_days": 400, "keep_calls_days": 730}
        address = reverse("admin:tenants_tenant_change", args=[tenant.pk])
        for now_suspended in (False, True):
            client.post(address, {**typed, **({"suspended": "on"} if now_suspended else {})})
            assert Tenant.objects.get().suspended is now_suspended
            assert owner.get("/admin/").status_code == (403 if now_suspended else 200)
        Tenant.objects.update(suspended=False)
        owner.post(address, {**typed, "suspended": "on"})  # an owner has no such field
        assert not Tenant.objects.get().suspended
