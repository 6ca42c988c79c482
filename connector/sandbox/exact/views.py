"""Answers of the fake Exact that are in no table: the user, the divisions, Atom, and an overview for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from connector.sandbox.exact.accounts import ACCOUNTS
from connector.sandbox.exact.entries import SALES_ENTRIES
from connector.sandbox.exact.state import INVOICES, SERVER_ZONE, Division, Row
from connector.sandbox.http.messages import Reply

USER_ID = "3c9a2f0e-8f64-4a55-9c0e-2f1b6d7a4e01"


def me_row(division: Division, now: datetime) -> Row:
    """current/Me; ServerTime is local, with its offset from UTC in seconds."""
    local = now.astimezone(SERVER_ZONE)
    offset = local.utcoffset()
    return {
        "UserID": USER_ID,
        "CurrentDivision": division.code,
        "AccountingDivision": division.code,
        "FullName": "Robin Zandbak",
        "FirstName": "Robin",
        "LastName": "Zandbak",
        "Email": "robin@accounts.example",
        "UserName": "robin@accounts.example",
        "Language": "nl-NL" if division.settings.language == "nl" else "en-GB",
        "PackageCode": "SANDBOX",
        "LanguageCode": division.settings.language.upper(),
        "ServerTime": f"/Date({int(local.replace(tzinfo=now.tzinfo).timestamp() * 1000)})/",
        "ServerUtcOffset": int(offset.total_seconds()) if offset else 0,
    }


def division_row(division: Division) -> Row:
    """One row of system/Divisions."""
    return {
        "Code": division.code,
        "Description": division.name,
        "Country": division.country.ljust(3),
        "Legislation": division.country.ljust(3),
        "Currency": division.currency,
        "CustomerName": division.name,
        "Status": 1,
        "BlockingStatus": 0,
        "Current": False,
        "IsMainDivision": True,
    }


def atom(reply: Reply) -> Reply:
    """The answer without "Accept: application/json": Atom, here without the data."""
    page = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape('Ask with Accept: application/json')}</title></feed>"
    )
    headers = {**reply.headers, "Content-Type": "application/atom+xml;charset=utf-8"}
    return Reply(reply.status, headers, page.encode())


def overview(divisions: Iterable[Division]) -> dict[str, Any]:
    """Divisions with their invoices, for /_sandbox/state; amounts as text."""
    return {
        "divisions": [
            {
                "code": division.code,
                "name": division.name,
                "accounts": len(division.table(ACCOUNTS)),
                "invoices": [_invoice(row) for row in division.table(INVOICES).values()],
                "entries": [_entry(row) for row in division.table(SALES_ENTRIES).values()],
            }
            for division in divisions
        ]
    }


def _entry(row: Row) -> dict[str, object]:
    return {
        "EntryID": row["EntryID"],
        "EntryNumber": row["EntryNumber"],
        "YourRef": row.get("YourRef"),
        "Type": row["Type"],
        "CustomerName": row.get("CustomerName"),
        "Currency": row["Currency"],
        "AmountFC": str(row["AmountFC"]),
        "VATAmountFC": str(row["VATAmountFC"]),
    }


def _invoice(row: Row) -> dict[str, object]:
    return {
        "InvoiceID": row["InvoiceID"],
        "InvoiceNumber": row.get("InvoiceNumber"),
        "YourRef": row.get("YourRef"),
        "Status": row["Status"],
        "InvoiceToName": row.get("InvoiceToName"),
        "Currency": row["Currency"],
        "AmountFC": str(row["AmountFC"]),
        "VATAmountFC": str(row["VATAmountFC"]),
    }
