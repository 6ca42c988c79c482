"""The demo's second act: the stores give money back, and credit notes follow."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.management.demo.tally import AT_REST, PROCESSED
from connector.sandbox import Sandbox
from connector.sandbox.sender import UPDATED, Event
from connector.sandbox.store_state import Store

CREDIT_NOTE = 8021


class Refunds:
    """One refund in each store: all of an order, a piece of one, an amount for one as a whole, the shipping of one."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.made: dict[str, Mapping[str, Any]] = {}
        for number, store in enumerate(sandbox.stores.stores.values()):
            order_id = next(each for each, record in store.orders.items() if len(record.products) > 1)
            refund = _give_back(store, order_id, number % 4)
            self.made[f"{store.shop.prefix}-{order_id}-C{refund['id']}"] = refund

    @property
    def events(self) -> list[Event]:
        """What the stores tell of it."""
        stores = self.sandbox.stores.stores.values()
        prefixes = {store.shop.prefix: store.shop.store_hash for store in stores}
        return [Event(prefixes[name.split("-")[0]], row["order_id"], UPDATED) for name, row in self.made.items()]

    def at_rest(self, ledger: Sequence[Mapping[str, Any]]) -> bool:
        """Whether every refund has come to its end."""
        credits = [row for row in ledger if row["kind"] == "credit"]
        return len(credits) == len(self.made) and all(row["state"] in AT_REST for row in credits)

    @property
    def differences(self) -> list[str]:
        """Every refund that is not one printed credit note of its amount, a sentence each."""
        found = {str(row["YourRef"]): row for row in self._notes()}
        told = [f"Credit note {reference}: no refund" for reference in found.keys() - self.made.keys()]
        for reference, refund in self.made.items():
            note, meant = found.get(reference), -Decimal(str(refund["total_amount"]))
            if note is None or note["AmountFC"] != meant or note["Status"] != PROCESSED:
                told.append(f"{reference}: {meant} given back, {note and note['AmountFC']} credited")
        return told

    @property
    def summary(self) -> str:
        """The closing line."""
        return f"{len(self.made)} refunds, {len(self._notes())} credit notes, {len(self.differences)} differences"

    def _notes(self) -> list[Mapping[str, Any]]:
        exact = self.sandbox.exact
        rows = [row for code in exact.divisions for row in exact.invoices(code)]
        return [row for row in rows if row["Type"] == CREDIT_NOTE]


def _give_back(store: Store, order_id: int, how: int) -> Mapping[str, Any]:
    record = store.orders[order_id]
    match how:
        case 0:
            return store.refund(order_id, reason="All of it came back")
        case 1:
            return store.refund(order_id, {record.products[0]["id"]: 1}, reason="One was broken")
        case 2:
            return store.refund(order_id, whole=Decimal("2.50"), reason="It came late")
        case _:
            basis = "cost_inc_tax" if store.shop.tax_inclusive else "cost_ex_tax"
            return store.refund(order_id, shipping=Decimal(record.shipping_addresses[0][basis]))
