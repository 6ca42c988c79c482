"""The shop that nobody has connected yet."""

import json
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest

from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import CREATED
from connector.sandbox.http.messages import Headers, Incoming
from connector.sandbox.newcomer import APP_ID, APP_SECRET, DIVISION, ORDERS, SHOP, Newcomer
from tests.sandbox.bigcommerce.client import Api, call
from tests.sandbox.bigcommerce.receiver import Receiver


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as both:
        yield both


@pytest.fixture(scope="module")
def newcomer(sandbox: Sandbox) -> Newcomer:
    return Newcomer.open(sandbox.stores, sandbox.exact)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


def test_its_orders_are_spread_over_the_last_ninety_days(newcomer: Newcomer) -> None:
    now = newcomer.stores.now()
    ages = [now - parsedate_to_datetime(record.order["date_created"]) for record in newcomer.store.orders.values()]
    assert len(ages) >= ORDERS
    assert max(ages) < timedelta(days=90)
    assert min(ages) < timedelta(days=1)
    assert sum(age < timedelta(days=30) for age in ages) >= 40


def test_the_credentials_file_opens_the_store(sandbox: Sandbox, newcomer: Newcomer) -> None:
    lines = dict(line.split(": ") for line in newcomer.credentials_file.splitlines())
    path = urlsplit(lines["API PATH"]).path.replace("/v3/", "/v2/store")
    answer = call(f"{sandbox.store_url}{path}", token=lines["ACCESS TOKEN"])
    assert (answer.status, answer.json["name"]) == (200, SHOP.name)


def test_its_app_sees_its_own_division_only(newcomer: Newcomer) -> None:
    oauth = newcomer.exact.oauth
    query = {"client_id": APP_ID, "redirect_uri": "http://127.0.0.1/", "response_type": "code", "approve": "1"}
    oauth.authorize(Incoming("GET", "/api/oauth2/auth", query, "", Headers(), b""))
    (code,) = oauth.codes.values()
    assert code.divisions == frozenset({DIVISION})
    assert oauth.clients[APP_ID] == APP_SECRET


def test_its_division_has_invoices_that_somebody_typed(newcomer: Newcomer) -> None:
    invoices = newcomer.exact.invoices(DIVISION)
    assert len(invoices) >= 20
    assert {line["VATCode"].strip() for each in invoices for line in each["SalesInvoiceLines"]} == {"1", "2"}


def test_a_shopper_orders_once_there_is_a_hook(sandbox: Sandbox, newcomer: Newcomer, receiver: Receiver) -> None:
    sender = sandbox.sender()
    assert newcomer.take_an_order(sender) is None
    body = {"scope": CREATED, "destination": f"{receiver.url}/hook/"}
    assert Api(sandbox.stores, SHOP).send("POST", "v3/hooks", body).status == 200
    record = newcomer.take_an_order(sender)
    assert record is not None
    assert record.order_id in newcomer.store.orders
    ((path, _headers, delivered),) = receiver.received
    assert path == "/hook/"
    assert json.loads(delivered)["data"]["id"] == record.order_id
