"""Many orders compared with their books over HTTP: seven deeds behind our back are found, within how many calls.

`RECONCILE=20000` takes so many orders. One of each cart is posted; the others are copies of these on all three sides,
in the store, the ledger and Exact, because posting so many takes an hour. The memory is looked at when a page was
compared and is about to be stored: while the fake store answers, it holds all its orders once more.
"""

import os
import tracemalloc
from copy import deepcopy
from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from connector.flow.reconcile.notes import Notes
from connector.models import OrderSync
from connector.sandbox.catalogue.build import build
from connector.sandbox.catalogue.nlshop import SOLD
from connector.sandbox.catalogue.shops import NLSHOP
from tests.acme import DIVISION, Acme
from tests.bench.table import Table
from tests.flow.by_hand import INVOICES
from tests.flow.reconcile.books import CENT, LINES, change, copy, delete, found, hide, one, put_right, recode, run
from tests.flow.reconcile.conftest import shop_of

ORDERS = int(os.environ.get("RECONCILE", "1000"))
FIRST, BEGAN = 5001, datetime(2026, 2, 1, 6, tzinfo=UTC)
APART = timedelta(days=27) / ORDERS
MB = 1024 * 1024


@pytest.fixture
def sold(acme: Acme) -> Acme:
    """Acme, whose every order is in its books; what follows a sale is credited by itself."""
    acme.configure(refunds="credit", cancellations="credit", edits="credit_and_repost")
    shop = shop_of(acme)
    for order_id in list(shop.orders):
        shop.delete(order_id)
    shop.refunds.clear()
    for place, cart in enumerate(SOLD):
        shop.place(build(NLSHOP, cart, FIRST + place, BEGAN + place * APART))
        acme.ring(FIRST + place)
    acme.drain(20)
    assert set(OrderSync.objects.values_list("state", flat=True)) == {"posted"}
    rows = {row.order_id: row for row in OrderSync.objects.all()}
    of_exact = {number: acme.invoice(number) for number in rows}
    for number in range(FIRST + len(SOLD), FIRST + ORDERS):
        first = FIRST + (number - FIRST) % len(SOLD)
        shop.place(build(NLSHOP, SOLD[first - FIRST], number, BEGAN + (number - FIRST) * APART))
        rows[number] = repeat(acme, rows[first], of_exact[first], number)
    OrderSync.objects.bulk_create([row for row in rows.values() if row.pk is None], batch_size=500)
    acme.connection.refresh_from_db()
    return acme


def repeat(acme: Acme, row: OrderSync, invoice: dict[str, Any], number: int) -> OrderSync:
    """Give another order the same invoice in Exact, of its own day; returns its row of the ledger."""
    division, key = acme.sandbox.exact.divisions[DIVISION], str(uuid4())
    placed = (BEGAN + (number - FIRST) * APART).astimezone(ZoneInfo(acme.store.timezone))
    day = datetime.combine(placed, time())
    made = {**invoice, "InvoiceID": key, "YourRef": f"{acme.store.prefix}-{number}", "InvoiceDate": day}
    made["InvoiceNumber"] = invoice["InvoiceNumber"] + number
    for line in made.pop("SalesInvoiceLines"):
        line_id = str(uuid4())
        division.table(LINES)[line_id] = {**line, "ID": line_id, "InvoiceID": key}
    division.table(INVOICES)[key] = made
    other = deepcopy(row)
    other.pk = None
    other.order_id, other.reference, other.exact_id = number, made["YourRef"], key
    other.exact_number = str(made["InvoiceNumber"])
    assert other.order_data is not None
    other.order_data["order"] |= {name: acme.order(number)[name] for name in ("id", "date_created", "date_modified")}
    other.exact_data = {**(other.exact_data or {}), "date": day.date().isoformat()}
    return other


@pytest.mark.django_db
def test_reconcile(sold: Acme, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare; do seven things of which nobody tells; compare, put all right as is offered, and compare again."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    held, save = [before], Notes.save

    def noted(notes: Notes, cursor: dict[str, Any]) -> None:
        held.append(tracemalloc.get_traced_memory()[0])
        save(notes, cursor)

    monkeypatch.setattr(Notes, "save", noted)
    calls, of_store = sold.exact_calls(), sold.store_calls()
    first = run(sold)
    peak = (max(held) - before) / MB
    tracemalloc.stop()
    assert (found(first), first.figures["orders"], first.figures["documents"]) == ([], ORDERS, ORDERS)
    assert first.complete
    in_exact, in_store = sold.exact_calls() - calls, sold.store_calls() - of_store
    assert (in_exact, in_store) == (first.calls_exact, first.calls_store)
    kept = {place: sold.invoice(order_of(place)) for place in range(3)}
    expected = spoil(sold)
    second = run(sold)
    missed = set(expected) ^ set(found(second))
    put_all_right(sold, second, kept)
    third = run(sold)
    table.add("Reconcile: differences missed or made up, of seven", len(missed), goal=0)
    table.add("Reconcile: differences left after what is offered", len(found(third)), goal=0)
    table.add("Reconcile: calls to Exact beyond one per 60 documents", in_exact - ceil(ORDERS / 60), goal=2)
    table.add("Reconcile: calls to the store beyond one per 250 orders", in_store - ceil(ORDERS / 250), goal=2)
    table.add("Reconcile: peak memory of a run", peak, goal=10, unit="MB")
    assert not missed, found(second)
    assert third.complete, found(third)
    assert second.calls_exact - in_exact <= len(expected)


def order_of(place: int) -> int:
    """The order of a cart that was posted by the connector itself."""
    return FIRST + place


def spoil(acme: Acme) -> list[tuple[str, int]]:
    """Do the seven things; returns what is to be reported."""
    cent, day, code, gone, twice, refunded, hidden = map(order_of, (0, 1, 2, 3, 4, 5, 11))
    change(acme, cent, AmountFC=acme.invoice(cent)["AmountFC"] + CENT)
    change(acme, day, InvoiceDate=datetime.fromisoformat("2026-03-15"))
    recode(acme, code, "1")
    delete(acme, gone)
    copy(acme, twice)
    shop_of(acme).refund(refunded)
    hide(acme, hidden)
    kinds = ("amount", "date", "vat", "deleted", "duplicate", "missing_document", "missing_document")
    return list(zip(kinds, (cent, day, code, gone, twice, refunded, hidden), strict=True))


def put_all_right(acme: Acme, of: Any, kept: dict[int, dict[str, Any]]) -> None:
    """Do what is offered: in Exact as its people would, and here by the action of each difference."""
    change(acme, order_of(0), AmountFC=kept[0]["AmountFC"])
    change(acme, order_of(1), InvoiceDate=kept[1]["InvoiceDate"])
    recode(acme, order_of(2), kept[2]["SalesInvoiceLines"][0]["VATCode"])
    acme.sandbox.exact.remove(DIVISION, INVOICES, one(of, "duplicate").exact_id)
    for kind, place in (("deleted", 3), ("missing_document", 5), ("missing_document", 11)):
        put_right(of, kind, order_of(place))
    acme.settle()
