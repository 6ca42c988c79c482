"""What people do behind the connector's back in these tests, and what a run reports of it."""

from datetime import date
from decimal import Decimal
from typing import Any

from connector.domain.timing.days import Days
from connector.flow.actions import discrepancies
from connector.flow.reconcile.run import period_of, reconcile
from connector.models import Discrepancy, OrderSync, ReconciliationRun
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import INVOICES, WHY

LINES = "salesinvoice/SalesInvoiceLines"


def days(acme: Acme, first: date | None = None, last: date | None = None) -> Days:
    return period_of(acme.connection, first, last)


def run(acme: Acme, first: date | None = None, last: date | None = None, **more: Any) -> ReconciliationRun:
    return reconcile(acme.connection, days(acme, first, last), **more)


def found(of: ReconciliationRun) -> list[tuple[str, int]]:
    """The open differences: kind and order."""
    rows = of.discrepancies.filter(state="open").order_by("order_id", "kind")
    return list(rows.values_list("kind", "order_id"))


def one(of: ReconciliationRun, kind: str) -> Discrepancy:
    return of.discrepancies.select_related("document", "run__connection__store").get(kind=kind)


def change(acme: Acme, order_id: int, **fields: object) -> dict[str, Any]:
    """Change a printed invoice in Exact, as its own people can; returns it as it was."""
    before = acme.invoice(order_id)
    acme.sandbox.exact.change(DIVISION, INVOICES, before["InvoiceID"], **fields)
    return before


def recode(acme: Acme, order_id: int, code: str) -> tuple[str, str]:
    """Give the first line of an invoice another VAT code; returns the line and its code before."""
    line = acme.invoice(order_id)["SalesInvoiceLines"][0]
    acme.sandbox.exact.change(DIVISION, LINES, line["ID"], VATCode=code)
    return line["ID"], line["VATCode"]


def delete(acme: Acme, order_id: int) -> None:
    acme.sandbox.exact.remove(DIVISION, INVOICES, acme.invoice(order_id)["InvoiceID"])


def hide(acme: Acme, order_id: int) -> None:
    """Let it be as if nobody had ever said that there is such an order."""
    delete(acme, order_id)
    OrderSync.objects.filter(order_id=order_id).delete()


def copy(acme: Acme, order_id: int) -> str:
    """Type an order's invoice once more under the same reference; returns the copy's id."""
    original = acme.invoice(order_id)
    line = original["SalesInvoiceLines"][0]
    typed = acme.sandbox.exact.create(
        DIVISION,
        INVOICES,
        OrderedBy=original["OrderedBy"],
        Journal=original["Journal"],
        YourRef=original["YourRef"],
        SalesInvoiceLines=[{"Item": line["Item"], "Quantity": 1, "NetPrice": 10, "VATCode": line["VATCode"].strip()}],
    )
    return str(typed["InvoiceID"])


def put_right(of: ReconciliationRun, kind: str, order_id: int) -> None:
    """Do what is offered for a difference."""
    row = of.discrepancies.select_related("document", "run__connection__store").get(kind=kind, order_id=order_id)
    discrepancies.carry_out(row, None, WHY)


CENT = Decimal("0.01")
