"""The demo's second check: merchants refund, cancel and edit invoiced orders, and credit notes follow."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from connector.management.demo.invoice_check import FINAL_STATES, PROCESSED
from connector.sandbox import Sandbox
from connector.sandbox.catalogue import OrderRecord

CREDIT_NOTE, SALES_INVOICE, CANCELLED = 8021, 8020, 5
Row = Mapping[str, Any]


class CreditCheck:
    """Compares what remains of every order, without its refunds, with the sum of its documents in Exact."""

    def __init__(self, sandbox: Sandbox, ledger: Sequence[Row]) -> None:
        self.sandbox = sandbox
        self.ledger = ledger
        self.orders = {self._reference(record): record for record in sandbox.orders}
        self.documents: dict[str, list[Row]] = {reference: [] for reference in self.orders}
        for code in sandbox.exact.divisions:
            for row in sandbox.exact.invoices(code):
                self.documents["-".join(str(row["YourRef"]).split("-")[:2])].append(row)

    @property
    def is_finished(self) -> bool:
        """Whether every refund, cancellation and edit has its credit note, and no document is in work."""
        credits = [row for row in self.ledger if row["kind"] == "credit"]
        answered = len(credits) >= len(self.refunds) + self._count_changes("cancel") + self._count_changes("edit")
        return answered and all(row["state"] in FINAL_STATES for row in self.ledger)

    @property
    def refunds(self) -> dict[str, Row]:
        """The refunds, by the reference that their credit note must have."""
        return {
            f"{reference}-C{refund['id']}": refund
            for reference, record in self.orders.items()
            for refund in self._store(record).refunds.get(record.order_id, [])
            if not all(payment["is_declined"] for payment in refund["payments"])
        }

    @property
    def differences(self) -> list[str]:
        """One sentence for each order whose documents do not add up to what remains of it."""
        notes = {row["YourRef"]: row for rows in self.documents.values() for row in rows}
        lines = []
        for reference, refund in self.refunds.items():
            note, meant = notes.get(reference), -Decimal(str(refund["total_amount"]))
            if note is None or (note["Type"], note["AmountFC"]) != (CREDIT_NOTE, meant):
                text = _("%(reference)s: %(meant)s given back, %(credited)s credited")
                credited = note and note["AmountFC"]
                lines.append(text % {"reference": reference, "meant": meant, "credited": credited})
        for reference, record in self.orders.items():
            booked = sum((row["AmountFC"] for row in self.documents[reference]), Decimal(0))
            if booked != self._remaining(record):
                text = _("%(reference)s: %(remaining)s remains of it, %(booked)s is booked")
                lines.append(text % {"reference": reference, "remaining": self._remaining(record), "booked": booked})
            lines += [
                _("%(reference)s: not printed") % {"reference": row["YourRef"]}
                for row in self.documents[reference]
                if row["Status"] != PROCESSED
            ]
        return lines

    @property
    def summary(self) -> str:
        """The last line of the output."""
        types = [row["Type"] for rows in self.documents.values() for row in rows]
        cancelled, edited = self._count_changes("cancel"), self._count_changes("edit")
        again = types.count(SALES_INVOICE) - len(self.orders)
        text = _(
            "%(refunds)s refunds, %(cancelled)s cancelled, %(edited)s edited: %(notes)s credit notes, "
            "%(again)s invoiced anew, %(differences)s differences"
        )
        return text % {
            "refunds": len(self.refunds),
            "cancelled": cancelled,
            "edited": edited,
            "notes": types.count(CREDIT_NOTE),
            "again": again,
            "differences": len(self.differences),
        }

    def _remaining(self, record: OrderRecord) -> Decimal:
        """Return the order's total without its refunds; nothing when it is cancelled."""
        if record.order["status_id"] == CANCELLED:
            return Decimal(0)
        mine = [refund for refund in self.refunds.values() if self._is_of(refund, record)]
        return Decimal(record.order["total_inc_tax"]) - sum((Decimal(str(r["total_amount"])) for r in mine), Decimal(0))

    def _is_of(self, refund: Row, record: OrderRecord) -> bool:
        return refund in self._store(record).refunds.get(record.order_id, [])

    def _count_changes(self, kind: str) -> int:
        return sum(change.what == kind for record in self.sandbox.orders for change in record.later)

    def _store(self, record: OrderRecord) -> Any:
        return self.sandbox.stores.store(record.store_hash)

    def _reference(self, record: OrderRecord) -> str:
        return f"{self._store(record).shop.prefix}-{record.order_id}"
