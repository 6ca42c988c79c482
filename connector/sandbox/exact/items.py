"""Items of the fake Exact: making and deleting them."""

from __future__ import annotations

from connector.sandbox.exact.invoice_checks import GL_ACCOUNTS, ITEMS, VAT_CODES
from connector.sandbox.exact.state import LINES, Division, Row
from connector.sandbox.exact.texts import EXISTS, ApiError, Problems, invalid, mandatory, too_long, unknown

GROUPS = "logistics/ItemGroups"
UNITS = "logistics/Units"
# The description's length is in the reference, the code's in a data model of another connector; the texts are assumed.
LENGTHS = {"Code": 30, "Description": 60}
IN_USE = ("Kan niet verwijderen: Artikel - Gebruikt in: Facturen", "Cannot delete: Item - Used in: Invoices")


def create_item(division: Division, values: Row) -> Row:
    """POST logistics/Items: code and description. Group, unit and the first day have defaults; sold and kept in stock
    it is only when it says so. Its GL accounts are the group's. Raises one ApiError for all faults."""
    row: Row = {"IsSalesItem": False, "IsStockItem": False, "IsPurchaseItem": False, **values}
    row["Code"] = str(row.get("Code") or "").strip()
    row.setdefault("StartDate", division.local_now().replace(hour=0, minute=0, second=0, microsecond=0))
    problems = Problems()
    _check(division, row, problems)
    group, unit = _group(division, row, problems), _unit(division, row, problems)
    problems.check()
    row |= {"ItemGroup": group.get("ID"), "ItemGroupCode": group.get("Code"), "Unit": unit.get("Code")}
    row["GLRevenue"] = row.get("GLRevenue") or group.get("GLRevenue")
    revenue = division.get(GL_ACCOUNTS, row["GLRevenue"])
    row["GLRevenueCode"] = revenue["Code"] if revenue else None
    return division.insert(ITEMS, row)


def delete_item(division: Division, row: Row) -> None:
    """DELETE logistics/Items(guid). Raises ApiError (500) when a line of an invoice has it."""
    if any(line.get("Item") == row["ID"] for line in division.table(LINES).values()):
        raise ApiError(500, IN_USE)
    division.delete(ITEMS, row["ID"])


def _check(division: Division, row: Row, problems: Problems) -> None:
    for name, longest in LENGTHS.items():
        if not row.get(name):
            problems.add(mandatory(name))
        elif len(row[name].encode("utf-16-le")) // 2 > longest:
            problems.add(too_long(name, longest))
    if row["Code"] and division.by_code(ITEMS, row["Code"]) is not None:
        problems.add(EXISTS, 500)
    if row.get("SalesVatCode") and division.by_code(VAT_CODES, row["SalesVatCode"]) is None:
        problems.add(unknown("SalesVatCode"), 500)
    if row.get("GLRevenue") and division.get(GL_ACCOUNTS, row["GLRevenue"]) is None:
        problems.add(unknown("GLRevenue"), 500)


def _group(division: Division, row: Row, problems: Problems) -> Row:
    """Return the group that is named, else the division's default."""
    if row.get("ItemGroup"):
        found = division.get(GROUPS, row["ItemGroup"])
        if found is None:
            problems.add(unknown("ItemGroup"), 500)
        return found or {}
    return next((one for one in division.table(GROUPS).values() if one.get("IsDefault")), {})


def _unit(division: Division, row: Row, problems: Problems) -> Row:
    """Return the unit that is named, else the division's main one."""
    if row.get("Unit"):
        found = division.by_code(UNITS, row["Unit"])
        if found is None:
            problems.add(unknown("Unit"), 500)
        elif not found["Active"]:
            problems.add(invalid("Unit"))
        return found or {}
    return next((one for one in division.table(UNITS).values() if one.get("Main")), {})
