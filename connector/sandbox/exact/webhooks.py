"""Webhooks of the fake Exact: subscriptions per app and division, and deliveries that carry keys only.

Known: the verbs and properties of a subscription; one for each topic; an empty body a second after it was made, to be
answered with 200 or 201; the body of a delivery; `HashCode` is the upper-case hex HMAC-SHA256 of the raw content, made
with the app's secret. Assumed: Exact drops a subscription whose empty body is not answered; our own writes are
reported too; EventCreatedOn is the server's local time. Left out: the ten retries of a delivery that is not taken.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from urllib.parse import urlsplit

from connector.sandbox.exact.state import Division, Row
from connector.sandbox.exact.texts import EXISTS, Problems, invalid, mandatory

SUBSCRIPTIONS = "webhooks/WebhookSubscriptions"
TOPICS = {"Accounts", "Contacts", "Items", "SalesInvoices", "FinancialTransactions"}
TIMEOUT_SECONDS = 10.0
TAKEN = (200, 201)
# Sends a body to an address, and returns the status of the answer, 0 for none.
Post = Callable[[str, bytes], int]


def create_subscription(division: Division, values: Row) -> Row:
    """POST webhooks/WebhookSubscriptions; `ClientID` is the app's. A second one for a topic is refused."""
    problems = Problems()
    for name in ("Topic", "CallbackURL"):
        if not values.get(name):
            problems.add(mandatory(name))
    if values.get("Topic") and values["Topic"] not in TOPICS:
        problems.add(invalid("Topic"))
    if values.get("CallbackURL") and urlsplit(values["CallbackURL"]).scheme not in ("https", "http"):
        problems.add(invalid("CallbackURL"))
    mark = (values.get("ClientID"), values.get("Topic"))
    if any((row["ClientID"], row["Topic"]) == mark for row in division.table(SUBSCRIPTIONS).values()):
        problems.add(EXISTS, 500)
    problems.check()
    return division.insert(SUBSCRIPTIONS, values)


def content_of(division: Division, row: Row, root: str, key: str, action: str) -> bytes:
    """The raw content of a delivery about an account."""
    content = {
        "Topic": row["Topic"],
        "ClientId": row["ClientID"],
        "Division": division.code,
        "Action": action,
        "Key": key,
        "ExactOnlineEndpoint": f"{root}/api/v1/{division.code}/crm/Accounts(guid'{key}')",
        "EventCreatedOn": division.local_moment().isoformat(timespec="microseconds"),
    }
    return json.dumps(content, separators=(",", ":")).encode()


def signed(content: bytes, secret: str) -> bytes:
    """The body of a delivery: the content with its hash."""
    digest = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest().upper()
    return b'{"Content":' + content + b',"HashCode":"' + digest.encode() + b'"}'


@dataclass(frozen=True, slots=True)
class Delivery:
    """What waits to be sent to a subscription's address. An empty body is the handshake."""

    division: int
    subscription: str
    url: str
    body: bytes


class Outbox:
    """Deliveries that wait, and those that were not taken. It is used under the service's lock."""

    def __init__(self) -> None:
        self.waiting: deque[Delivery] = deque()
        self.not_taken: list[Delivery] = []
        self.by_itself = True  # sends in a thread of its own
        self.public_url = ""  # the scheme and host at which the connector really listens, if its addresses have another
        self._sends = False

    def take_in(self, division: Division, root: str, secret: str) -> None:
        """Make a delivery of each change of a division's accounts that a subscription is for."""
        events, division.events = division.events, []
        if not events:
            return
        for row in division.table(SUBSCRIPTIONS).values():
            for key, action in events if row["Topic"] == "Accounts" else ():
                self.put(division, row, signed(content_of(division, row, root, key, action), secret))

    def put(self, division: Division, row: Row, body: bytes) -> None:
        """Have a body sent to a subscription's address."""
        self.waiting.append(Delivery(division.code, row["ID"], row["CallbackURL"], body))

    def begin(self, send: Callable[[], object]) -> None:
        """Have a thread call `send`, unless one does, or nothing is to be sent by itself."""
        if self.by_itself and self.waiting and not self._sends:
            self._sends = True
            Thread(target=send, name="exact webhooks", daemon=True).start()

    def next(self) -> Delivery | None:
        """Take the next delivery; None, and the thread ends, when there is none."""
        if self.waiting:
            return self.waiting.popleft()
        self._sends = False
        return None

    def note(self, division: Division, delivery: Delivery, status: int) -> None:
        """Note the answer to a delivery. A subscription whose handshake was not taken is dropped."""
        if status in TAKEN:
            return
        if delivery.body:
            self.not_taken.append(delivery)
        else:
            division.table(SUBSCRIPTIONS).pop(delivery.subscription, None)


def post(url: str, body: bytes, public_url: str = "") -> int:
    """Send a body over the network; 0 when there is no answer."""
    target = urlsplit(url)
    host = urlsplit(public_url) if public_url else target
    kind = http.client.HTTPSConnection if host.scheme == "https" else http.client.HTTPConnection
    connection = kind(host.netloc, timeout=TIMEOUT_SECONDS)
    try:
        headers = {"Content-Type": "application/json"} if body else {}
        connection.request("POST", target._replace(scheme="", netloc="").geturl(), body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
