"""What a person does at Exact: they allow access on the (fake) consent page, and Exact sends them back."""

from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.test import Client
from django.urls import reverse

from connector.models import ExactGrant
from tenants.models import User
from tests.acme import Acme
from tests.consents import TOKEN


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> Request | None:
        return None


def press_connect(client: Client, grant: ExactGrant) -> str:
    """Press Connect to Exact; returns the address at Exact."""
    answer = client.post(reverse("admin:connector_exactgrant_connect", args=[grant.pk]))
    assert answer.status_code == 302
    return str(answer["Location"])


def agree(address: str, divisions: str = "") -> str:
    """Press Allow at Exact; returns our address, without the host, to which Exact sends the person."""
    try:
        answer = build_opener(_StayHere).open(f"{address}&approve=1&divisions={divisions}", timeout=10)
    except HTTPError as redirected:
        answer = redirected
    assert answer.status == 302, "Exact shows a page instead of sending us back."
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}" == "http://testserver"
    return f"{back.path}?{back.query}"


def state_in(address: str) -> str:
    """Return the state in an address."""
    return parse_qs(urlsplit(address).query)["state"][0]


def go_and_return(client: Client, grant: ExactGrant, divisions: str = "") -> Any:
    """Connect and allow; returns the answer of the callback."""
    return client.get(agree(press_connect(client, grant), divisions))


def page(name: str, grant: ExactGrant) -> str:
    """Return the address of a page of a consent."""
    return reverse(f"admin:connector_exactgrant_{name}", args=[grant.pk])


def exchanges(acme: Acme) -> int:
    """Count the codes and tokens that were exchanged at Exact."""
    return acme.sandbox.exact.calls.count("POST", TOKEN)


def after_user(client: Client) -> User:
    """Return the person who is logged in."""
    return User.objects.get(pk=client.session["_auth_user_id"])
