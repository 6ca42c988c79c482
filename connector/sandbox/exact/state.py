"""The state of the fake Exact: settings and divisions with their tables. All in memory.

Rows hold plain values by property name: Guid and text as str, Double as Decimal, DateTime as a naive datetime in
the server's local time (as the real service writes it), the rest as int and bool. Absent and None are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from connector.sandbox.exact.metadata import DELETED, ENTITIES

Row = dict[str, Any]

SERVER_ZONE = ZoneInfo("Europe/Amsterdam")
SEEDED = UUID("6e0a1c52-7d3b-4f6e-9a55-0c5d2b8f9e11")
INVOICES = "salesinvoice/SalesInvoices"
LINES = "salesinvoice/SalesInvoiceLines"
PERIODS = "financial/FinancialPeriods"
# EntityType in the list of deleted records.
ENTITY_TYPES = {"crm/Accounts": 2, "crm/Addresses": 3, "crm/Contacts": 5, INVOICES: 13}
DELETED_FOR = timedelta(days=60)


def _rates() -> dict[str, Decimal]:
    rates = {"EUR": "1", "USD": "0.92", "GBP": "1.17", "CAD": "0.68", "HUF": "0.0025"}
    return {currency: Decimal(rate) for currency, rate in rates.items()}


@dataclass
class Settings:
    """The behaviour of this Exact. FakeExact.set changes it."""

    language: str = "nl"  # the language of the user who consented: nl or en
    token_seconds: int = 600
    enforce_early_refusal: bool = True  # refuse a refresh in all but the last 30 s of the token
    refresh_days: int = 30
    enforce_limits: bool = False
    minute_limit: int = 60
    day_limit: int = 5000
    enforce_error_limit: bool = False  # more than ten errors an hour on an endpoint block the key for an hour
    mandatory_filter: bool = False  # GET of accounts and items refused without $filter
    require_payment_condition: bool = False  # "Mandatory: Payment condition"
    refuse_negative_prices: bool = True  # on credit notes, where the quantity is negative
    stock_at_printing: bool = False  # goods are taken when the invoice is printed, not when it is entered
    negate_credit_notes: bool = False  # a credit note's amounts get the other sign
    page_size: int = 60
    sync_page_size: int = 1000
    webhook_key: str = "sandbox-exact-webhook-secret"  # of the app; its webhooks are proved with it
    # Home currency per unit, on every day that `daily_rates` does not have. None there: no rate on that day.
    rates: dict[str, Decimal] = field(default_factory=_rates)
    daily_rates: dict[tuple[str, date], Decimal | None] = field(default_factory=dict)
    # How invoices differ from what was sent, as in real divisions.
    vat_off: Decimal = Decimal(0)  # added to the VAT that is computed on the first taxed line
    keep_own_vat: bool = False  # a VATAmountFC that was sent is ignored
    lost_vat_code: str = ""  # a line with this VAT code loses it
    nulled: str = ""  # a property of lines, such as GLAccount, that becomes null without an error
    price_digits: int | None = None  # NetPrice is rounded to these decimals before it is multiplied

    def rate(self, currency: str, day: date) -> Decimal:
        """Home currency per unit; 1 on a day without a rate."""
        rate = self.daily_rates.get((currency, day), self.rates.get(currency))
        return Decimal(1) if rate is None else rate


class Division:
    """One administration. `vat_rounding` is "line" (VAT rounded per line) or "code" (once per VAT code)."""

    def __init__(self, code: int, name: str, country: str, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.code = code
        self.name = name
        self.country = country
        self.currency = "EUR"
        self.vat_rounding = "line"
        self.numbered_at_printing = {"71"}  # journals; the other journals number at entry
        self.fiscal_years: set[int] | None = None  # None: every year that has periods is open
        self.closed_periods: set[tuple[int, int]] = set()  # financial year and period
        self.stock: dict[tuple[str, str], Decimal] = {}  # what lay there first, by codes of warehouse and item
        self.settings = settings
        self._clock = clock
        self._tables: dict[str, dict[str, Row]] = {}
        self._numbers: dict[str, int] = {}
        self._hidden: dict[str, datetime] = {}
        self._seeds = 0
        self._codes: dict[str, str] = {}  # account code -> id
        self._of_account: dict[tuple[str, str], list[str]] = {}  # endpoint and account -> keys, in the order of entry
        self.events: list[tuple[str, str]] = []  # id and action of changed accounts that no webhook reported yet

    def local_now(self) -> datetime:
        """The server's local time, without a zone, in whole milliseconds as in the API."""
        now = self.local_moment()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def local_moment(self) -> datetime:
        """The server's local time, without a zone, as exactly as the clock has it."""
        return self._clock().astimezone(SERVER_ZONE).replace(tzinfo=None)

    def table(self, endpoint: str) -> dict[str, Row]:
        """Key -> row, in the order of entry."""
        return self._tables.setdefault(endpoint, {})

    def get(self, endpoint: str, key: object) -> Row | None:
        return self.table(endpoint).get(str(key))

    def by_code(self, endpoint: str, code: object) -> Row | None:
        """The row with this code, without regard to padding and case; None when there is none."""
        wanted = str(code).strip().casefold()
        rows = self.table(endpoint).values()
        return next((row for row in rows if str(row["Code"]).strip().casefold() == wanted), None)

    def insert(self, endpoint: str, row: Row, *, seeded: bool = False) -> Row:
        """Store a row, with a key and the fields of every entity. Seeded rows always get the same key."""
        entity = ENTITIES[endpoint]
        if entity.key_is_guid:
            row[entity.key] = self._seeded_id(endpoint) if seeded else self.new_id()
        if "Division" in entity.properties:
            row["Division"] = self.code
        row["Created"] = self.local_now()
        self.table(endpoint)[str(row[entity.key])] = row
        if endpoint.startswith("crm/") and row.get("Account"):
            self._of_account.setdefault((endpoint, str(row["Account"])), []).append(str(row[entity.key]))
        self.touch(row)
        return row

    def touch(self, row: Row) -> None:
        """Give a changed row a new Modified and a higher Timestamp."""
        row["Modified"] = self.local_now()
        row["Timestamp"] = self.number("timestamp", 41_000_001)

    def note_account(self, row: Row, action: str = "Update") -> None:
        """Note a change of an account, for the webhooks. `action` is "Update" (also of a new one) or "Delete"."""
        self._codes[str(row["Code"])] = str(row["ID"])
        self.events.append((str(row["ID"]), action))

    def account_with_code(self, code: str) -> Row | None:
        """The account with exactly this padded code. Those that were noted are known."""
        row = self.table("crm/Accounts").get(self._codes.get(code, ""))
        return row if row is not None and row["Code"] == code else None

    def of_account(self, endpoint: str, account: object) -> list[Row]:
        """The addresses or contacts of an account, in the order of entry."""
        table = self.table(endpoint)
        return [table[key] for key in self._of_account.get((endpoint, str(account)), ()) if key in table]

    def delete(self, endpoint: str, key: str) -> Row:
        """Remove a row. The list of deleted records names it."""
        row = self.table(endpoint).pop(key)
        if endpoint in ENTITY_TYPES:
            gone: Row = {"EntityKey": key, "EntityType": ENTITY_TYPES[endpoint], "DeletedDate": self.local_now()}
            self.insert(DELETED, gone)
        return row

    def number(self, name: str, start: int) -> int:
        """The next number of a series."""
        self._numbers[name] = self._numbers.get(name, start - 1) + 1
        return self._numbers[name]

    def period(self, day: datetime) -> tuple[int, int] | None:
        """Financial year and period of a day, or None where the division has none."""
        rows = self.table(PERIODS).values()
        return next(((r["FinYear"], r["FinPeriod"]) for r in rows if r["StartDate"] <= day <= r["EndDate"]), None)

    def lines(self, invoice_id: str) -> list[Row]:
        return [row for row in self.table(LINES).values() if row["InvoiceID"] == invoice_id]

    # What a read shows

    def hide(self, key: str, until: datetime) -> None:
        """Hide an invoice or an entry from reads until this time (UTC)."""
        self._hidden[key] = until

    def visible(self, endpoint: str, blind_seconds: float = 0.0) -> Iterator[Row]:
        """The rows that a GET shows, without those that were entered in the last `blind_seconds`."""
        if endpoint == DELETED:
            yield from self._still_named()
            return
        horizon = self.local_now() - timedelta(seconds=blind_seconds)
        for row in self.table(endpoint).values():
            if not self._unseen(row) and not (blind_seconds and row["Created"] > horizon):
                yield row

    def _still_named(self) -> Iterator[Row]:
        oldest = self.local_now() - DELETED_FOR
        return (row for row in self.table(DELETED).values() if row["DeletedDate"] > oldest)

    def _unseen(self, row: Row) -> bool:
        until = self._hidden.get(str(row.get("InvoiceID") or row.get("EntryID")))
        return until is not None and self._clock() < until

    @staticmethod
    def new_id() -> str:
        return str(uuid4())

    def _seeded_id(self, endpoint: str) -> str:
        self._seeds += 1
        return str(uuid5(SEEDED, f"{self.code} {endpoint} {self._seeds}"))
