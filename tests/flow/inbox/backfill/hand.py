"""A bookkeeper at work before the store was connected: types orders into Exact by hand, in the ways that people do."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.acme import DIVISION, Acme

INVOICES = "salesinvoice/SalesInvoices"
STYLES = ("our reference", "number as reference", "number in the description", "order number", "alike")
SAME = "same customer, amount and day"


def type_in(acme: Acme, order_id: int, style: str, amount: Decimal | None = None) -> str:
    """Type one order into Exact, with another amount where one is given; returns the invoice's id."""
    order = acme.order(order_id)
    fields: dict[str, dict[str, Any]] = {
        "our reference": {"YourRef": f"{acme.store.prefix}-{order_id}"},
        "number as reference": {"YourRef": f"#{order_id}"},
        "number in the description": {"Description": f"Webshop order {order_id}, thanks"},
        "order number": {"OrderNumber": order_id},
        "alike": {"Description": "Webshop"},  # dated a day later
        SAME: {"Description": "Webshop"},
    }
    exact = acme.sandbox.exact
    line = {
        "Item": exact.id_of(DIVISION, "logistics/Items", "WEBSHOP"),
        "Quantity": 1,
        "NetPrice": str(amount or acme.total(order_id)),
        "VATCode": "0",
        "GLAccount": exact.id_of(DIVISION, "financial/GLAccounts", "8000"),
    }
    made = exact.create(
        DIVISION,
        INVOICES,
        OrderedBy=account_of(acme, order),
        Journal="70",
        Currency=order["default_currency_code"],
        SalesInvoiceLines=[line],
        **fields[style],
    )
    placed = parsedate_to_datetime(order["date_created"]).astimezone(ZoneInfo(acme.store.timezone))
    day = datetime(placed.year, placed.month, placed.day, tzinfo=UTC).replace(tzinfo=None)
    day += timedelta(days=style == "alike")
    exact.change(DIVISION, INVOICES, made["InvoiceID"], InvoiceDate=day)
    return str(made["InvoiceID"])


def account_of(acme: Acme, order: Any) -> str:
    """The account of an order's customer, made when the bookkeeper has none."""
    exact, billing = acme.sandbox.exact, order["billing_address"]
    for account in exact.accounts(DIVISION):
        if account.get("Email") == billing["email"]:
            return str(account["ID"])
    name = billing["company"] or f"{billing['first_name']} {billing['last_name']}"
    return exact.add_account(DIVISION, Name=name, Email=billing["email"], Status="C")
