"""The migration that makes the receipt of an order its first one: it keeps what was booked, and books nothing again."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection as database

from connector.models import OrderSync
from tests.factories import ConnectionFactory, OrderSyncFactory

migration = import_module("connector.migrations.0013_a_receipt_for_each_payment")


@pytest.mark.django_db
def test_receipts_are_renumbered_in_batches_and_keep_what_was_booked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "BATCH", 2)
    connection = ConnectionFactory.create()
    for order_id in range(1001, 1006):
        for kind in ("invoice", "receipt"):
            OrderSyncFactory.create(
                connection=connection,
                order_id=order_id,
                kind=kind,
                state="posted",
                exact_id=f"{kind}-{order_id}",
                reference=f"SHOP-{order_id}" if kind == "invoice" else f"SHOP-{order_id}-P",
                order_data={"receipt": {"settled": "17.90"}},
            )
    OrderSyncFactory.create(connection=connection, order_id=1006, kind="receipt", state="skipped", reason="person")
    for _ in range(2):  # what was interrupted is run again
        migration.renumber(apps, SimpleNamespace(connection=database))
    rows = OrderSync.objects.order_by("order_id", "kind")
    assert {row.sequence for row in rows if row.kind == "invoice"} == {1}
    assert {(row.sequence, row.state) for row in rows if row.kind == "receipt"} == {(0, "posted"), (0, "skipped")}
    kept = [(row.exact_id, row.reference) for row in rows if row.kind == "receipt" and row.state == "posted"]
    assert kept == [(f"receipt-{order_id}", f"SHOP-{order_id}-P") for order_id in range(1001, 1006)]
    assert all(row.order_data for row in rows if row.state == "posted")
