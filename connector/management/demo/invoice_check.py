"""The demo's first check: it compares the stores' orders with Exact's invoices, both read directly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.sandbox import Sandbox

FINAL_STATES = {"posted", "blocked", "skipped", "awaiting_approval"}
PROCESSED, SALES_INVOICE = 50, 8020
TOTAL = gettext_lazy("%(reference)s: total %(sold)s sold, %(booked)s booked")
VAT = gettext_lazy("%(reference)s: VAT %(sold)s sold, %(booked)s booked")


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
        text = (
            _("%(posted)s of %(orders)s posted (%(states)s)")
            if lines
            else _("%(posted)s of %(orders)s posted (nothing read yet)")
        )
        return text % {"posted": self.states["posted"], "orders": len(self.orders), "states": lines}

    @property
    def differences(self) -> list[str]:
        """One sentence for each thing that is wrong."""
        held = [
            _("Order %(order)s: %(state)s %(reason)s")
            % {"order": row["order_id"], "state": row["state"], "reason": row["reason"] or ""}
            for row in self.ledger
            if row["state"] != "posted"
        ]
        by_reference: dict[str, list[Mapping[str, Any]]] = {}
        for invoice in self.invoices:
            by_reference.setdefault(str(invoice["YourRef"]), []).append(invoice)
        without_order = [
            _("Invoice %(reference)s: no order") % {"reference": reference}
            for reference in by_reference.keys() - self.expected.keys()
        ]
        compared = [
            line
            for reference, record in self.expected.items()
            for line in self._compare(reference, record.order, by_reference.get(reference, []))
        ]
        return [*held, *without_order, *compared]

    @property
    def summary(self) -> str:
        """The last line of the output."""
        return _("%(orders)s orders, %(invoices)s invoices, %(differences)s differences") % {
            "orders": len(self.orders),
            "invoices": len(self.invoices),
            "differences": len(self.differences),
        }

    def _compare(self, reference: str, order: Mapping[str, Any], found: list[Mapping[str, Any]]) -> list[str]:
        if len(found) != 1:
            return [_("%(reference)s: %(count)s invoices") % {"reference": reference, "count": len(found)}]
        (invoice,) = found
        pairs = [
            (TOTAL, Decimal(order["total_inc_tax"]), Decimal(invoice["AmountFC"])),
            (VAT, Decimal(order["total_tax"]), Decimal(invoice["VATAmountFC"])),
        ]
        lines = [
            text % {"reference": reference, "sold": sold, "booked": booked}
            for text, sold, booked in pairs
            if sold != booked
        ]
        if invoice["Status"] != PROCESSED:
            lines.append(_("%(reference)s: not printed") % {"reference": reference})
        return lines
