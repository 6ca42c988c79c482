"""A backfill of many orders, some of which somebody has typed into Exact by hand: what is adopted, doubled and called.

`BACKFILL=5000` takes so many orders. A fifth of them is typed in; a fifth of these bears no number and is known
by customer, amount and day alone, and one of 25 is dated a day later.
"""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from connector.flow.inbox.backfill import run as backfill
from connector.models import BackfillRun, OrderSync
from connector.sandbox.catalogue.build import build
from connector.sandbox.catalogue.nlshop import CARTS
from connector.sandbox.catalogue.shops import NLSHOP
from tests.acme import DIVISION, STORE, Acme
from tests.bench.table import Table
from tests.flow.inbox.backfill.hand import SAME, STYLES, type_in

ORDERS = int(os.environ.get("BACKFILL", "500"))
FIRST, BEGAN = 5001, datetime(2026, 2, 1, tzinfo=UTC)
# Two orders of one cart are further apart than the days in which a document is taken for an order.
APART = min(timedelta(hours=5), timedelta(days=240) / ORDERS)
TYPED = range(FIRST, FIRST + ORDERS, 5)
# The store has orders of January too; they are no part of it.
GIVEN = ("--tenant=demo", f"--store={STORE}", f"--since={BEGAN:%Y-%m-%d}")


class Killed(BaseException):
    """The process of the command dies."""


@pytest.mark.django_db
def test_a_backfill_of_many_orders(acme: Acme, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Type a fifth of the orders in, kill the backfill in the middle, let it go on, and post the rest."""
    store = acme.sandbox.stores.store(STORE)
    for number in range(ORDERS):
        store.place(build(NLSHOP, CARTS[number % len(CARTS)], FIRST + number, BEGAN + number * APART))
    books = {
        number: type_in(acme, number, STYLES[-1] if at % 25 == 24 else (*STYLES[:4], SAME)[at % 5])
        for at, number in enumerate(TYPED)
    }
    calls = acme.exact_calls()
    until = f"--until={(BEGAN + ORDERS * APART).date()}"
    keeps, keep = [0], backfill._Turn._keep

    def dies(turn: backfill._Turn) -> None:
        keep(turn)
        keeps[0] += turn.run.step == backfill.Step.LEDGER
        if keeps[0] == 3:  # the end of the comparison, and two batches
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(backfill._Turn, "_keep", dies)
        with pytest.raises(Killed):
            call_command("backfill", *GIVEN, until)
    assert 0 < OrderSync.objects.count() < ORDERS
    call_command("backfill", *GIVEN, until)
    run = BackfillRun.objects.get()
    reading = acme.exact_calls() - calls
    call_command("drain", "--until-idle", verbosity=0)
    documents = acme.sandbox.exact.invoices(DIVISION)
    ours = {row.get("YourRef"): row["InvoiceID"] for row in documents}
    doubled = [number for number, key in books.items() if ours.get(f"{acme.store.prefix}-{number}", key) != key]
    posted = OrderSync.objects.filter(state="posted", kind="invoice").count()
    held = OrderSync.objects.filter(state="blocked").count()
    table.add("Backfill: orders that are in Exact twice", len(doubled), goal=0)
    table.add("Backfill: adopted, of those typed by hand", run.adopted / len(books), goal=0.95, at_least=True)
    table.add("Backfill: calls to Exact for reading, an order", reading / ORDERS, goal=0.1)
    assert len(documents) == posted - run.adopted + len(books)
    assert posted + held == ORDERS
    assert run.adopted + run.likely >= len(books)
    assert run.likely <= held
