"""Sales entries: bookings without items, and the transaction lines by which they are found.

Known: customer and journal are mandatory, and so are AmountFC (without VAT) and GLAccount in a line. VATAmountFC is for
VAT that differs from Exact's own. Exact filters transaction lines by YourRef, but not entries. Negative amounts make it
type 21. Assumed: an entry is final (PUT and DELETE are refused here), AmountFC is without VAT also under a code that
includes VAT, and each line and the receivable become a transaction line with the header's YourRef.
"""

from __future__ import annotations

from decimal import Decimal

from connector.sandbox.exact.accounts import ACCOUNTS
from connector.sandbox.exact.bank import TRANSACTION_LINES
from connector.sandbox.exact.invoice_checks import (
    GL_ACCOUNTS,
    JOURNALS,
    check_account,
    check_changeable,
    check_codes,
    check_journal,
    check_period,
)
from connector.sandbox.exact.pricing import midnight, next_number, price, spoil, vat_line
from connector.sandbox.exact.state import Division, Row
from connector.sandbox.exact.texts import Problems, mandatory
from connector.sandbox.exact.vat import VatLine

SALES_ENTRIES = "salesentry/SalesEntries"
SALES_ENTRY_LINES = "salesentry/SalesEntryLines"
ENTRY, CREDIT = 20, 21
OPEN = 20
# GLAccounts.Type.
RECEIVABLES = 20


def create_sales_entry(division: Division, values: Row) -> Row:
    """POST salesentry/SalesEntries. Raises one ApiError for all faults; then nothing is stored."""
    lines = [{"Quantity": Decimal(1), **line} for line in values.pop("SalesEntryLines", [])]
    account = division.get(ACCOUNTS, values.get("Customer")) or {}
    row: Row = {
        "Status": OPEN,
        "Currency": division.currency,
        "EntryDate": midnight(division.local_now()),
        "PaymentCondition": account.get("PaymentConditionSales"),
        **values,
    }
    _check(division, row, lines)
    row["Rate"] = row.get("Rate") or division.settings.rate(row["Currency"], row["EntryDate"].date())
    for line in lines:
        spoil(division, line)
    price(division, row, lines, [_vat_line(division, row, line) for line in lines], row["EntryDate"])
    row["Type"] = CREDIT if row["AmountFC"] < 0 else ENTRY
    row["EntryNumber"] = row["InvoiceNumber"] = next_number(division, row["Journal"])
    row["CustomerName"] = account.get("Name")
    division.insert(SALES_ENTRIES, row)
    for line in lines:
        division.insert(SALES_ENTRY_LINES, line | {"EntryID": row["EntryID"], "Type": row["Type"]})
    _book(division, row, lines)
    return row


def _check(division: Division, row: Row, lines: list[Row]) -> None:
    problems = Problems()
    if row.get("Customer"):
        check_account(division, row, "Customer", problems)
    else:
        problems.add(mandatory("Customer"))
    check_journal(division, row, problems)
    check_changeable(division, row, problems)
    check_period(division, row["EntryDate"], problems)
    if not lines:
        problems.add(mandatory("SalesEntryLines"))
    for line in lines:
        for name in ("AmountFC", "GLAccount"):
            if line.get(name) is None:
                problems.add(mandatory(name))
        check_codes(division, line, problems)
    problems.check()


def _vat_line(division: Division, row: Row, line: Row) -> VatLine:
    """The amount as it was sent, without VAT for every type of code."""
    money = vat_line(division, line, row["Currency"], Decimal(1), line["AmountFC"])
    money.basis = "E" if money.basis == "I" else money.basis
    return money


def _book(division: Division, row: Row, lines: list[Row]) -> None:
    """Store the transaction lines of an entry: the receivable, then each line."""
    journal = division.by_code(JOURNALS, row["Journal"])
    receivable = next(one for one in division.table(GL_ACCOUNTS).values() if one["Type"] == RECEIVABLES)
    common = {
        "EntryID": row["EntryID"],
        "EntryNumber": row["EntryNumber"],
        "InvoiceNumber": row["EntryNumber"],
        "YourRef": row.get("YourRef"),
        "Type": row["Type"],
        "Status": row["Status"],
        "Currency": row["Currency"],
        "Date": row["EntryDate"],
        "Account": row["Customer"],
        "JournalCode": journal["Code"] if journal else row["Journal"],
    }
    whole = {"GLAccount": receivable["ID"], "AmountFC": row["AmountFC"], "Description": row.get("Description")}
    booked = [{**line, "AmountFC": -line["AmountFC"]} for line in lines]
    for number, line in enumerate((whole, *booked)):
        kept = {name: line.get(name) for name in ("GLAccount", "AmountFC", "Description", "VATCode")}
        account = division.get(GL_ACCOUNTS, kept["GLAccount"]) or {}
        division.insert(
            TRANSACTION_LINES, {**kept, **common, "LineNumber": number, "GLAccountCode": account.get("Code")}
        )
