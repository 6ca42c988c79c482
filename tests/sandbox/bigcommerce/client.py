"""A bare client of the fake stores for these tests: urllib over a real socket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.catalogue import Shop

_opener = build_opener(ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(url: str, *, token: str | None = None, method: str = "GET", body: object = None, query: Any = None) -> Answer:
    headers = {"Accept": "application/json"} | ({"X-Auth-Token": token} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = Request(url + ("?" + urlencode(query) if query else ""), data, headers, method=method)
    try:
        with _opener.open(request, timeout=5) as response:
            return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())
    except HTTPError as error:
        with error:
            return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


class Api:
    """One store, called with its own token."""

    def __init__(self, stores: FakeStores, shop: Shop, token: str | None = None) -> None:
        self.base = f"{stores.url}/stores/{shop.store_hash}"
        self.token = token or shop.access_token

    def get(self, path: str, **query: object) -> Answer:
        return call(f"{self.base}/{path}", token=self.token, query=query)

    def send(self, method: str, path: str, body: object = None) -> Answer:
        return call(f"{self.base}/{path}", token=self.token, method=method, body=body)
