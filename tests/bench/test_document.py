"""What a document costs: statements, and its rate as a part of the rate of the same calls made without the product."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
import requests
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.clients.transport import Request, Response, Transport
from connector.models import OrderSync
from connector.sandbox.catalogue import SHOPS, nlshop
from connector.sandbox.catalogue.build import build
from tests.acme import STORE, Acme
from tests.bench.table import Table

COUNTED, TIMED, RUNS = 10, 40, 3
TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
FIRST_ORDER = 8001


@pytest.mark.usefixtures("one_reading")
@pytest.mark.parametrize(("who", "goals"), [("a known customer", (20, 16)), ("a new customer", (30, 22))])
def test_statements(acme: Acme, table: Table, who: str, goals: tuple[int, int]) -> None:
    """Count what ten printed invoices ask the database, without their deliveries."""
    deliver(acme, place(acme, 1, FIRST_ORDER))
    acme.drain()
    deliver(acme, place(acme, COUNTED, FIRST_ORDER + 1, new=who == "a new customer"))
    with CaptureQueriesContext(database) as captured:
        acme.drain()
    kinds = Counter(query["sql"].split(" ", 1)[0] in TRANSACTIONS for query in captured.captured_queries)
    assert len(acme.invoices()) == COUNTED + 1
    table.add(f"Statements a document, {who}", kinds[False] / COUNTED, goal=goals[0])
    table.add(f"Transactions a document, {who}", kinds[True] / COUNTED, goal=goals[1])


@pytest.mark.usefixtures("one_reading")
def test_rate(acme: Acme, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Post printed invoices of a known customer, then make their calls alone. The best of some runs counts."""
    deliver(acme, place(acme, 1, FIRST_ORDER))
    acme.drain()
    made: list[Request] = []
    send = Transport.send

    def noted(transport: Transport, request: Request, *, deadline: float) -> Response:
        made.append(request)
        return send(transport, request, deadline=deadline)

    monkeypatch.setattr(Transport, "send", noted)
    ours, alone = [], []
    for run in range(RUNS):
        deliver(acme, place(acme, TIMED, FIRST_ORDER + 1 + run * TIMED))
        made.clear()
        ours.append(seconds_of(acme.drain))
        alone.append(seconds_of(lambda: repeat(made)))
    assert OrderSync.objects.filter(state="posted").count() == RUNS * TIMED + 1
    what = f"Documents a second, of the rate of their {len(made) / TIMED:.0f} calls"
    table.add(what, min(alone) / min(ours), goal=0.45, at_least=True)


def place(acme: Acme, orders: int, first: int, *, new: bool = False) -> list[int]:
    """Place orders of one customer, or each of a new one; returns their ids."""
    store, cart = acme.sandbox.stores.store(STORE), nlshop.SOLD[0]
    for number in range(first, first + orders):
        email, name = f"buyer-{number}@shopper.example", f"Visser{number}"  # one name at one postcode is one customer
        buyer = replace(cart.buyer, number=number, email=email, last_name=name) if new else cart.buyer
        store.place(build(SHOPS[0], replace(cart, buyer=buyer), number, acme.sandbox.stores.now()))
    return list(range(first, first + orders))


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
    """How long a work takes, in seconds: the fakes' and the database's time are in it."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before
