"""Sales invoices: entering, changing, deleting and printing."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from connector.sandbox.exact.accounts import ACCOUNTS, DELIVERY, default_address
from connector.sandbox.exact.invoice_checks import (
    CONDITIONS,
    CREDIT_TYPES,
    DIRECT_TYPES,
    GL_ACCOUNTS,
    ITEMS,
    JOURNALS,
    LAYOUTS,
    WAREHOUSES,
    check_changeable,
    check_header,
    check_line,
    check_period,
    check_sign,
)
from connector.sandbox.exact.pricing import midnight, next_number, price, spoil, vat_line
from connector.sandbox.exact.state import INVOICES, LINES, Division, Row
from connector.sandbox.exact.stock import check_stock
from connector.sandbox.exact.texts import PROCESSED, ApiError, Problems, mandatory, unknown
from connector.sandbox.exact.vat import ZERO, VatLine

OPEN, DONE = 20, 50
STATUS_NAMES = {OPEN: ("Open", "Open"), DONE: ("Verwerkt", "Processed")}
TYPE_NAMES = {
    8020: ("Verkoopfactuur", "Sales invoice"),
    8021: ("Verkoopcreditnota", "Sales credit note"),
    8023: ("Directe verkoopfactuur", "Direct sales invoice"),
    8024: ("Directe creditnota", "Direct credit note"),
}
NOT_MODELLED = {"Discount", "AmountDiscount", "AmountDiscountExclVat", "SalesInvoiceOrderChargeLines"}
DOCUMENT, MAIL = 1, 2


def create_invoice(division: Division, values: Row) -> Row:
    """POST salesinvoice/SalesInvoices. Raises one ApiError for all faults; then nothing is stored."""
    given = division.get(INVOICES, values.pop("InvoiceID", None))
    if given is not None and given["Status"] == DONE:
        raise ApiError(400, PROCESSED)
    sent_lines = values.pop("SalesInvoiceLines", [])
    row = _header(division, values)
    problems = Problems()
    check_header(division, row, problems)
    if not sent_lines:
        problems.add(mandatory("SalesInvoiceLines"))
    lines = [_line(division, row, line) for line in sent_lines]
    for line in lines:
        check_line(division, line, problems)
        check_sign(division, row, line, problems)
    if not division.settings.stock_at_printing:
        check_stock(division, row, lines, problems)
    problems.check()
    for line in lines:
        spoil(division, line)
    _price(division, row, lines)
    _name(division, row)
    row["OrderNumber"] = row.get("OrderNumber") or division.number("order", 1)
    if not _numbers_at_printing(division, row):
        row["InvoiceNumber"] = next_number(division, row["Journal"])
    division.insert(INVOICES, row)
    _store_lines(division, row, lines)
    return row


def update_invoice(division: Division, row: Row, values: Row) -> None:
    """PUT, only while open. SalesInvoiceLines replace all lines (assumed). Raises ApiError."""
    _refuse_processed(row)
    sent_lines = values.pop("SalesInvoiceLines", None)
    _refuse_unmodelled(values)
    changed = {**row, **values}
    problems = Problems()
    check_changeable(division, changed, problems)
    lines = division.lines(row["InvoiceID"])
    if sent_lines is not None:
        lines = [_line(division, changed, line) for line in sent_lines]
        for line in lines:
            check_line(division, line, problems)
            check_sign(division, changed, line, problems)
    problems.check()
    _price(division, changed, lines)
    row.update(changed)
    if sent_lines is not None:
        _drop_lines(division, row)
        _store_lines(division, row, lines)
    division.touch(row)


def update_line(division: Division, line: Row, values: Row) -> None:
    """PUT of one line, only while its invoice is open. Raises ApiError."""
    row = division.table(INVOICES)[line["InvoiceID"]]
    _refuse_processed(row)
    changed = {**line, **values} | ({"Forced": values["VATAmountFC"]} if "VATAmountFC" in values else {})
    problems = Problems()
    check_line(division, changed, problems)
    problems.check()
    line.update(changed)
    _price(division, row, division.lines(row["InvoiceID"]))
    division.touch(row)


def delete_invoice(division: Division, row: Row) -> None:
    """DELETE, only while open. Raises ApiError."""
    _refuse_processed(row)
    _drop_lines(division, row)
    division.delete(INVOICES, row["InvoiceID"])


def print_invoice(division: Division, values: Row) -> Row:
    """POST salesinvoice/PrintedSalesInvoices: number, print and book it. Return the answer. Raises ApiError."""
    problems = Problems()
    invoice = division.get(INVOICES, values.get("InvoiceID"))
    if not values.get("InvoiceID"):
        problems.add(mandatory("InvoiceID"))
    elif invoice is None:
        problems.add(unknown("InvoiceID"), 500)
    elif invoice["Status"] == DONE:
        problems.add(PROCESSED)
    for name, kind in (("DocumentLayout", DOCUMENT), ("EmailLayout", MAIL)):
        layout = division.get(LAYOUTS, values.get(name))
        if values.get(name) and (layout is None or layout["Type"] != kind):
            problems.add(unknown(name), 500)
    date = values.get("InvoiceDate") or midnight(division.local_now())
    check_period(division, date, problems)
    if invoice is not None and division.settings.stock_at_printing:
        check_stock(division, invoice, division.lines(invoice["InvoiceID"]), problems)
    problems.check()
    assert invoice is not None
    _process(division, invoice, date)
    return _printed(division, invoice, values)


def _process(division: Division, invoice: Row, date: datetime) -> None:
    invoice["InvoiceDate"] = date
    invoice["DueDate"] = invoice.get("DueDate") or _due(division, invoice, date)
    if invoice.get("InvoiceNumber") is None:
        invoice["InvoiceNumber"] = next_number(division, invoice["Journal"])
    invoice["Status"] = DONE
    invoice["StatusDescription"] = _in_language(division, STATUS_NAMES[DONE])
    division.touch(invoice)


def _printed(division: Division, invoice: Row, values: Row) -> Row:
    row = {
        **values,
        "Division": division.code,
        "InvoiceDate": invoice["InvoiceDate"],
        "Document": division.new_id(),
        "DocumentCreationSuccess": _in_language(division, ("Document is aangemaakt", "The document was created")),
    }
    if values.get("SendEmailToCustomer"):
        account = division.get(ACCOUNTS, invoice["InvoiceTo"])
        if account is not None and account.get("Email"):
            row["EmailCreationSuccess"] = _in_language(division, ("E-mail is aangemaakt", "The e-mail was created"))
        else:
            row["EmailCreationError"] = _in_language(division, mandatory("Email"))
    return row


def _header(division: Division, values: Row) -> Row:
    """A new header: the values that were sent, and the defaults of the account and the division."""
    _refuse_unmodelled(values)
    today = midnight(division.local_now())
    account = division.get(ACCOUNTS, values.get("OrderedBy")) or {}
    row: Row = {
        "Type": 8020,
        "Status": OPEN,
        "StatusDescription": _in_language(division, STATUS_NAMES[OPEN]),
        "Currency": division.currency,
        "OrderDate": today,
        "InvoiceDate": today,
        "Discount": ZERO,
        "StarterSalesInvoiceStatus": 0,
        "PaymentCondition": account.get("PaymentConditionSales"),
        **values,
    }
    ordered_by = values.get("OrderedBy")
    row["InvoiceTo"] = values.get("InvoiceTo") or account.get("InvoiceAccount") or ordered_by
    row["DeliverTo"] = values.get("DeliverTo") or ordered_by
    if not row.get("DeliverToAddress") and ordered_by:
        address = default_address(division, row["DeliverTo"], DELIVERY)
        row["DeliverToAddress"] = address["ID"] if address else None
    if row["Type"] in DIRECT_TYPES and not row.get("Warehouse"):
        row["Warehouse"] = next((one["ID"] for one in division.table(WAREHOUSES).values() if one["Main"]), None)
    return row


def _line(division: Division, header: Row, values: Row) -> Row:
    """A line with the defaults of its item and account."""
    item = division.get(ITEMS, values.get("Item")) or {}
    account = division.get(ACCOUNTS, header.get("InvoiceTo")) or {}
    line: Row = {"Quantity": Decimal(1), "UnitPrice": ZERO, "Discount": ZERO, **values}
    line["GLAccount"] = values.get("GLAccount") or item.get("GLRevenue")
    line["VATCode"] = values.get("VATCode") or item.get("SalesVatCode") or account.get("SalesVATCode")
    line["Description"] = values.get("Description") or item.get("Description")
    if "NetPrice" not in values:
        line["NetPrice"] = line["UnitPrice"] * (1 - line["Discount"])
        if "UnitPrice" not in values and "AmountFC" in values and line["Quantity"]:
            line["NetPrice"] = values["AmountFC"] / line["Quantity"]
    line["ItemCode"], line["ItemDescription"] = item.get("Code"), item.get("Description")
    return line


def _price(division: Division, row: Row, lines: list[Row]) -> None:
    """Compute amounts and VAT of lines and header. Raises ApiError when a VATAmountFC differs too much."""
    sign = -1 if row["Type"] in CREDIT_TYPES and division.settings.negate_credit_notes else 1
    sums = [_vat_line(division, row, line, sign) for line in lines]
    price(division, row, lines, sums, row["InvoiceDate"])


def _vat_line(division: Division, row: Row, line: Row, sign: int) -> VatLine:
    digits, net_price = division.settings.price_digits, line["NetPrice"]
    net_price = net_price if digits is None else round(net_price, digits)
    return vat_line(division, line, row["Currency"], line["Quantity"] * sign, net_price)


def _name(division: Division, row: Row) -> None:
    """Set the descriptions that a read shows beside the references."""
    for name in ("OrderedBy", "InvoiceTo", "DeliverTo"):
        account = division.get(ACCOUNTS, row[name])
        row[f"{name}Name"] = account["Name"] if account else None
    condition = division.by_code(CONDITIONS, row.get("PaymentCondition"))
    row["PaymentConditionDescription"] = condition["Description"] if condition else None
    journal = division.by_code(JOURNALS, row["Journal"])
    if journal is not None:
        row["Journal"], row["JournalDescription"] = journal["Code"], journal["Description"]
    row["TypeDescription"] = _in_language(division, TYPE_NAMES[row["Type"]])
    row["DueDate"] = row.get("DueDate") or _due(division, row, row["InvoiceDate"])


def _store_lines(division: Division, row: Row, lines: list[Row]) -> None:
    for line in lines:
        account = division.get(GL_ACCOUNTS, line["GLAccount"])
        line["GLAccountDescription"] = account["Description"] if account else None
        line["InvoiceID"] = row["InvoiceID"]
        division.insert(LINES, line)


def _drop_lines(division: Division, row: Row) -> None:
    for line in division.lines(row["InvoiceID"]):
        del division.table(LINES)[line["ID"]]


def _refuse_processed(row: Row) -> None:
    if row["Status"] == DONE:
        raise ApiError(400, PROCESSED)


def _refuse_unmodelled(values: Row) -> None:
    for name in NOT_MODELLED & set(values):
        raise ApiError(400, f"The sandbox does not model {name}.")


def _numbers_at_printing(division: Division, row: Row) -> bool:
    return str(row["Journal"]) in division.numbered_at_printing


def _due(division: Division, row: Row, date: datetime) -> datetime:
    condition = division.by_code(CONDITIONS, row.get("PaymentCondition"))
    return date + timedelta(days=condition["PaymentDays"] if condition else 0)


def _in_language(division: Division, text: tuple[str, str]) -> str:
    return text[0 if division.settings.language == "nl" else 1]
