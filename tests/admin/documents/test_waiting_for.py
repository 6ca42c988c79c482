"""Every waiting document that is not held says what it waits for, and links the page that helps."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.models import Connection, Division, ExactGrant, OrderSync, Store
from connector.problems.catalogue import EXACT
from tenants.models import Tenant
from tests.acme import Acme
from tests.factories import OrderSyncFactory

Member = Callable[[str, Tenant], Client]
LATER = timezone.now() + timedelta(hours=3)


def shown(client: Client, acme: Acme) -> str:
    address = reverse("admin:connector_ordersync_change", args=[acme.document(1001).pk])
    return client.get(address).content.decode().partition('id="parts"')[0].replace("&#x27;", "'")


def pending(acme: Acme, **given: Any) -> None:
    made = {"state": "pending", "next_attempt_at": timezone.now() - timedelta(seconds=5), **given}
    OrderSyncFactory.create(connection=acme.connection, order_id=1001, **made)


def page_of(name: str, key: object) -> str:
    return f'href="{reverse(f"admin:connector_{name}_change", args=[key])}"'


def test_an_ended_consent_and_one_never_given(acme: Acme, owner: Client) -> None:
    pending(acme)
    grant = acme.connection.division.grant_id
    ExactGrant.objects.update(state="reconnect")
    page = shown(owner, acme)
    assert "has ended" in page
    assert page_of("exactgrant", grant) in page
    ExactGrant.objects.update(consented_at=None, refresh_expires_at=None)
    assert "Nobody has given the consent" in shown(owner, acme)


def test_a_store_that_refuses_us(acme: Acme, owner: Client) -> None:
    pending(acme)
    Store.objects.update(state="reconnect")
    page = shown(owner, acme)
    assert "refuses the API account" in page
    assert page_of("store", acme.store.pk) in page


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"mode": "off", "paused_mode": "live"}, "The connection is paused"),
        ({"mode": "off"}, "The connection is switched off"),
        ({"schedule": "manual"}, "posts when somebody presses Run now"),
    ],
)
def test_a_connection_that_does_not_run(acme: Acme, owner: Client, changed: dict[str, str], text: str) -> None:
    pending(acme)
    Connection.objects.update(**changed)
    page = shown(owner, acme)
    assert text in page
    assert page_of("connection", acme.connection.pk) in page


def test_outside_its_window_it_says_when_it_opens_in_the_organisations_time(acme: Acme, owner: Client) -> None:
    pending(acme)
    opens = timezone.now().astimezone(ZoneInfo("Europe/Amsterdam")) + timedelta(hours=2)
    closes = opens + timedelta(hours=1)
    Connection.objects.update(schedule=f"immediate window={opens:%H:%M}-{closes:%H:%M}")
    OrderSync.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert f"releases the next orders at {opens:%a %d %b, %H:%M}" in shown(owner, acme)


def test_after_its_release_it_only_waits_for_its_turn(acme: Acme, owner: Client) -> None:
    pending(acme)
    assert "Its turn comes when the orders before it are done" in shown(owner, acme)


def test_a_limit_says_until_when(acme: Acme, owner: Client) -> None:
    pending(acme)
    Division.objects.update(closed_until=LATER)
    assert "used up until" in shown(owner, acme)
    Division.objects.update(closed_until=timezone.now() - timedelta(minutes=1))
    assert "used up until" not in shown(owner, acme)
    Store.objects.update(closed_until=LATER)
    assert "BigCommerce for" in shown(owner, acme)


def test_an_unclear_write_says_when_it_is_looked_for(acme: Acme, owner: Client) -> None:
    pending(acme, state="uncertain", next_attempt_at=LATER, sent_at=timezone.now(), not_found_count=1)
    page = shown(owner, acme)
    assert "searches Exact for it at" in page
    assert "It was not in Exact at the first search" in page
    assert "Do not make the invoice by hand meanwhile" in page


def test_transient_trouble_says_what_it_is_and_when_it_is_tried_again(acme: Acme, owner: Client) -> None:
    text = "Exact is not available (salesinvoice/SalesInvoices, HTTP 503)"
    unavailable = problem(Code.CALL_FAILED, vendor=EXACT, status=503, error=text, text="")
    kept = {"code": unavailable.code, "params": dict(unavailable.params), "problems": to_json([unavailable])}
    pending(acme, state="waiting", next_attempt_at=LATER, message=text, **kept)
    page = shown(owner, acme)
    assert "The vendor cannot be reached, or is under maintenance. The next attempt is at" in page
    assert "What Exact answered" in page


def test_a_draft_for_approval_says_who_may(acme: Acme, owner: Client, member: Member) -> None:
    Connection.objects.update(mode="approval")
    acme.ring(1001)
    acme.drain()
    page = shown(owner, acme)
    assert "waits for a person's approval" in page
    assert ">Approve</a>" in page
    page = shown(member("operator", acme.store.tenant), acme)
    assert ">Approve</a>" not in page
    assert "Ask owner@demo.example." in page
    Connection.objects.update(mode="shadow")
    assert "sets the connection to approval or live first" in shown(owner, acme)


def test_what_helps_is_a_link_only_for_who_may_press_it(acme: Acme, owner: Client, member: Member) -> None:
    pending(acme)
    ExactGrant.objects.update(state="reconnect")
    for role in ("viewer", "operator", "accountant"):
        page = shown(member(role, acme.store.tenant), acme)
        assert page_of("exactgrant", acme.connection.division.grant_id) not in page.partition("What it needs")[2]
        assert "Ask owner@demo.example." in page


def test_a_final_document_waits_for_nothing(acme: Acme, owner: Client) -> None:
    acme.ring(1001)
    acme.drain()
    assert "What it needs" not in shown(owner, acme)
