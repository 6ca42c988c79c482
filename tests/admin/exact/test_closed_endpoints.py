"""Exact's closed endpoints: a person lets one call through, with a reason, and by POST alone."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.models import Breaker, SyncEvent
from tests.factories import DivisionFactory, MembershipFactory


@pytest.fixture
def breaker(db: None) -> Breaker:
    """An endpoint that is closed for an hour, with two errors of which one is older than that."""
    now = database_now()
    errors = [(now - timedelta(minutes=minutes)).isoformat() for minutes in (90, 5)]
    return Breaker.objects.create(
        division=DivisionFactory.create(), endpoint="crm/Accounts", errors=errors, open_until=now + timedelta(hours=1)
    )


@pytest.fixture
def operator(breaker: Breaker, client: Client) -> Client:
    tenant = breaker.division.grant.tenant
    client.force_login(MembershipFactory.create(tenant=tenant, role="operator").user)
    return client


def pressed(client: Client, breaker: Breaker, reason: str) -> str:
    address = reverse("admin:connector_breaker_try", args=[breaker.pk])
    assert client.get(address).status_code == 405
    return client.post(address, {"reason": reason}, follow=True).content.decode()


def test_one_call_is_let_through_and_the_history_says_who_and_why(breaker: Breaker, operator: Client) -> None:
    assert "is tried" in pressed(operator, breaker, "the rights are back")
    breaker.refresh_from_db()
    assert breaker.open_until is not None
    assert breaker.open_until <= database_now()
    assert "the rights are back" in SyncEvent.objects.get().text


def test_the_row_of_customers_says_that_a_customer_is_tried(breaker: Breaker, operator: Client) -> None:
    assert "The next order that needs" in pressed(operator, breaker, "the rights are back")
    Breaker.objects.update(endpoint="crm/Accounts (customers)", open_until=database_now() + timedelta(hours=1))
    page = pressed(operator, breaker, "the details are right")
    assert "The next customer whose details" in page
    assert page.count("The next order that needs") == 0


def test_without_a_reason_it_stays_closed(breaker: Breaker, operator: Client) -> None:
    assert "Say why" in pressed(operator, breaker, " ")
    until = breaker.open_until
    breaker.refresh_from_db()
    assert breaker.open_until == until


def test_the_list_counts_the_refusals_within_the_hour(breaker: Breaker, operator: Client) -> None:
    page = operator.get(reverse("admin:connector_breaker_changelist")).content.decode()
    assert re.search(r'class="field-refusals[^>]*>\s*1\s*</td>', page)
