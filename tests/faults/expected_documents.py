"""What Exact must have for a store, and what it has: an invoice per order, a credit note per refund.

Both come from the fakes. A new kind of document needs a new line in `owed` or in `found`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector.domain.credit.credit_note import credit_reference
from connector.domain.invoice.draft import CREDIT_OF, SALES_ENTRY, SALES_INVOICE
from connector.models import Connection
from connector.sandbox import Sandbox

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Owed:
    """A document that must be in Exact once, or else be a visible exception. A credit note has negative amounts."""

    name: str
    kind: str
    type: int
    order_id: int
    sequence: int
    reference: str
    total: Decimal
    vat: Decimal
    whole: bool = True  # of a part, the shop and Exact may round the VAT of each line differently


@dataclass(frozen=True)
class Found:
    """A document in Exact. `status` is None when its kind has none."""

    reference: str
    type: int
    id: str
    number: str
    total: Decimal
    vat: Decimal
    status: int | None
    lines: int


def owed(sandbox: Sandbox, connection: Connection, orders: Iterable[int]) -> Iterator[Owed]:
    """Yield the document of each order, then those of its refunds."""
    store = sandbox.stores.store(connection.store.store_hash)
    form = SALES_ENTRY if connection.document == "sales_entry" else SALES_INVOICE
    for order in orders:
        sold = store.orders[order].order
        reference = f"{connection.store.prefix}-{order}"
        total, tax = Decimal(sold["total_inc_tax"]), Decimal(sold["total_tax"])
        yield Owed(f"Order {order}", "invoice", form, order, 1, reference, total, tax)
        for refund in store.refunds.get(order, []):
            yield _credit(refund, order, form=CREDIT_OF[form], reference=reference, total=total, tax=tax)


def _credit(refund: Mapping[str, Any], order: int, *, form: int, reference: str, total: Decimal, tax: Decimal) -> Owed:
    """The credit note of a refund. An amount for the order as a whole has no tax in the store and takes its share."""
    back, back_tax = Decimal(str(refund["total_amount"])), Decimal(str(refund["total_tax"]))
    if back == total or any(item["item_type"] == "ORDER" for item in refund["items"]):
        back_tax = (tax * back / total).quantize(CENT)
    return Owed(
        f"Refund {refund['id']} of order {order}",
        "credit",
        form,
        order,
        refund["id"],
        credit_reference(reference, refund["id"]),
        -back,
        -back_tax,
        whole=back == total,
    )


def found(sandbox: Sandbox, division: int) -> dict[str, list[Found]]:
    """Return the documents in Exact, by our reference in small letters."""
    by_reference = defaultdict(list)
    invoices = ((row, "InvoiceID", "SalesInvoiceLines") for row in sandbox.exact.invoices(division))
    entries = ((row, "EntryID", "SalesEntryLines") for row in sandbox.exact.entries(division))
    for row, key, lines in (*invoices, *entries):
        document = Found(
            reference=str(row["YourRef"] or "").strip().casefold(),
            type=row["Type"],
            id=row[key],
            number=str(row.get("InvoiceNumber") or ""),
            total=row["AmountFC"],
            vat=row["VATAmountFC"],
            status=row["Status"] if key == "InvoiceID" else None,
            lines=len(row[lines]),
        )
        by_reference[document.reference].append(document)
    return by_reference
