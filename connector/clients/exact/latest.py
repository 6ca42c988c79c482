"""The newest invoices and entries of a division, with the codes that their lines used."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from connector.clients.exact.client import MOST_IDS, ExactClient
from connector.clients.exact.records import required_id
from connector.clients.exact.wire import Row, decimal, text

NEWEST = 40
_INVOICE = "InvoiceID,OrderedBy,Journal,VATAmountFC,Division"
_LINE = "InvoiceID,ItemCode,GLAccount,CostCenter,CostUnit,VATCode,AmountFC,VATAmountFC,Division"
_ENTRY = "EntryID,Customer,Journal,VATAmountFC,Division"
_ENTRY_LINE = "EntryID,GLAccount,CostCenter,CostUnit,VATCode,AmountFC,VATAmountFC,Division"


@dataclass(frozen=True, slots=True)
class LatestLine:
    """A line; `gl_account` is an id, the others are codes, "" for none. `gross` is `net` with its VAT."""

    item: str
    gl_account: str
    cost_center: str
    cost_unit: str
    vat_code: str
    net: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Latest:
    """An invoice or an entry; `country` is the customer's (ISO 3166), "" for an unknown one, `vat` all of its VAT."""

    journal: str
    country: str
    vat: Decimal
    lines: tuple[LatestLine, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    id: str
    account: str
    journal: str
    vat: Decimal


def newest_invoices(client: ExactClient) -> list[Latest]:
    """Return the newest forty sales invoices, with about six calls. Raises the client's errors."""
    heads = client.newest(
        "salesinvoice/SalesInvoices",
        _INVOICE,
        lambda row: _head(row, "InvoiceID", "OrderedBy"),
        by="Created",
        most=NEWEST,
    )
    return _whole(client, heads, "salesinvoice/SalesInvoiceLines", _LINE, "InvoiceID")


def newest_entries(client: ExactClient) -> list[Latest]:
    """Return the newest forty sales entries, with about six calls. Raises the client's errors."""
    heads = client.newest(
        "salesentry/SalesEntries", _ENTRY, lambda row: _head(row, "EntryID", "Customer"), by="EntryDate", most=NEWEST
    )
    return _whole(client, heads, "salesentry/SalesEntryLines", _ENTRY_LINE, "EntryID")


def _whole(client: ExactClient, heads: Sequence[_Head], path: str, select: str, name: str) -> list[Latest]:
    """The documents with their lines and the countries of their customers."""
    lines: dict[str, list[LatestLine]] = {}
    for ids in _batches(head.id for head in heads):
        for key, line in client.of_ids(path, select, lambda row: (text(row, name), _line(row)), name=name, ids=ids):
            lines.setdefault(key.casefold(), []).append(line)
    countries: dict[str, str] = {}
    for ids in _batches(dict.fromkeys(head.account for head in heads if head.account)):
        rows = client.of_ids("crm/Accounts", "ID,Country,Division", _country, name="ID", ids=ids)
        countries |= dict(rows)
    return [
        Latest(head.journal, countries.get(head.account, ""), head.vat, tuple(lines.get(head.id, ()))) for head in heads
    ]


def _head(row: Row, key: str, account: str) -> _Head:
    named = required_id(row, account) if text(row, account) else ""
    return _Head(required_id(row, key).casefold(), named.casefold(), text(row, "Journal"), _amount(row, "VATAmountFC"))


def _line(row: Row) -> LatestLine:
    return LatestLine(
        item=text(row, "ItemCode"),
        gl_account=text(row, "GLAccount").casefold(),
        cost_center=text(row, "CostCenter"),
        cost_unit=text(row, "CostUnit"),
        vat_code=text(row, "VATCode"),
        net=_amount(row, "AmountFC"),
        gross=_amount(row, "AmountFC") + _amount(row, "VATAmountFC"),
    )


def _country(row: Row) -> tuple[str, str]:
    return text(row, "ID").casefold(), text(row, "Country")


def _amount(row: Row, key: str) -> Decimal:
    return decimal(row, key) or Decimal(0)


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(ids)
    while batch := list(islice(left, MOST_IDS)):
        yield batch
