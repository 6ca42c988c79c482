"""The demo's first check: it compares the stores' orders with Exact's invoices, both read directly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.sandbox import Sandbox

FINAL_STATES = {"posted", "blocked", "skipped", "awaiting_approval"}
PROCESSED, SALES_INVOICE = 50, 8020


class InvoiceCheck:
    """Compares every order with the invoices that carry its reference, to the cent."""

    def __init__(self, sandbox: Sandbox, ledger: Sequence[Mapping[str, Any]]) -> None:
        self.orders = sandbox.orders
        self.ledger = [row for row in ledger if row["kind"] == "invoice"]
        self.states = Counter(str(row["state"]) for row in self.ledger)
        self.expected = {f"{sandbox.stores.store(o.store_hash).shop.prefix}-{o.order_id}": o for o in self.orders}
        rows = [row for code in sandbox.exact.divisions for row in sandbox.exact.invoices(code)]
        self.invoices = [row for row in rows if row["Type"] == SALES_INVOICE]

    @property
    def is_finished(self) -> bool:
        """Whether every order has a document in a final state."""
        return len(self.ledger) == len(self.orders) and set(self.states) <= FINAL_STATES

    @property
    def progress(self) -> str:
        """How many documents are posted, and the number in each state."""
        lines = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return f"{self.states['posted']} of {len(self.orders)} posted ({lines or 'nothing read yet'})"

    @property
    def differences(self) -> list[str]:
        """One sentence for each thing that is wrong."""
        held = [
            f"Order {r['order_id']}: {r['state']} {r['reason'] or ''}" for r in self.ledger if r["state"] != "posted"
        ]
        by_reference: dict[str, list[Mapping[str, Any]]] = {}
        for invoice in self.invoices:
            by_reference.setdefault(str(invoice["YourRef"]), []).append(invoice)
        without_order = [f"Invoice {reference}: no order" for reference in by_reference.keys() - self.expected.keys()]
        compared = [
            line
            for reference, record in self.expected.items()
            for line in self._compare(reference, record.order, by_reference.get(reference, []))
        ]
        return [*held, *without_order, *compared]

    @property
    def summary(self) -> str:
        """The last line of the output."""
        return f"{len(self.orders)} orders, {len(self.invoices)} invoices, {len(self.differences)} differences"

    def _compare(self, reference: str, order: Mapping[str, Any], found: list[Mapping[str, Any]]) -> list[str]:
        if len(found) != 1:
            return [f"{reference}: {len(found)} invoices"]
        (invoice,) = found
        pairs = [
            ("total", Decimal(order["total_inc_tax"]), Decimal(invoice["AmountFC"])),
            ("VAT", Decimal(order["total_tax"]), Decimal(invoice["VATAmountFC"])),
        ]
        lines = [f"{reference}: {what} {ours} sold, {theirs} booked" for what, ours, theirs in pairs if ours != theirs]
        if invoice["Status"] != PROCESSED:
            lines.append(f"{reference}: not printed")
        return lines
