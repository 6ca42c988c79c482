"""Accounts, addresses and contacts of the fake Exact."""

from __future__ import annotations

import re

from connector.sandbox.exact.state import INVOICES, Division, Row
from connector.sandbox.exact.texts import EXISTS, ApiError, Problems, invalid, mandatory, too_long, unknown

ACCOUNTS = "crm/Accounts"
ADDRESSES = "crm/Addresses"
CONTACTS = "crm/Contacts"

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
COUNTRY = re.compile(r"[A-Za-z]{2}")
# Assumed.
NAME_LENGTH = 50
PLACE = ("AddressLine1", "AddressLine2", "AddressLine3", "Postcode", "City", "State", "Country")
VISIT, POSTAL, INVOICE, DELIVERY = 1, 2, 3, 4
IN_USE = (
    "Kan niet verwijderen: Relatie - Gebruikt in: Facturen",
    "Cannot delete: Account - Used in: Invoices",
)


def create_account(division: Division, values: Row) -> Row:
    """POST crm/Accounts: only Name is mandatory. The account gets a code; an address becomes a visiting address."""
    row: Row = {
        "Name": "",
        "Status": "A",
        "Blocked": False,
        "InvoicingMethod": 0,
        "Type": "A",
        "Country": division.country,
    }
    row.update(values)
    row.setdefault("Code", str(division.number("account", 1)).zfill(7))
    check_account(division, row)
    division.insert(ACCOUNTS, row)
    division.note_account(row)
    if any(row.get(name) for name in ("AddressLine1", "City", "Postcode")):
        create_address(division, {"Account": row["ID"], "Type": VISIT, **_place(row)})
    return row


def update_account(division: Division, row: Row, values: Row) -> None:
    """PUT crm/Accounts(guid): the properties that were sent. The address is that of the visiting address."""
    changed = {**row, **values}
    check_account(division, changed)
    row.update(changed)
    division.touch(row)
    division.note_account(row)
    visit = main_visit(division, row["ID"])
    if visit is not None and any(name in values for name in PLACE):
        visit.update({name: row.get(name) for name in PLACE})
        division.touch(visit)


def delete_account(division: Division, row: Row) -> None:
    used = any(
        row["ID"] in (invoice["OrderedBy"], invoice["InvoiceTo"]) for invoice in division.table(INVOICES).values()
    )
    if used:
        raise ApiError(500, IN_USE)
    remove_account(division, row)


def remove_account(division: Division, row: Row) -> None:
    """Delete an account, with its addresses and contacts."""
    for endpoint in (ADDRESSES, CONTACTS):
        for below in division.of_account(endpoint, row["ID"]):
            division.delete(endpoint, below["ID"])
    division.delete(ACCOUNTS, row["ID"])
    division.note_account(row, "Delete")


def merge_accounts(division: Division, gone: Row, into: Row) -> None:
    """Merge an account into another one, as a person can: its invoices are the other's from now on."""
    for invoice in division.table(INVOICES).values():
        for name in ("OrderedBy", "InvoiceTo", "DeliverTo"):
            if invoice.get(name) == gone["ID"]:
                invoice[name] = into["ID"]
    remove_account(division, gone)


def check_account(division: Division, row: Row) -> None:
    """Validate and normalise: the code is padded to 18 on the left, the country to 3 on the right."""
    problems = Problems()
    code = str(row["Code"]).strip()
    if not code.isdigit() or len(code) > 18:
        problems.add(invalid("Code"))
    row["Code"] = code.rjust(18)
    other = division.account_with_code(row["Code"])
    if other is not None and other["ID"] != row.get("ID"):
        problems.add(EXISTS, 500)
    if row["Status"] not in ("A", "S", "P", "C"):
        problems.add(invalid("Status"))
    if not (row["Name"] or "").strip():
        problems.add(mandatory("Name"))
    if len(row["Name"] or "") > NAME_LENGTH:
        problems.add(too_long("Name", NAME_LENGTH))
    if row.get("Email") and not EMAIL.fullmatch(row["Email"]):
        problems.add((f"Ongeldig: E-mail [{row['Email']}]", f"Invalid: Email [{row['Email']}]"))
    _check_references(division, row, problems)
    problems.check()
    row["Country"] = _padded(row["Country"])
    row["IsSales"] = row["Status"] == "C"


def _check_references(division: Division, row: Row, problems: Problems) -> None:
    if not COUNTRY.fullmatch(str(row["Country"]).strip()):
        problems.add(unknown("Country"), 500)
    for name, endpoint in (
        ("SalesVATCode", "vat/VATCodes"),
        ("PaymentConditionSales", "cashflow/PaymentConditions"),
    ):
        if row.get(name) and division.by_code(endpoint, row[name]) is None:
            problems.add(unknown(name), 500)
    if row.get("InvoiceAccount") and division.get(ACCOUNTS, row["InvoiceAccount"]) is None:
        problems.add(unknown("InvoiceAccount"), 500)


def create_address(division: Division, values: Row) -> Row:
    """POST crm/Addresses: for an identical address the answer is the one that exists."""
    problems = Problems()
    account = division.get(ACCOUNTS, values.get("Account"))
    if "Account" not in values:
        problems.add(mandatory("Account"))
    elif account is None:
        problems.add(unknown("Account"), 500)
    if values.get("Type") not in (VISIT, POSTAL, INVOICE, DELIVERY):
        problems.add(invalid("Type"))
    row: Row = {"Country": division.country, **values}
    if not COUNTRY.fullmatch(str(row["Country"]).strip()):
        problems.add(unknown("Country"), 500)
    problems.check()
    row["Country"] = _padded(row["Country"])
    others = [one for one in division.of_account(ADDRESSES, row["Account"]) if one["Type"] == row["Type"]]
    for other in others:
        if _place(other) == _place(row):
            return other
    row["Main"] = not others
    row["AccountName"] = account["Name"] if account else None
    return division.insert(ADDRESSES, row)


def update_address(division: Division, row: Row, values: Row) -> None:
    """PUT crm/Addresses(guid). The main visiting address is the account's own too, which changes with it."""
    changed = {**row, **values}
    if not COUNTRY.fullmatch(str(changed["Country"] or "").strip()):
        raise ApiError(500, unknown("Country"))
    row.update(changed)
    row["Country"] = _padded(row["Country"])
    division.touch(row)
    account = division.get(ACCOUNTS, row["Account"])
    if account is not None and row is main_visit(division, row["Account"]):
        account.update({name: row.get(name) for name in PLACE})
        division.touch(account)
        division.note_account(account)


def main_visit(division: Division, account: object) -> Row | None:
    """The account's main visiting address."""
    own = division.of_account(ADDRESSES, account)
    return next((row for row in own if row["Type"] == VISIT and row.get("Main")), None)


def create_contact(division: Division, values: Row) -> Row:
    """POST crm/Contacts: account, first and last name."""
    problems = Problems()
    for name in ("Account", "FirstName", "LastName"):
        if not values.get(name):
            problems.add(mandatory(name))
    if values.get("Account") and division.get(ACCOUNTS, values["Account"]) is None:
        problems.add(unknown("Account"), 500)
    problems.check()
    values["IsMainContact"] = not division.of_account(CONTACTS, values["Account"])
    return division.insert(CONTACTS, {**values, "FullName": f"{values['FirstName']} {values['LastName']}"})


def update_contact(division: Division, row: Row, values: Row) -> None:
    """PUT crm/Contacts(guid)."""
    changed = {**row, **values}
    problems = Problems()
    for name in ("FirstName", "LastName"):
        if not changed.get(name):
            problems.add(mandatory(name))
    problems.check()
    row.update(changed, FullName=f"{changed['FirstName']} {changed['LastName']}")
    division.touch(row)


def default_address(division: Division, account: str, kind: int) -> Row | None:
    """The account's first address of that kind, else its first."""
    own = division.of_account(ADDRESSES, account)
    return next((row for row in own if row["Type"] == kind), own[0] if own else None)


def _place(row: Row) -> Row:
    return {name: row[name] for name in PLACE if row.get(name)}


def _padded(code: str) -> str:
    return code.strip().upper().ljust(3)
