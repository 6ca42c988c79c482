"""A bare client of the fake Exact for these tests: urllib over a real socket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from connector.sandbox.exact.service import CLIENT_ID, CLIENT_SECRET, FakeExact


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_opener = build_opener(ProxyHandler({}), _NoRedirects())
INVOICES = "salesinvoice/SalesInvoices"
PRINTED = "salesinvoice/PrintedSalesInvoices"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def rows(self) -> list[dict[str, Any]]:
        data = self.json["d"]
        return data if isinstance(data, list) else data["results"]

    @property
    def error(self) -> str:
        return str(self.json["error"]["message"]["value"])


def send(
    url: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
    timeout: float = 5,
) -> Answer:
    request = Request(url, data, dict(headers or {}), method=method)
    try:
        with _opener.open(request, timeout=timeout) as response:
            return Answer(response.status, response.headers, response.read())
    except HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


def token(exact: FakeExact, headers: Mapping[str, str] | None = None, **fields: str) -> Answer:
    form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **fields}
    head = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    return send(f"{exact.url}/api/oauth2/token", "POST", head, urlencode(form).encode())


def refresh(exact: FakeExact, refresh_token: str) -> Answer:
    return token(exact, grant_type="refresh_token", refresh_token=refresh_token)


class Api:
    """One division, with a token of its own."""

    def __init__(self, exact: FakeExact, division: int = 100001) -> None:
        self.exact = exact
        self.division = division
        self.base = f"{exact.url}/api/v1/{division}"
        self.token = refresh(exact, exact.issue_refresh_token()).json["access_token"]

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **more}

    def get(self, path: str, **options: object) -> Answer:
        query = "&".join(f"${name}={quote(str(value))}" for name, value in options.items())
        return send(f"{self.base}/{path}" + (f"?{query}" if query else ""), headers=self.headers())

    def write(self, method: str, path: str, body: object = None, prefer: str = "", timeout: float = 5) -> Answer:
        more = {"Content-Type": "application/json"} | ({"Prefer": prefer} if prefer else {})
        data = None if body is None else json.dumps(body).encode()
        return send(f"{self.base}/{path}", method, self.headers(**more), data, timeout)

    def post(self, path: str, body: object, timeout: float = 5) -> Answer:
        return self.write("POST", path, body, "return=representation", timeout)

    def invoice(self, *lines: Mapping[str, Any], **header: object) -> dict[str, Any]:
        """The body of an invoice for the collective account; lines get an item when they have none."""
        return {
            "OrderedBy": self.exact.id_of(self.division, "crm/Accounts", "0000001"),
            "Journal": "70",
            "SalesInvoiceLines": [{"Item": self.item("WEBSHOP"), "Quantity": 1, **line} for line in lines],
            **header,
        }

    def item(self, code: str) -> str:
        return self.exact.id_of(self.division, "logistics/Items", code)
