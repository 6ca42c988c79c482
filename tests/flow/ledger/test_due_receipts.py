"""Which receipts a posted document has: one row, and none without receipts."""

from typing import Any

import pytest

from connector.flow.ledger import due_receipts
from connector.models import Connection, OrderSync
from tests.cases.outcome import item, refund
from tests.factories import ConnectionFactory, OrderSyncFactory

pytestmark = pytest.mark.django_db
ONE = item("PRODUCT", 1, quantity=1)


def by(provider: str) -> dict[str, Any]:
    paid = [{"id": 1, "provider_id": provider, "amount": "24.20", "is_declined": False}]
    return {"refund": refund("24.20", "4.20", ONE, payments=paid)}


def receipts(connection: Connection, **document: Any) -> list[int]:
    """The sequences of the receipts that a document of an order has after it was posted."""
    posted = OrderSyncFactory.create(connection=connection, posted=True, currency="EUR", **document)
    due_receipts.create_receipt_row(posted)
    due_receipts.create_receipt_row(posted)
    return list(OrderSync.objects.filter(order_id=posted.order_id, kind="receipt").values_list("sequence", flat=True))


@pytest.mark.parametrize(
    ("document", "found"),
    [
        pytest.param({"kind": "invoice"}, [0], id="an invoice, for its first payment"),
        pytest.param({"kind": "invoice", "sequence": 2}, [], id="a later one: its order has them already"),
        pytest.param({"kind": "credit", "sequence": 11, "order_data": by("storecredit")}, [-11], id="store credit"),
        pytest.param({"kind": "credit", "sequence": 11, "order_data": by("cards")}, [], id="money"),
        pytest.param({"kind": "credit", "sequence": 0}, [], id="a cancellation"),
    ],
)
def test_a_posted_document_has_its_receipt_once(document: dict[str, Any], found: list[int]) -> None:
    assert receipts(ConnectionFactory.create(payments="receipts"), **document) == found
    assert receipts(ConnectionFactory.create(payments="off"), **document) == []
