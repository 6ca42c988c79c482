"""What a person does at Exact: agree on the (fake) consent page, and be sent back."""

from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.test import Client
from django.urls import reverse

from connector.models import ExactGrant


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> Request | None:
        return None


def set_out(client: Client, grant: ExactGrant) -> str:
    """Press Connect to Exact; the address at Exact to which it leads."""
    answer = client.post(reverse("admin:connector_exactgrant_connect", args=[grant.pk]))
    assert answer.status_code == 302
    return str(answer["Location"])


def agree(address: str, divisions: str = "") -> str:
    """Press Allow at Exact; the address here, without the host, to which it leads back."""
    try:
        answer = build_opener(_StayHere).open(f"{address}&approve=1&divisions={divisions}", timeout=10)
    except HTTPError as redirected:
        answer = redirected
    assert answer.status == 302, "Exact shows a page instead of sending us back."
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}" == "http://testserver"
    return f"{back.path}?{back.query}"


def state_in(address: str) -> str:
    """The state that an address carries."""
    return parse_qs(urlsplit(address).query)["state"][0]


def go_and_return(client: Client, grant: ExactGrant, divisions: str = "") -> Any:
    """The whole way; the answer of the callback."""
    return client.get(agree(set_out(client, grant), divisions))
