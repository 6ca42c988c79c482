"""What a document costs: statements, and processor time as a multiple of the same calls made without the product."""

import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest
import requests
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.clients.transport import Request, Response, Transport
from tests.acme import STORE, Acme

COUNTED, TIMED = 10, 20  # orders
TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@pytest.mark.usefixtures("one_reading")
def test_a_document(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Post ten orders and count, post twenty and measure, then make the calls of those twenty alone."""
    orders = list(acme.sandbox.stores.store(STORE).orders)
    deliver(acme, orders[:COUNTED])
    with CaptureQueriesContext(database) as captured:
        acme.drain()
    kinds = Counter(query["sql"].split(" ", 1)[0] in TRANSACTIONS for query in captured.captured_queries)
    say(f"statements a document: {kinds[False] / COUNTED:.1f}, and {kinds[True] / COUNTED:.1f} of transactions")

    made: list[Request] = []
    send = Transport.send

    def noted(transport: Transport, request: Request, *, deadline: float) -> Response:
        made.append(request)
        return send(transport, request, deadline=deadline)

    monkeypatch.setattr(Transport, "send", noted)
    deliver(acme, orders[COUNTED : COUNTED + TIMED])
    ours = seconds_of(acme.drain) / TIMED
    alone = seconds_of(lambda: repeat(made)) / TIMED
    say(f"processor time a document: {ours * 1000:.0f} ms")
    say(f"that is {ours / alone:.1f} times the time of its {len(made) / TIMED:.1f} calls alone")
    posted = sum(acme.document(order).state == "posted" for order in orders[: COUNTED + TIMED])
    say(f"posted: {posted} of {COUNTED + TIMED}")
    assert posted == COUNTED + TIMED


def deliver(acme: Acme, orders: list[int]) -> None:
    for order in orders:
        assert acme.ring(order) == 200


def repeat(calls: list[Request]) -> None:
    """Make the same calls with a plain session. What the fakes answer to a repeated write does not matter here."""
    with requests.Session() as session:
        for call in calls:
            headers = {**call.headers, "Content-Type": "application/json", "Accept": "application/json"}
            session.request(call.method, call.full_url, data=call.body(), headers=headers, timeout=30)


def seconds_of(work: Callable[[], object]) -> float:
    """The processor time (seconds) of this process, in which the fakes run too."""
    before = time.process_time()
    work()
    return time.process_time() - before


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
