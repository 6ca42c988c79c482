"""The checks of a sales invoice: mandatory fields, and references inside the division."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from connector.sandbox.exact.accounts import ACCOUNTS, ADDRESSES
from connector.sandbox.exact.state import Division, Row
from connector.sandbox.exact.texts import (
    BLOCKED,
    CLOSED_PERIOD,
    ENDED,
    JOURNAL_TYPE,
    NO_FISCAL_YEAR,
    TYPE,
    UNKNOWN_JOURNAL,
    Problems,
    invalid,
    mandatory,
    too_long,
    unknown,
)

VAT_CODES = "vat/VATCodes"
GL_ACCOUNTS = "financial/GLAccounts"
JOURNALS = "financial/Journals"
CONDITIONS = "cashflow/PaymentConditions"
CURRENCIES = "general/Currencies"
ITEMS = "logistics/Items"
LAYOUTS = "salesinvoice/Layouts"
WAREHOUSES = "inventory/Warehouses"

SALES_JOURNAL = 20
INVOICE_TYPES = (8020, 8021, 8023, 8024)
DIRECT_TYPES = (8023, 8024)
CREDIT_TYPES = (8021, 8024)
# Assumed: the reference has no lengths. These are the smallest that other connectors use.
HEADER_LENGTHS = {"YourRef": 30, "Description": 60, "PaymentReference": 25}
LINE_LENGTHS = {"Description": 60}
SALES_ITEM = ("Verkoopartikel", "Sales item")
MANDATORY, NOT_ALLOWED = 1, 2


def check_header(division: Division, row: Row, problems: Problems) -> None:
    """Check the header of a new invoice, which has InvoiceTo and DeliverTo by now."""
    _check_parties(division, row, problems)
    check_journal(division, row, problems)
    if row["Type"] not in INVOICE_TYPES:
        problems.add(invalid("Type"))
    if row.get("Warehouse"):
        if division.get(WAREHOUSES, row["Warehouse"]) is None:
            problems.add(unknown("Warehouse"), 500)
        elif row["Type"] not in DIRECT_TYPES:
            problems.add(invalid("Warehouse"))
    check_changeable(division, row, problems)


def check_changeable(division: Division, row: Row, problems: Problems) -> None:
    """Check the part of the header that a PUT may also change."""
    if division.get(CURRENCIES, row["Currency"]) is None:
        problems.add(unknown("Currency"), 500)
    condition = row.get("PaymentCondition")
    if condition and division.by_code(CONDITIONS, condition) is None:
        problems.add(unknown("PaymentCondition"), 500)
    if not condition and division.settings.require_payment_condition:
        problems.add(mandatory("PaymentCondition"))
    address = row.get("DeliverToAddress")
    if address and division.get(ADDRESSES, address) is None:
        problems.add(unknown("DeliverToAddress"), 500)
    _check_lengths(row, HEADER_LENGTHS, problems)


def _check_parties(division: Division, row: Row, problems: Problems) -> None:
    if not row.get("OrderedBy"):
        problems.add(mandatory("InvoiceTo"))
        problems.add(mandatory("OrderedBy"))
        return
    for name in ("InvoiceTo", "OrderedBy", "DeliverTo"):
        check_account(division, row, name, problems)


def check_account(division: Division, row: Row, name: str, problems: Problems) -> None:
    """Check an account that the header names."""
    account = division.get(ACCOUNTS, row[name])
    if account is None:
        problems.add(unknown(name), 500)
    elif account["Status"] != "C" and name != "DeliverTo":
        problems.add(invalid("Customer" if name == "Customer" else "InvoiceTo", TYPE), 500)
    elif account.get("Blocked"):
        problems.add(invalid(name, BLOCKED))
    elif account.get("EndDate") and account["EndDate"] < division.local_now():
        problems.add(invalid(name, ENDED))


def check_period(division: Division, date: datetime, problems: Problems) -> None:
    """Check the day on which it is booked."""
    period = division.period(date)
    if period is None or (division.fiscal_years is not None and date.year not in division.fiscal_years):
        problems.add(NO_FISCAL_YEAR)
    elif period in division.closed_periods:
        problems.add(CLOSED_PERIOD)


def check_journal(division: Division, row: Row, problems: Problems) -> None:
    if not row.get("Journal"):
        problems.add(mandatory("Journal"))
        return
    journal = division.by_code(JOURNALS, row["Journal"])
    if journal is None:
        problems.add(UNKNOWN_JOURNAL, 500)
    elif journal["Type"] != SALES_JOURNAL:
        problems.add(JOURNAL_TYPE)
    elif journal.get("IsBlocked"):
        problems.add(invalid("Journal", BLOCKED))
    elif not journal["AllowVariableCurrency"] and journal["Currency"] != row["Currency"]:
        problems.add(invalid("Currency"))


def check_line(division: Division, line: Row, problems: Problems) -> None:
    """Check one line with its defaults. A VAT code may be missing: the line has no VAT then."""
    _check_item(division, line, problems)
    if line["Quantity"] == Decimal(0):
        problems.add(mandatory("Quantity"))
    check_codes(division, line, problems)


def check_codes(division: Division, line: Row, problems: Problems) -> None:
    """Check the VAT code, GL account, cost centre and cost unit of a line."""
    _check_vat_code(division, line, problems)
    account = division.get(GL_ACCOUNTS, line.get("GLAccount"))
    if account is not None:
        _check_analysis(division, line, account, problems)
    elif line.get("GLAccount"):
        problems.add(unknown("GLAccount"), 500)
    _check_lengths(line, LINE_LENGTHS, problems)


def check_sign(division: Division, header: Row, line: Row, problems: Problems) -> None:
    """Check that a credit note's line has a positive price and a negative quantity (one connector; text assumed)."""
    if header["Type"] in CREDIT_TYPES and line["NetPrice"] < 0 and division.settings.refuse_negative_prices:
        problems.add(invalid("NetPrice"))


def _check_item(division: Division, line: Row, problems: Problems) -> None:
    if not line.get("Item"):
        problems.add(mandatory("Item"))
        return
    item = division.get(ITEMS, line["Item"])
    if item is None:
        problems.add(unknown("Item"), 500)
    elif item.get("Blocked"):
        problems.add(invalid("Item", BLOCKED))
    elif not item["IsSalesItem"]:
        problems.add(invalid("Item", SALES_ITEM))
    elif item.get("EndDate") and item["EndDate"] < division.local_now():
        problems.add(invalid("Item", ENDED))


def _check_vat_code(division: Division, line: Row, problems: Problems) -> None:
    if not line.get("VATCode"):
        return
    code = division.by_code(VAT_CODES, line["VATCode"])
    if code is None:
        problems.add(unknown("VATCode"), 500)
    elif code["IsBlocked"]:
        problems.add(invalid("VATCode", BLOCKED))
    elif code["VATTransactionType"] == "P":
        problems.add(invalid("VATCode", TYPE))


def _check_analysis(division: Division, line: Row, account: Row, problems: Problems) -> None:
    """Check cost centre and cost unit: 0 optional, 1 mandatory, 2 not with this account (refusal assumed)."""
    if account.get("IsBlocked"):
        problems.add(invalid("GLAccount", BLOCKED))
    for name, use, endpoint in (
        ("CostCenter", account["UseCostcenter"], "hrm/Costcenters"),
        ("CostUnit", account["UseCostunit"], "hrm/Costunits"),
    ):
        code = line.get(name)
        if not code:
            if use == MANDATORY:
                problems.add(mandatory(name))
            continue
        found = division.by_code(endpoint, code)
        if found is None:
            problems.add(unknown(name), 500)
        elif use == NOT_ALLOWED or found.get("Active") is False:
            problems.add(invalid(name))


def _check_lengths(row: Row, limits: dict[str, int], problems: Problems) -> None:
    for name, limit in limits.items():
        if len(row.get(name) or "") > limit:
            problems.add(too_long(name, limit))
