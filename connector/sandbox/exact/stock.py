"""The stock of the fake Exact: direct invoices take from a warehouse, direct credit notes bring back.

What lies there is what lay there first, less what the direct documents say; so a document that is deleted gives its
goods back. Where nobody said what lies there, there is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from uuid import uuid5

from connector.sandbox.exact.invoice_checks import DIRECT_TYPES, ITEMS, WAREHOUSES
from connector.sandbox.exact.state import INVOICES, SEEDED, Division, Row
from connector.sandbox.exact.texts import Problems, invalid

POSITIONS = "inventory/ItemWarehouses"
Places = dict[tuple[str, str], Decimal]  # by the codes of the warehouse and the item

# The texts are assumed.
DONE = 50
NOT_THERE = ("Onvoldoende voorraad", "Insufficient stock")
SERIAL = ("Serienummer", "Serial number")
BATCH = ("Batchnummer", "Batch number")


def taken(division: Division) -> Places:
    """Return how many pieces the direct documents took, less what they brought back."""
    found: Places = defaultdict(Decimal)
    for row in division.table(INVOICES).values():
        if row["Type"] in DIRECT_TYPES and (row["Status"] == DONE or not division.settings.stock_at_printing):
            for line in division.lines(row["InvoiceID"]):
                found[_place(division, row, line)] += _pieces(row, line)
    return dict(found)


def positions(division: Division) -> list[Row]:
    """The rows of inventory/ItemWarehouses: what lies where now. Of other items than those in `stock` there is none."""
    gone = taken(division)
    return [
        {
            "ID": str(uuid5(SEEDED, f"{division.code} {POSITIONS} {warehouse} {item}")),
            "CurrentStock": first - gone.get((warehouse, item), 0),
            "Division": division.code,
            "Item": (division.by_code(ITEMS, item) or {}).get("ID"),
            "ItemCode": item,
            "ItemIsStockItem": True,
            "Warehouse": (division.by_code(WAREHOUSES, warehouse) or {}).get("ID"),
            "WarehouseCode": warehouse,
        }
        for (warehouse, item), first in division.stock.items()
    ]


def check_stock(division: Division, row: Row, lines: Iterable[Row], problems: Problems) -> None:
    """Refuse goods that are not there, and items with serial or batch numbers, which the document does not name."""
    if row["Type"] not in DIRECT_TYPES:
        return
    before, asked = taken(division), defaultdict[tuple[str, str], Decimal](Decimal)
    for line in lines:
        item = division.get(ITEMS, line.get("Item")) or {}
        if item.get("IsSerialItem"):
            problems.add(invalid("Item", SERIAL))
        if item.get("IsBatchItem"):
            problems.add(invalid("Item", BATCH))
        asked[_place(division, row, line)] += _pieces(row, line)
    for place, pieces in asked.items():
        if place in division.stock and pieces > division.stock[place] - before.get(place, 0):
            problems.add(invalid("Item", NOT_THERE))


def _place(division: Division, row: Row, line: Row) -> tuple[str, str]:
    warehouse = division.get(WAREHOUSES, row.get("Warehouse")) or {}
    item = division.get(ITEMS, line.get("Item")) or {}
    return str(warehouse.get("Code", "")), str(item.get("Code", "")).strip()


def _pieces(row: Row, line: Row) -> Decimal:
    """Pieces that leave the warehouse. A credit note brings them back, whichever sign its quantity has."""
    pieces: Decimal = abs(line["Quantity"])
    return pieces if row["Type"] == DIRECT_TYPES[0] else -pieces
