"""One id follows an order from the store's request to its invoice, and no line of the log is personal or secret."""

import json
import logging
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from config.logs import configure_logs
from connector.flow.actions import first_document
from connector.flow.actions.credit_amount import credit_amount
from connector.models import Delivery, ExactGrant, OrderSync
from connector.sandbox.bigcommerce.state import Store
from tests.acme import STORE, Acme


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What the processes write, as JSON."""
    # Loggers in use keep their processors, which the tests that look at events change in place.
    monkeypatch.setattr(structlog, "configure", lambda **_given: None)
    root = logging.getLogger()
    before, level = root.handlers, root.level
    written = StringIO()
    configure_logs("json", stream=written)
    yield written
    root.handlers = before
    root.setLevel(level)


def lines(log: StringIO) -> list[dict[str, Any]]:
    """The events so far."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_one_id_shows_the_whole_way(acme: Acme, log: StringIO) -> None:
    acme.ring(1001)
    acme.drain()
    request = Delivery.objects.get().request
    mine = [line for line in lines(log) if line.get("request") == request]
    moved = [line["state"] for line in mine if line["event"] == "document_moved"]
    assert [line["event"] for line in mine][:2] == ["delivery_stored", "delivery_taken_in"]
    assert moved == ["preparing", "posting", "posted"]
    assert {line["order"] for line in mine} == {1001}
    document = acme.document(1001)
    for line in mine:
        if line["event"] == "document_moved":
            ids = {name: line[name] for name in ("tenant", "division", "document")}
            assert ids == {"tenant": acme.store.tenant_id, "division": 100001, "document": document.pk}


def test_the_id_of_an_order_goes_on_to_its_receipt_and_to_the_credit_note_of_a_refund(
    acme: Acme, shop: Store, log: StringIO
) -> None:
    acme.configure(payments={"mode": "receipts", "journal": "25", "store_credit_account": "1550"}, refunds="credit")
    acme.ring(1001)
    acme.drain()
    shop.refund(1001)
    acme.ring(1001, "store/order/updated")
    acme.drain()
    sold, refunded = Delivery.objects.order_by("pk").values_list("request", flat=True)
    receipts = list(OrderSync.objects.filter(kind="receipt").order_by("pk").values_list("request", flat=True))
    (note,) = acme.credits(1001)
    assert receipts[0] == sold
    assert {note.request, *receipts[1:]} == {refunded}
    mine = [line for line in lines(log) if line.get("request") == refunded]
    assert {line["document"] for line in mine if line["event"] == "document_moved"} >= {note.pk}


def test_what_a_person_has_posted_and_credited_bears_the_id_of_that_press(acme: Acme) -> None:
    with bound_contextvars(request="of-the-press"):
        first_document.choose(acme.connection, 1001, None, "The first one.")
    assert acme.document(1001).request == "of-the-press"
    acme.drain()
    assert acme.document(1001).state == "posted"
    OrderSync.objects.update(change_pending=True)
    with bound_contextvars(request="of-the-next"):
        credit_amount(acme.document(1001), None, "Refunded in the till.", Decimal("1.00"), {})
    assert [note.request for note in acme.credits(1001)] == ["of-the-next"]


def test_another_report_of_the_order_brings_its_own_id(acme: Acme, log: StringIO) -> None:
    acme.ring(1001)
    acme.drain()
    acme.ring(1001, "store/order/updated")
    acme.drain()
    first, second = Delivery.objects.order_by("pk").values_list("request", flat=True)
    assert first != second
    assert acme.document(1001).request == second
    assert [line["event"] for line in lines(log) if line.get("request") == second][:1] == ["delivery_stored"]


def test_nothing_personal_or_secret_is_in_the_log_of_a_whole_way(acme: Acme, log: StringIO) -> None:
    """A good order, one that is refused by Exact with its own words, one that fails, and a request without proof."""
    canaries = {"Zebedee", "Canary Lane 7", "zebedee@canary.example", "Zebra Works"}
    for order_id in (1001, 1002, 1003):
        address = acme.sandbox.stores.store(STORE).orders[order_id].order["billing_address"]
        address |= {
            "first_name": "Zebedee",
            "last_name": "Zebedee",
            "company": "Zebra Works",
            "street_1": "Canary Lane 7",
            "email": "zebedee@canary.example",
        }
        acme.ring(order_id)
    acme.sandbox.exact.faults.add("400:Zebedee of Canary Lane 7 is unknown", "POST", "*SalesInvoices")
    acme.sandbox.stores.faults.add("503_html", "GET", "*orders/1003*")
    acme.settle()
    acme.client.post(f"/webhooks/bigcommerce/{acme.store.webhook_uuid}/", "{}", content_type="application/json")
    grant = ExactGrant.objects.get()
    secrets = {
        grant.access_token,
        grant.refresh_token,
        grant.client_secret,
        acme.store.access_token,
        acme.store.client_secret,
        acme.store.hook_secret,
    }
    written = log.getvalue()
    assert "document_moved" in written
    assert not [word for word in canaries | secrets if word and word in written]
    assert "@" not in written
