"""A connection in shadow mode: orders come, and a bookkeeper types their invoices into Exact by hand."""

from datetime import UTC, datetime
from typing import Any

from connector.domain.invoice.draft import Draft
from connector.flow.setup.shadow import run as shadow_run
from connector.flow.setup.shadow.drafts import in_shadow
from connector.models import ShadowRun
from tests.acme import DIVISION, Acme
from tests.flow.inbox.backfill.hand import INVOICES, account_of

LINES = "salesinvoice/SalesInvoiceLines"


def translate(acme: Acme, number: int = 24, first: int = 1001) -> list[int]:
    """Let orders come in shadow mode; returns those that have a draft."""
    if acme.connection.mode != "shadow":
        acme.configure(mode="shadow")
        acme.connection.refresh_from_db()
    for order_id in range(first, first + number):
        acme.ring(order_id)
    acme.settle()
    return sorted(in_shadow(acme.connection).values_list("order_id", flat=True))


def draft_of(acme: Acme, order_id: int) -> Draft:
    """The draft of an order."""
    return Draft.from_json(acme.document(order_id).draft or {})


def type_in(acme: Acme, order_id: int, *, price: Any = None, **first_line: Any) -> str:
    """Type an order into Exact as our draft has it, but for what is given of its first line; returns its id."""
    draft, exact = draft_of(acme, order_id), acme.sandbox.exact
    lines: list[dict[str, Any]] = [
        {
            "Item": line.item_id,
            "Quantity": str(line.quantity),
            "NetPrice": str(line.net_price),
            "VATCode": line.vat_code,
            "GLAccount": line.gl_account_id,
            "CostCenter": line.cost_center or None,
        }
        for line in draft.lines
    ]
    if price is not None:
        first_line["NetPrice"] = str(draft.lines[0].net_price + price)
    lines[0] |= first_line
    made = exact.create(
        DIVISION,
        INVOICES,
        OrderedBy=account_of(acme, acme.order(order_id)),
        Journal="70",
        Currency=draft.currency,
        YourRef=str(order_id),
        SalesInvoiceLines=lines,
    )
    day = datetime(draft.order_date.year, draft.order_date.month, draft.order_date.day, tzinfo=UTC)
    exact.change(DIVISION, INVOICES, made["InvoiceID"], InvoiceDate=day.replace(tzinfo=None))
    return str(made["InvoiceID"])


def compared(acme: Acme, most: int = 9) -> ShadowRun:
    """Compare, by as many turns as it takes."""
    run = shadow_run.start(acme.connection, None)
    for _turn in range(most):
        shadow_run.go_on(run.pk)
    run.refresh_from_db()
    return run


def named(run: ShadowRun) -> set[tuple[int, str]]:
    """The orders that differ, each with the field."""
    return {(row["order"], row["field"]) for row in run.result["differences"]}
