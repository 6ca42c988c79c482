"""Webhooks of the fake Exact: subscriptions, the handshake, and deliveries of changed accounts."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from connector.sandbox.exact.service import FakeExact
from connector.sandbox.exact.webhooks import post
from tests.sandbox.exact.client import Api

PATH = "webhooks/WebhookSubscriptions"
CALLBACK = "https://portal.example/webhooks/exact/1/"


class Portal:
    """What an address got, and what it answers."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.bodies: list[bytes] = []

    def __call__(self, url: str, body: bytes) -> int:
        assert url == CALLBACK
        self.bodies.append(body)
        return self.status

    def contents(self) -> list[dict[str, Any]]:
        return [json.loads(body)["Content"] for body in self.bodies if body]


@pytest.fixture
def api() -> Iterator[Api]:
    with FakeExact() as exact:
        exact.add_division(100001, "Polderfiets BV", "NL")
        exact.outbox.by_itself = False
        yield Api(exact)


@pytest.fixture
def portal(api: Api) -> Portal:
    """It has subscribed to accounts, and the handshake is over."""
    api.post(PATH, {"Topic": "Accounts", "CallbackURL": CALLBACK})
    api.exact.deliver(Portal())
    return Portal()


def test_a_subscription_is_made_once_for_a_topic_and_deleted(api: Api) -> None:
    made = api.post(PATH, {"Topic": "Accounts", "CallbackURL": CALLBACK})
    assert made.status == 201
    again = api.post(PATH, {"Topic": "Accounts", "CallbackURL": CALLBACK})
    assert (again.status, again.error) == (500, "Gegeven bestaat reeds.")
    (row,) = api.get(PATH).rows
    assert (row["Topic"], row["CallbackURL"], row["Division"]) == ("Accounts", CALLBACK, 100001)
    assert api.write("DELETE", f"{PATH}(guid'{row['ID']}')").status == 204
    assert api.get(PATH).rows == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "Verplicht: Topic\r\nVerplicht: CallbackURL"),
        ({"Topic": "Weather", "CallbackURL": CALLBACK}, "Ongeldig: Topic"),
        ({"Topic": "Accounts", "CallbackURL": "ftp://portal.example/"}, "Ongeldig: CallbackURL"),
    ],
)
def test_refused_subscription(api: Api, body: dict[str, str], text: str) -> None:
    answer = api.post(PATH, body)
    assert (answer.status, answer.error) == (400, text)


def test_another_app_sees_no_subscription_of_ours(api: Api, portal: Portal) -> None:
    api.exact.oauth.grants.popitem()[1].client_id = "another"
    assert api.get(PATH).rows == []


@pytest.mark.parametrize(("status", "left"), [(200, 1), (201, 1), (500, 0), (0, 0)])
def test_a_subscription_lasts_when_its_empty_body_is_answered(api: Api, status: int, left: int) -> None:
    api.post(PATH, {"Topic": "Accounts", "CallbackURL": CALLBACK})
    portal = Portal(status)
    api.exact.deliver(portal)
    assert portal.bodies == [b""]
    assert len(api.get(PATH).rows) == left


def test_every_change_of_an_account_is_reported_with_its_key_alone(api: Api, portal: Portal) -> None:
    account = api.post("crm/Accounts", {"Name": "Klant", "Status": "C"}).json["d"]["ID"]
    api.exact.edit(100001, account, Email="klant@people.example")
    api.exact.change(100001, "crm/Accounts", account, Blocked=True)
    api.exact.delete_account(100001, account)
    assert api.exact.deliver(portal) == [200, 200, 200, 200]
    assert [one["Action"] for one in portal.contents()] == ["Update", "Update", "Update", "Delete"]
    assert {one["Key"] for one in portal.contents()} == {account}
    assert {(one["Topic"], one["Division"]) for one in portal.contents()} == {("Accounts", 100001)}
    assert set(portal.contents()[0]) == {
        *("Topic", "ClientId", "Division", "Action", "Key", "ExactOnlineEndpoint", "EventCreatedOn")
    }


def test_the_hash_is_made_over_the_raw_content(api: Api, portal: Portal) -> None:
    api.exact.set(webhook_key="another")
    api.exact.edit(100001, api.exact.id_of(100001, "crm/Accounts", "0000001"), Phone="1")
    api.exact.deliver(portal)
    content, _, rest = portal.bodies[0].removeprefix(b'{"Content":').rpartition(b',"HashCode":')
    assert rest.decode() == f'"{hmac.new(b"another", content, hashlib.sha256).hexdigest().upper()}"' + "}"


def test_a_delivery_that_is_not_taken_is_kept(api: Api, portal: Portal) -> None:
    api.exact.add_account(100001, Name="Klant")
    assert api.exact.deliver(Portal(503)) == [503]
    assert len(api.exact.outbox.not_taken) == 1


def test_deliveries_are_sent_by_themselves() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    got: list[bytes] = []
    server = HTTPServer(("127.0.0.1", 0), Handler)

    def serve() -> None:
        server.handle_request()
        server.handle_request()

    serving = Thread(target=serve)
    serving.start()
    with FakeExact() as exact:
        exact.add_division(100001, "Polderfiets BV", "NL")
        exact.outbox.public_url = f"http://127.0.0.1:{server.server_port}"
        Api(exact).post(PATH, {"Topic": "Accounts", "CallbackURL": CALLBACK})
        exact.add_account(100001, Name="Klant")
        serving.join(10)
    server.server_close()
    assert [bool(body) for body in got] == [False, True]


def test_an_address_without_an_answer_gives_nothing() -> None:
    assert post("http://127.0.0.1:9/", b"") == 0
