"""Bank entries: receipts in a bank or payment-service journal, and the transaction lines that show them.

Known: the journal is mandatory, and so are AmountFC and GLAccount in a line; there is no PUT. Assumed: a
payment-service journal takes entries in the same way, a transaction line has the description of its line, and an entry
that was sent without balances gets them from its lines.
"""

from __future__ import annotations

from connector.sandbox.exact.accounts import ACCOUNTS
from connector.sandbox.exact.invoice_checks import CURRENCIES, GL_ACCOUNTS, JOURNALS
from connector.sandbox.exact.state import Division, Row
from connector.sandbox.exact.texts import (
    CLOSED_PERIOD,
    JOURNAL_TYPE,
    NO_FISCAL_YEAR,
    UNKNOWN_JOURNAL,
    Problems,
    mandatory,
    unknown,
)
from connector.sandbox.exact.vat import ZERO

ENTRIES = "financialtransaction/BankEntries"
ENTRY_LINES = "financialtransaction/BankEntryLines"
TRANSACTION_LINES = "financialtransaction/TransactionLines"
BANK, PAYMENT_SERVICE = 12, 16
COPIED = ("AmountFC", "GLAccount", "Account", "Date", "Description", "Notes")


def create_entry(division: Division, values: Row) -> Row:
    """POST financialtransaction/BankEntries. Raises one ApiError for all faults; then nothing is stored."""
    lines = values.pop("BankEntryLines", [])
    row: Row = {"Currency": division.currency, "Status": 20, **values}
    problems = Problems()
    _check(division, row, lines, problems)
    problems.check()
    journal = division.by_code(JOURNALS, row["JournalCode"])
    assert journal is not None
    row["JournalCode"], row["JournalDescription"] = journal["Code"], journal["Description"]
    row["EntryNumber"] = division.number(f"bank {journal['Code']}", 26_000_001)
    row["OpeningBalanceFC"] = row.get("OpeningBalanceFC") or ZERO
    row["ClosingBalanceFC"] = row["OpeningBalanceFC"] + sum((line["AmountFC"] for line in lines), ZERO)
    division.insert(ENTRIES, row)
    for number, line in enumerate(lines, 1):
        _store(division, row, line, number)
    return row


def _check(division: Division, row: Row, lines: list[Row], problems: Problems) -> None:
    journal = division.by_code(JOURNALS, row.get("JournalCode"))
    if journal is None:
        problems.add(UNKNOWN_JOURNAL, 500)
    elif journal["Type"] not in (BANK, PAYMENT_SERVICE):
        problems.add(JOURNAL_TYPE)
    if division.get(CURRENCIES, row["Currency"]) is None:
        problems.add(unknown("Currency"), 500)
    if not lines:
        problems.add(mandatory("BankEntryLines"))
    for line in lines:
        _check_line(division, line, problems)


def _check_line(division: Division, line: Row, problems: Problems) -> None:
    if line.get("AmountFC") is None:
        problems.add(mandatory("AmountFC"))
    if not line.get("GLAccount"):
        problems.add(mandatory("GLAccount"))
    elif division.get(GL_ACCOUNTS, line["GLAccount"]) is None:
        problems.add(unknown("GLAccount"), 500)
    if line.get("Account") and division.get(ACCOUNTS, line["Account"]) is None:
        problems.add(unknown("Account"), 500)
    period = division.period(line["Date"]) if line.get("Date") else (0, 0)
    if period is None:
        problems.add(NO_FISCAL_YEAR)
    elif period in division.closed_periods:
        problems.add(CLOSED_PERIOD)


def _store(division: Division, row: Row, line: Row, number: int) -> None:
    """Store the line, and the transaction line that shows its other side."""
    account = division.get(GL_ACCOUNTS, line["GLAccount"]) or {}
    common = {"EntryID": row["EntryID"], "EntryNumber": row["EntryNumber"], "LineNumber": number}
    common["GLAccountCode"] = account.get("Code")
    division.insert(ENTRY_LINES, {**line, **common})
    kept = {name: line.get(name) for name in COPIED}
    division.insert(
        TRANSACTION_LINES,
        {
            **kept,
            **common,
            "AmountFC": -line["AmountFC"],
            "Currency": row["Currency"],
            "JournalCode": row["JournalCode"],
            "InvoiceNumber": line.get("OurRef"),
            "Status": row["Status"],
        },
    )
