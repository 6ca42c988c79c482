"""Exact's subscription to changed accounts: made where it is of use, repaired, and removed when it is not."""

from typing import Any

import pytest
from django.test import Client

from connector.clients.errors import Rejected
from connector.flow.customer.both_ways import subscription
from connector.models import Connection, Division, ExactDelivery, ExactGrant
from connector.sandbox.exact.webhooks import SUBSCRIPTIONS, create_subscription
from tests.acme import DIVISION, Acme


@pytest.fixture
def acme(acme: Acme) -> Acme:
    """Acme, live, whose Exact waits to send."""
    acme.sandbox.exact.outbox.by_itself = False
    Connection.objects.update(mode="live")
    return acme


def look_after(acme: Acme) -> Division:
    division = Division.objects.select_related("grant__tenant").get(pk=acme.connection.division_id)
    subscription.look_after(division)
    return division


def in_exact(acme: Acme) -> list[dict[str, Any]]:
    return list(acme.sandbox.exact.divisions[DIVISION].table(SUBSCRIPTIONS).values())


def deliver(acme: Acme, client: Client) -> list[int]:
    """Exact sends what waits to the portal."""
    return acme.sandbox.exact.deliver(
        lambda url, body: client.post(url.removeprefix("http://testserver"), body, "application/json").status_code
    )


def test_it_is_made_at_the_divisions_address_and_the_portal_answers_the_handshake(acme: Acme) -> None:
    division = look_after(acme)
    (made,) = in_exact(acme)
    assert made["CallbackURL"] == f"http://testserver/webhooks/exact/{division.webhook_uuid}/"
    assert (made["Topic"], made["ID"]) == ("Accounts", division.webhook_id)
    assert deliver(acme, acme.client) == [200]
    assert len(in_exact(acme)) == 1


def test_a_change_in_exact_reaches_the_inbox_also_when_it_is_our_own(acme: Acme) -> None:
    look_after(acme)
    deliver(acme, acme.client)
    account = acme.sandbox.exact.add_account(DIVISION, Name="Klant")
    acme.sandbox.exact.edit(DIVISION, account, Email="new@people.example")
    acme.sandbox.exact.delete_account(DIVISION, account)
    assert deliver(acme, acme.client) == [200, 200, 200]
    rows = ExactDelivery.objects.order_by("id").values_list("action", "record_id")
    assert list(rows) == [("Update", account), ("Update", account), ("Delete", account)]


def test_what_is_in_order_costs_one_call_and_changes_nothing(acme: Acme) -> None:
    look_after(acme)
    before, calls = in_exact(acme), acme.exact_calls()
    look_after(acme)
    assert in_exact(acme) == before
    assert acme.exact_calls() == calls + 1


def test_one_that_was_deleted_in_exact_is_made_again(acme: Acme) -> None:
    look_after(acme)
    acme.sandbox.exact.divisions[DIVISION].table(SUBSCRIPTIONS).clear()
    division = look_after(acme)
    assert [row["ID"] for row in in_exact(acme)] == [division.webhook_id]


def test_one_at_a_former_address_is_replaced(acme: Acme) -> None:
    division = look_after(acme)
    in_exact(acme)[0]["CallbackURL"] = f"https://old.example/webhooks/exact/{division.webhook_uuid}/"
    look_after(acme)
    (row,) = in_exact(acme)
    assert row["CallbackURL"].startswith("http://testserver/")


def test_another_programs_subscription_is_left_alone(acme: Acme) -> None:
    values = {"Topic": "Accounts", "CallbackURL": "https://other.example/hook", "ClientID": client_id(acme)}
    create_subscription(acme.sandbox.exact.divisions[DIVISION], values)
    with pytest.raises(Rejected):
        look_after(acme)
    assert [row["CallbackURL"] for row in in_exact(acme)] == ["https://other.example/hook"]


def client_id(acme: Acme) -> str:
    return acme.connection.division.grant.client_id


@pytest.mark.parametrize("direction", ["to_exact", "none"])
def test_it_is_removed_when_nothing_goes_to_the_store(acme: Acme, direction: str) -> None:
    look_after(acme)
    Connection.objects.update(customer_direction=direction)
    assert look_after(acme).webhook_id == ""
    assert in_exact(acme) == []


def test_it_is_not_made_without_a_secret_or_while_nothing_is_posted(acme: Acme) -> None:
    Connection.objects.update(mode="shadow")
    look_after(acme)
    Connection.objects.update(mode="live")
    ExactGrant.objects.update(webhook_secret="")
    look_after(acme)
    assert in_exact(acme) == []


def test_it_needs_an_address_that_exact_can_reach(settings: Any) -> None:
    settings.PUBLIC_URL, settings.SECURE, settings.ALLOW_INSECURE_UPSTREAMS = "http://portal.example", False, False
    assert not subscription.possible()
    settings.SECURE = True
    assert subscription.possible()
    settings.PUBLIC_URL = ""
    assert not subscription.possible()
