"""The count: what the stores sold against what Exact holds, both asked directly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.sandbox import Sandbox

AT_REST = {"posted", "blocked", "skipped", "awaiting_approval"}
PROCESSED, SALES_INVOICE = 50, 8020


class Tally:
    """Compares every order with the invoices that carry its reference, to the cent."""

    def __init__(self, sandbox: Sandbox, ledger: Sequence[Mapping[str, Any]]) -> None:
        self.orders = sandbox.orders
        self.ledger = [row for row in ledger if row["kind"] == "invoice"]
        self.states = Counter(str(row["state"]) for row in self.ledger)
        self.expected = {f"{sandbox.stores.store(o.store_hash).shop.prefix}-{o.order_id}": o for o in self.orders}
        rows = [row for code in sandbox.exact.divisions for row in sandbox.exact.invoices(code)]
        self.invoices = [row for row in rows if row["Type"] == SALES_INVOICE]

    @property
    def at_rest(self) -> bool:
        """Whether every order has come to its end."""
        return len(self.ledger) == len(self.orders) and set(self.states) <= AT_REST

    @property
    def progress(self) -> str:
        """How far it is."""
        told = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return f"{self.states['posted']} of {len(self.orders)} posted ({told or 'nothing read yet'})"

    @property
    def differences(self) -> list[str]:
        """Everything that is not as it must be, a sentence each."""
        held = [
            f"Order {r['order_id']}: {r['state']} {r['reason'] or ''}" for r in self.ledger if r["state"] != "posted"
        ]
        by_reference: dict[str, list[Mapping[str, Any]]] = {}
        for invoice in self.invoices:
            by_reference.setdefault(str(invoice["YourRef"]), []).append(invoice)
        strangers = [f"Invoice {reference}: no order" for reference in by_reference.keys() - self.expected.keys()]
        compared = [
            line
            for reference, record in self.expected.items()
            for line in self._compare(reference, record.order, by_reference.get(reference, []))
        ]
        return [*held, *strangers, *compared]

    @property
    def summary(self) -> str:
        """The closing line."""
        return f"{len(self.orders)} orders, {len(self.invoices)} invoices, {len(self.differences)} differences"

    def _compare(self, reference: str, order: Mapping[str, Any], found: list[Mapping[str, Any]]) -> list[str]:
        if len(found) != 1:
            return [f"{reference}: {len(found)} invoices"]
        (invoice,) = found
        pairs = [
            ("total", Decimal(order["total_inc_tax"]), Decimal(invoice["AmountFC"])),
            ("VAT", Decimal(order["total_tax"]), Decimal(invoice["VATAmountFC"])),
        ]
        told = [f"{reference}: {what} {ours} sold, {theirs} booked" for what, ours, theirs in pairs if ours != theirs]
        if invoice["Status"] != PROCESSED:
            told.append(f"{reference}: not printed")
        return told
