"""Sales entries in these tests: a connection that books them, what Exact has of them, and what a person does there."""

from typing import Any

from connector.sandbox.exact.bank import TRANSACTION_LINES
from connector.sandbox.exact.entries import SALES_ENTRIES
from tests.acme import DIVISION, Acme
from tests.flow.invoice.test_forced_vat import EXCLUSIVE


def with_entries(acme: Acme, **changes: Any) -> None:
    connection = acme.file["connections"][0]
    booked = {"document": "sales_entry", "force_vat": True, "vat": [*EXCLUSIVE, *connection["vat"]], **changes}
    acme.configure(**booked)
    acme.connection.refresh_from_db()


def entries(acme: Acme, order_id: int | None = None) -> list[dict[str, Any]]:
    found = acme.sandbox.exact.entries(DIVISION)
    return [row for row in found if order_id is None or row["YourRef"] == f"NLS-{order_id}"]


def entry(acme: Acme, order_id: int = 1001) -> dict[str, Any]:
    (only,) = entries(acme, order_id)
    return only


def type_entry(acme: Acme, amount: str = "17.90", **header: object) -> dict[str, Any]:
    """A person types an entry, without VAT, for the customer of order 1017."""
    before = entry(acme, 1017)
    line = {"AmountFC": amount, "GLAccount": before["SalesEntryLines"][0]["GLAccount"], "CostCenter": "EU-WEST"}
    return acme.sandbox.exact.create(
        DIVISION, SALES_ENTRIES, Customer=before["Customer"], Journal="70", SalesEntryLines=[line], **header
    )


def change_entry(acme: Acme, order_id: int, **header: object) -> None:
    """A person changes an entry: the lines that it booked are changed with it, and have its reference."""
    before = entry(acme, order_id)
    acme.sandbox.exact.change(DIVISION, SALES_ENTRIES, before["EntryID"], **header)
    reference = {"YourRef": header.get("YourRef", before["YourRef"])}
    for key, line in list(acme.sandbox.exact.divisions[DIVISION].table(TRANSACTION_LINES).items()):
        if line["EntryID"] == before["EntryID"]:
            acme.sandbox.exact.change(DIVISION, TRANSACTION_LINES, key, **reference)


def delete_entry(acme: Acme, entry_id: str) -> None:
    """A person deletes an entry, which takes it out of the books."""
    acme.sandbox.exact.remove(DIVISION, SALES_ENTRIES, entry_id)
    booked = acme.sandbox.exact.divisions[DIVISION].table(TRANSACTION_LINES)
    for key in [key for key, line in booked.items() if line["EntryID"] == entry_id]:
        acme.sandbox.exact.remove(DIVISION, TRANSACTION_LINES, key)
