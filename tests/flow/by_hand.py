"""What people do in these tests: post an order, hold it, re-post it."""

from datetime import timedelta
from typing import Any

from connector.flow.actions.connections import pull_master_data
from connector.flow.actions.documents import re_post
from connector.flow.clock import database_now
from connector.models import OrderSync
from tests.acme import Acme

WHY = "Anna called"
INVOICES = "salesinvoice/SalesInvoices"
CREATE, PRINT = "*salesinvoice/SalesInvoices", "*salesinvoice/PrintedSalesInvoices*"


def post(acme: Acme, order_id: int = 1001) -> OrderSync:
    acme.ring(order_id)
    acme.drain()
    return acme.document(order_id)


def again(acme: Acme, document: OrderSync) -> OrderSync:
    """Re-post it and let the lane work."""
    re_post(document, None, WHY)
    acme.drain()
    return acme.document(document.order_id)


def pull(acme: Acme) -> None:
    pull_master_data(acme.connection.division, None, WHY)


def put(document: OrderSync, state: str) -> None:
    """Set a document's state directly, without the ledger's transitions."""
    facts: dict[str, Any] = {"exact_id": "an-id" if state == "posted" else ""}
    facts["reason"] = {"blocked": "mapping", "skipped": "status"}.get(state, "")
    due = state in {"pending", "waiting", "uncertain"}
    facts["next_attempt_at"] = database_now() + timedelta(hours=1) if due else None
    OrderSync.objects.filter(pk=document.pk).update(state=state, **facts)
    document.refresh_from_db()


def unprinted(acme: Acme) -> OrderSync:
    """Order 1001, its invoice open in Exact: the printing was refused."""
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", PRINT)
    document = post(acme)
    assert (document.state, bool(document.exact_id)) == ("blocked", True)
    return document
