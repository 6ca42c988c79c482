"""A consent and its tokens in these tests: whose it is, what it has left, and what a page shows of it."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.models import ExactGrant, Store
from tests.acme import Acme

TOKEN = "*/oauth2/token"


def grant_of(acme: Acme) -> ExactGrant:
    """Return the consent of Acme."""
    return ExactGrant.objects.get(pk=acme.connection.division.grant_id)


def page(row: Store | ExactGrant) -> str:
    """Return the address of the page on which a store or a consent is changed."""
    return reverse(f"admin:connector_{row._meta.model_name}_change", args=[row.pk])


def shown(client: Client, address: str) -> str:
    """Return what a browser is shown at an address."""
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def days_left(days: float) -> None:
    """Set the days that the refresh token has left."""
    ends = database_now() + timedelta(days=days)
    ExactGrant.objects.update(
        refresh_expires_at=ends, refreshed_at=ends - timedelta(days=30), access_expires_at=ends - timedelta(days=30)
    )


def exact_is_down(acme: Acme) -> None:
    """Let Exact answer with a maintenance page whenever it is asked for a token."""
    acme.sandbox.exact.faults.add("503_html", "POST", TOKEN, times=-1)
