"""The demo's second act: merchants refund, cancel and edit what was invoiced, and credit notes follow."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.management.demo.tally import AT_REST, PROCESSED
from connector.sandbox import Sandbox
from connector.sandbox.catalogue import OrderRecord

CREDIT_NOTE, SALES_INVOICE, CANCELLED = 8021, 8020, 5
Row = Mapping[str, Any]


class Afterwards:
    """Compares every order as it is now, less what was given back, with all of its documents in Exact."""

    def __init__(self, sandbox: Sandbox, ledger: Sequence[Row]) -> None:
        self.sandbox = sandbox
        self.ledger = ledger
        self.orders = {self._reference(record): record for record in sandbox.orders}
        self.documents: dict[str, list[Row]] = {reference: [] for reference in self.orders}
        for code in sandbox.exact.divisions:
            for row in sandbox.exact.invoices(code):
                self.documents["-".join(str(row["YourRef"]).split("-")[:2])].append(row)

    @property
    def at_rest(self) -> bool:
        """Whether nothing more is to come, and every refund, cancellation and edit has been answered."""
        credits = [row for row in self.ledger if row["kind"] == "credit"]
        answered = len(credits) >= len(self.refunds) + self._number("cancel") + self._number("edit")
        return answered and all(row["state"] in AT_REST for row in self.ledger)

    @property
    def refunds(self) -> dict[str, Row]:
        """What the stores gave back, by the reference that its credit note must have."""
        return {
            f"{reference}-C{refund['id']}": refund
            for reference, record in self.orders.items()
            for refund in self._store(record).refunds.get(record.order_id, [])
            if not all(payment["is_declined"] for payment in refund["payments"])
        }

    @property
    def differences(self) -> list[str]:
        """Every order whose documents are not together what it is now, a sentence each."""
        notes = {row["YourRef"]: row for rows in self.documents.values() for row in rows}
        told = []
        for reference, refund in self.refunds.items():
            note, meant = notes.get(reference), -Decimal(str(refund["total_amount"]))
            if note is None or (note["Type"], note["AmountFC"]) != (CREDIT_NOTE, meant):
                told.append(f"{reference}: {meant} given back, {note and note['AmountFC']} credited")
        for reference, record in self.orders.items():
            booked = sum((row["AmountFC"] for row in self.documents[reference]), Decimal(0))
            if booked != self._remaining(record):
                told.append(f"{reference}: {self._remaining(record)} remains of it, {booked} is booked")
            told += [
                f"{row['YourRef']}: not printed" for row in self.documents[reference] if row["Status"] != PROCESSED
            ]
        return told

    @property
    def summary(self) -> str:
        """The closing line."""
        types = [row["Type"] for rows in self.documents.values() for row in rows]
        anew = types.count(SALES_INVOICE) - len(self.orders)
        return (
            f"{len(self.refunds)} refunds, {self._number('cancel')} cancelled, {self._number('edit')} edited: "
            f"{types.count(CREDIT_NOTE)} credit notes, {anew} invoiced anew, {len(self.differences)} differences"
        )

    def _remaining(self, record: OrderRecord) -> Decimal:
        """What the customer owes or has paid of the order in the end."""
        if record.order["status_id"] == CANCELLED:
            return Decimal(0)
        mine = [refund for refund in self.refunds.values() if self._is_of(refund, record)]
        return Decimal(record.order["total_inc_tax"]) - sum((Decimal(str(r["total_amount"])) for r in mine), Decimal(0))

    def _is_of(self, refund: Row, record: OrderRecord) -> bool:
        return refund in self._store(record).refunds.get(record.order_id, [])

    def _number(self, deed: str) -> int:
        return sum(each.what == deed for record in self.sandbox.orders for each in record.later)

    def _store(self, record: OrderRecord) -> Any:
        return self.sandbox.stores.store(record.store_hash)

    def _reference(self, record: OrderRecord) -> str:
        return f"{self._store(record).shop.prefix}-{record.order_id}"
