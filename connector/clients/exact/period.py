"""The documents of a division page by page, with the VAT of their lines, for comparing the books with the store.

A page has sixty documents and their lines with them (`$expand`), so sixty documents cost one call. Invoices are asked
for by our reference as well, because Exact filters SalesInvoices by YourRef; sales entries come with those of others,
because it filters them by their date only. `Modified` and all dates are the server's local time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from connector.clients.exact.calls import DivisionCalls
from connector.clients.exact.client import MOST_IDS
from connector.clients.exact.records import ENTRY_TYPES, HALF_A_CENT, required
from connector.clients.exact.wire import Row, decimal, guid, integer, nested, quoted, read_date, read_datetime, text
from connector.clients.rows import Odd
from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

_ZERO = Decimal(0)
_SALES_ENTRY = 20  # TransactionLines.Type


@dataclass(frozen=True, slots=True)
class CodeSum:
    """What the lines with one code come to, in the document's currency."""

    code: str
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Booked:
    """A document as Exact has it now. `number` is "" until Exact numbers it, `order_number` "" for none.

    `account` is the id of who ordered it, `invoice_to` of whom it is invoiced to, "" for an entry. `gross` includes
    `vat`; None = not in the answer. `codes` are the sums of its lines by VAT code; `complete` is false when they do not
    come to the header's amounts: then read the lines. `gl_accounts` are the same sums by Exact's id of the GL account,
    `cost_centers` by code, "" for none. `modified` is the server's local time, and never to be compared with UTC.
    """

    id: str
    number: str
    type: int
    status: int
    your_ref: str
    description: str
    order_number: str
    account: str
    invoice_to: str
    currency: str
    gross: Decimal | None
    net: Decimal | None
    vat: Decimal | None
    dated: date | None
    modified: datetime | None
    codes: tuple[CodeSum, ...] = ()
    complete: bool = True
    gl_accounts: tuple[CodeSum, ...] = ()
    cost_centers: tuple[CodeSum, ...] = ()
    payment_condition: str = ""

    @property
    def is_entry(self) -> bool:
        """Whether it is a sales entry, which is final the moment it is booked."""
        return self.type in ENTRY_TYPES


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its endpoint, the properties that are its key and its date, and how a row is read."""

    path: str
    key: str
    date: str
    select: str
    lines: str
    read: Callable[[Row], Booked]


def page_of(
    division: DivisionCalls, kind: Kind, where: str, link: str, odd: Odd | None = None
) -> tuple[list[Booked], str]:
    """One page of the documents that a filter selects, and the link to the next one, "" after the last.

    `link` is "" for the first page. `odd` gets a document that cannot be read.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesEntrySalesEntries"""
    return division.page(kind.path, kind.select, kind.read, where, odd, more={"$expand": kind.lines}, link=link)


def with_ids(division: DivisionCalls, kind: Kind, ids: Sequence[str]) -> list[Booked]:
    """The documents with these ids, in one call; those that Exact does not have are left out. At most twenty ids:
    the address must not grow too long. Raises BadValue for more.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
    if len(ids) > MOST_IDS:
        raise BadValue(_("at most %(most)s invoices at a time"), most=MOST_IDS)
    where = " or ".join(f"{kind.key} eq {guid(each)}" for each in ids)
    return page_of(division, kind, where, "")[0] if ids else []


def dated(kind: Kind, since: date, until: date, prefix: str, *, undated: bool = False) -> str:
    """The filter of the documents dated from `since` until before `until` whose reference begins with `prefix`, and
    for sales entries of all that have such a date. `undated`: and of open invoices that have no date.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
    where = f"{kind.date} ge {_day(since)} and {kind.date} lt {_day(until)}"
    if kind is SALES_ENTRIES:
        return where
    return f"{f'({where} or {kind.date} eq null)' if undated else where} and {referring(prefix)}"


def made_since(kind: Kind, since: date) -> str:
    """The filter of all invoices that were made from a day on, whatever their date: an open one may have none. Exact
    filters sales entries by their date only.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
    return f"{kind.date if kind is SALES_ENTRIES else 'Created'} ge {_day(since)}"


def referring(prefix: str) -> str:
    """The filter of the invoices, or the transaction lines, whose reference (YourRef) begins with `prefix`.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
    return f"startswith(YourRef,{quoted(prefix)}) eq true"


def changed(since: datetime, prefix: str = "") -> str:
    """The filter of the invoices that were changed after a time of Exact's own answers: those with our reference, or
    all of them without a `prefix`.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
    return f"{_after(since)} and {referring(prefix)}" if prefix else _after(since)


def moment(text: str) -> datetime:
    """A time of Exact's own answers, as it was kept: ISO 8601 without a zone. Raises ValueError.
    https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""
    return datetime.fromisoformat(text)


def entries_changed(
    division: DivisionCalls, since: datetime, prefix: str = "", most: int | None = None
) -> dict[str, str] | None:
    """The sales entries that were changed after a time of Exact's own answers, with their references by their ids:
    those with our reference, or all of them without a `prefix`. None when they have more than `most` lines.

    Exact filters transaction lines by Modified, Type and YourRef, but not entries.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=FinancialTransactionTransactionLines"""
    path, select = "financialtransaction/TransactionLines", "EntryID,YourRef,Modified,Division"
    where = f"{changed(since, prefix)}{'' if prefix else f' and Type eq {_SALES_ENTRY}'}"
    lines = list(islice(division.pages(path, select, _entry_of, where), None if most is None else most + 1))
    return None if most is not None and len(lines) > most else dict(lines)


def changed_since(division: DivisionCalls, kind: Kind, since: datetime) -> Iterator[Booked]:
    """The invoices that were made or changed after a time of Exact's own answers, ours and others.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
    return division.pages(kind.path, kind.select, kind.read, _after(since), more={"$expand": kind.lines})


def lines_changed_since(division: DivisionCalls, since: datetime) -> list[tuple[str, datetime | None]]:
    """The sales entries of which a line was made or changed after a time of Exact's own answers: the entry's id and
    when, once for each line. Exact filters transaction lines by Modified and Type, but not entries.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=FinancialTransactionTransactionLines"""
    path, select = "financialtransaction/TransactionLines", "EntryID,Modified,Division"
    return list(division.pages(path, select, _changed_entry, f"{_after(since)} and Type eq {_SALES_ENTRY}"))


def sums_of(lines: Iterable[tuple[str, Decimal, Decimal]]) -> tuple[CodeSum, ...]:
    """What lines come to by VAT code; a line is its code, its net and its VAT.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoiceLines"""
    found: dict[str, CodeSum] = {}
    for code, net, vat in lines:
        so_far = found.get(code) or CodeSum(code, _ZERO, _ZERO)
        found[code] = replace(so_far, net=so_far.net + net, vat=so_far.vat + vat)
    return tuple(found[code] for code in sorted(found))


def _read_invoice(row: Row) -> Booked:
    """salesinvoice/SalesInvoices."""
    found = _read(row, "InvoiceID", text(row, "OrderedBy"), nested(row, "SalesInvoiceLines"))
    invoice_to = text(row, "InvoiceTo").casefold()
    number, day = text(row, "InvoiceNumber"), read_date(row.get("InvoiceDate"))
    return replace(found, number=number, dated=day, invoice_to=invoice_to)


def _read_entry(row: Row) -> Booked:
    """salesentry/SalesEntries. They have the amount with VAT and the VAT."""
    found = _read(row, "EntryID", text(row, "Customer"), nested(row, "SalesEntryLines"))
    return replace(found, number=text(row, "EntryNumber"), dated=read_date(row.get("EntryDate")))


def _read(row: Row, key: str, account: str, lines: list[Row] | None) -> Booked:
    gross, vat = decimal(row, "AmountFC"), decimal(row, "VATAmountFC")
    net = decimal(row, "AmountFCExclVat")
    if net is None and gross is not None and vat is not None:
        net = gross - vat
    codes, gl_accounts, cost_centers = (_by(name, lines or ()) for name in ("VATCode", "GLAccount", "CostCenter"))
    adds_up = _near(sum(each.net for each in codes), net) and _near(sum(each.vat for each in codes), vat)
    return Booked(
        id=required(row, key),
        number="",
        type=integer(row, "Type") or 0,
        status=integer(row, "Status") or 0,
        your_ref=text(row, "YourRef"),
        description=text(row, "Description"),
        order_number=text(row, "OrderNumber"),
        account=account.casefold(),
        invoice_to="",
        currency=text(row, "Currency"),
        gross=gross,
        net=net,
        vat=vat,
        dated=None,
        modified=read_datetime(row.get("Modified")),
        codes=codes,
        complete=lines is not None and adds_up,
        gl_accounts=tuple(replace(each, code=each.code.casefold()) for each in gl_accounts),
        cost_centers=cost_centers,
        payment_condition=text(row, "PaymentCondition"),
    )


def _by(name: str, lines: Iterable[Row]) -> tuple[CodeSum, ...]:
    return sums_of((text(each, name), _amount(each, "AmountFC"), _amount(each, "VATAmountFC")) for each in lines)


def _near(summed: Decimal | int, header: Decimal | None) -> bool:
    return header is None or abs(summed - header) < HALF_A_CENT


def _amount(row: Row, key: str) -> Decimal:
    return decimal(row, key) or _ZERO


def _after(since: datetime) -> str:
    return f"Modified gt datetime'{since.replace(tzinfo=None).isoformat(timespec='milliseconds')}'"


def _changed_entry(row: Row) -> tuple[str, datetime | None]:
    return required(row, "EntryID"), read_datetime(row.get("Modified"))


def _entry_of(row: Row) -> tuple[str, str]:
    return required(row, "EntryID"), text(row, "YourRef")


def _day(day: date) -> str:
    return f"datetime'{day.isoformat()}T00:00:00'"


_HEADER = "Type,Status,YourRef,Description,OrderNumber,Currency,AmountFC,VATAmountFC,PaymentCondition,Modified,Division"


def _below(lines: str) -> str:
    return ",".join(f"{lines}/{name}" for name in ("VATCode", "GLAccount", "CostCenter", "AmountFC", "VATAmountFC"))


SALES_INVOICES = Kind(
    "salesinvoice/SalesInvoices",
    "InvoiceID",
    "InvoiceDate",
    f"InvoiceID,InvoiceNumber,InvoiceDate,InvoiceTo,OrderedBy,AmountFCExclVat,{_HEADER},{_below('SalesInvoiceLines')}",
    "SalesInvoiceLines",
    _read_invoice,
)
SALES_ENTRIES = Kind(
    "salesentry/SalesEntries",
    "EntryID",
    "EntryDate",
    f"EntryID,EntryNumber,EntryDate,Customer,{_HEADER},{_below('SalesEntryLines')}",
    "SalesEntryLines",
    _read_entry,
)
