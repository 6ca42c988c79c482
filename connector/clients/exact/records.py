"""What is read from Exact: one small value per record, and the properties to select.

Amounts are Decimals in the currency that the name gives (FC: the invoice's, DC: the division's own). Times are
naive: they are the server's local time. Codes are trimmed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from connector.clients.exact.wire import Row, decimal, integer, is_guid, nested, read_date, read_datetime, same, text
from connector.clients.strict_json import Unreadable
from connector.clients.wording import marked as _

ME = "UserID,FullName,CurrentDivision,ServerTime,PackageCode"
DIVISION = "Code,Description,Currency,Country,Status,BlockingStatus"
ACCOUNT = (
    "ID,Code,Name,SearchCode,VATNumber,Email,Phone,Language,Status,IsSales,Blocked,EndDate,AddressLine1,AddressLine2,"
    "AddressLine3,Postcode,City,State,Country,ChamberOfCommerce,PeppolIdentifier,PaymentConditionSales,SalesVATCode,"
    "Classification1,Modified,Division"
)
SYNC_ACCOUNT = f"Timestamp,{ACCOUNT}"
INVOICE = (
    "InvoiceID,InvoiceNumber,Status,Type,YourRef,OrderedBy,InvoiceTo,Currency,"
    "AmountFC,AmountDC,AmountFCExclVat,VATAmountFC,InvoiceDate,Division"
)
NUMBER = "InvoiceID,InvoiceNumber,Division"
INVOICE_LINE = (
    "ID,LineNumber,Description,Quantity,Item,GLAccount,CostCenter,CostUnit,VATCode,AmountFC,VATAmountFC,"
    "InvoiceID,Division"
)
ENTRY = (
    "EntryID,EntryNumber,Status,Type,YourRef,Customer,Currency,Rate,AmountFC,AmountDC,VATAmountFC,EntryDate,Division"
)
ENTRY_LINE = (
    "ID,LineNumber,Description,Quantity,GLAccount,CostCenter,CostUnit,VATCode,AmountFC,VATAmountFC,EntryID,Division"
)
INVOICE_AND_LINES = ",".join((INVOICE, *(f"SalesInvoiceLines/{name}" for name in INVOICE_LINE.split(","))))
ENTRY_AND_LINES = ",".join((ENTRY, *(f"SalesEntryLines/{name}" for name in ENTRY_LINE.split(","))))
ENTRY_REFERENCE = "EntryID,YourRef,Type,Division"
BANK_LINE = "EntryID,EntryNumber,GLAccount,Account,AmountFC,Description,JournalCode,Division"


@dataclass(frozen=True, slots=True)
class Me:
    """The user who consented; `server_time` is naive and local to Exact's server. `package` is the code of what their
    licence has, "" when Exact does not say."""

    user_id: str
    full_name: str
    current_division: int
    server_time: datetime | None
    package: str = ""


@dataclass(frozen=True, slots=True)
class DivisionInfo:
    """An administration that the consent reaches. `status` 0 inactive, 1 active, 2 archived;
    `blocking_status` 0 not blocked."""

    code: int
    description: str
    currency: str
    country: str
    status: int
    blocking_status: int


@dataclass(frozen=True, slots=True)
class Account:
    """A relation. `status` A none, S suspect, P prospect, C customer; `end_date` is its last day, None for no end;
    `timestamp` is 0 unless read through sync. The address is the visiting address. `payment_condition` and `vat_code`
    are codes, `classification` is an id. `modified` is the server's local time: see `server_time`."""

    id: str
    code: str
    name: str
    search_code: str
    vat_number: str
    email: str
    status: str
    is_sales: bool
    blocked: bool
    country: str
    postcode: str
    address_line1: str
    city: str
    end_date: date | None = None
    timestamp: int = 0
    phone: str = ""
    language: str = ""
    address_line2: str = ""
    address_line3: str = ""
    state: str = ""
    chamber_of_commerce: str = ""
    peppol_id: str = ""
    payment_condition: str = ""
    vat_code: str = ""
    classification: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line as Exact has it. `item` and `gl_account` are ids, the other references are codes, "" for none. `net`
    excludes VAT for every type of VAT code. Both amounts are in the invoice's currency."""

    id: str
    number: int
    description: str
    quantity: Decimal | None
    item: str
    gl_account: str
    cost_center: str
    cost_unit: str
    vat_code: str
    net: Decimal
    vat: Decimal


# Exact computes in binary floating point: two amounts are the same when they are less than this apart.
HALF_A_CENT = Decimal("0.005")
# "can't be changed anymore" (Exact's reference, SalesInvoices.Status).
PROCESSED = 50
ENTRY_TYPES = frozenset({20, 21})


@dataclass(frozen=True, slots=True)
class Invoice:
    """A sales invoice or a sales entry. `number` is "" until Exact numbers it; `status` 20 open, 50 processed by
    printing; `type` 8020 invoice, 8021 credit note, 20 sales entry, 21 its credit note. `amount_fc` includes VAT,
    `amount_excl` and `vat_amount` are its parts, all in `currency`; None = not in the answer. `dated` is its date.
    `amount_dc` is the amount with VAT in the division's currency. `rate` is Exact's of a sales entry; an invoice has
    none. `lines` are empty when the answer only links to them. `invoice_to` is the account that it is invoiced to, ""
    for an entry."""

    id: str
    number: str
    status: int
    type: int
    your_ref: str
    ordered_by: str
    currency: str
    amount_fc: Decimal | None
    amount_dc: Decimal | None
    amount_excl: Decimal | None
    vat_amount: Decimal | None
    dated: date | None = None
    rate: Decimal | None = None
    lines: tuple[InvoiceLine, ...] = ()
    invoice_to: str = ""

    @property
    def is_final(self) -> bool:
        """Whether it is booked: a printed invoice, or any sales entry. The status of an entry means something else."""
        return self.status >= PROCESSED or self.type in ENTRY_TYPES

    @property
    def has_all_lines(self) -> bool:
        """Whether its lines come to its amounts, as far as these are known."""
        pairs = (
            (self.amount_excl, sum(line.net for line in self.lines)),
            (self.vat_amount, sum(line.vat for line in self.lines)),
        )
        return all(whole is None or abs(whole - summed) < HALF_A_CENT for whole, summed in pairs)


@dataclass(frozen=True, slots=True)
class BankLine:
    """A transaction line of a bank entry; `amount` has Exact's own sign, in the entry's currency."""

    entry_id: str
    entry_number: str
    gl_account: str
    account: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Printed:
    """What printing did. The call succeeds even when a part failed; that part's error is not "" then."""

    invoice_id: str
    number: str
    document_error: str


def read_me(row: Row) -> Me:
    """current/Me."""
    return Me(
        user_id=required(row, "UserID"),
        full_name=text(row, "FullName"),
        current_division=_whole(row, "CurrentDivision"),
        server_time=read_datetime(row.get("ServerTime")),
        package=text(row, "PackageCode"),
    )


def read_division(row: Row) -> DivisionInfo:
    """system/Divisions."""
    return DivisionInfo(
        code=_whole(row, "Code"),
        description=text(row, "Description"),
        currency=text(row, "Currency"),
        country=text(row, "Country"),
        status=integer(row, "Status") or 0,
        blocking_status=integer(row, "BlockingStatus") or 0,
    )


def read_account(row: Row) -> Account:
    """crm/Accounts and sync/CRM/Accounts."""
    return Account(
        id=required(row, "ID"),
        code=text(row, "Code"),
        name=text(row, "Name"),
        search_code=text(row, "SearchCode"),
        vat_number=text(row, "VATNumber"),
        email=text(row, "Email"),
        status=text(row, "Status"),
        is_sales=row.get("IsSales") is True,
        blocked=row.get("Blocked") is True,
        country=text(row, "Country"),
        postcode=text(row, "Postcode"),
        address_line1=text(row, "AddressLine1"),
        city=text(row, "City"),
        end_date=read_date(row.get("EndDate")),
        timestamp=integer(row, "Timestamp") or 0,
        phone=text(row, "Phone"),
        language=text(row, "Language"),
        address_line2=text(row, "AddressLine2"),
        address_line3=text(row, "AddressLine3"),
        state=text(row, "State"),
        chamber_of_commerce=text(row, "ChamberOfCommerce"),
        peppol_id=text(row, "PeppolIdentifier"),
        payment_condition=text(row, "PaymentConditionSales"),
        vat_code=text(row, "SalesVATCode"),
        classification=text(row, "Classification1").casefold(),
        modified=read_datetime(row.get("Modified")),
    )


def read_invoice(row: Row) -> Invoice:
    """salesinvoice/SalesInvoices."""
    return Invoice(
        id=required(row, "InvoiceID"),
        number=text(row, "InvoiceNumber"),
        status=integer(row, "Status") or 0,
        type=integer(row, "Type") or 0,
        your_ref=text(row, "YourRef"),
        ordered_by=text(row, "OrderedBy"),
        currency=text(row, "Currency"),
        amount_fc=decimal(row, "AmountFC"),
        amount_dc=decimal(row, "AmountDC"),
        amount_excl=decimal(row, "AmountFCExclVat"),
        vat_amount=decimal(row, "VATAmountFC"),
        dated=read_date(row.get("InvoiceDate")),
        lines=tuple(read_invoice_line(line) for line in nested(row, "SalesInvoiceLines") or ()),
        invoice_to=text(row, "InvoiceTo"),
    )


def read_number(row: Row) -> tuple[str, str]:
    """salesinvoice/SalesInvoices: the id in lower case, and the number, "" for none yet."""
    return text(row, "InvoiceID").casefold(), text(row, "InvoiceNumber")


def read_entry(row: Row) -> Invoice:
    """salesentry/SalesEntries. They have the amount with VAT and the VAT. The amount without VAT is the difference."""
    gross, vat = decimal(row, "AmountFC"), decimal(row, "VATAmountFC")
    return Invoice(
        id=required(row, "EntryID"),
        number=text(row, "EntryNumber"),
        status=integer(row, "Status") or 0,
        type=integer(row, "Type") or 0,
        your_ref=text(row, "YourRef"),
        ordered_by=text(row, "Customer"),
        currency=text(row, "Currency"),
        amount_fc=gross,
        amount_dc=decimal(row, "AmountDC"),
        amount_excl=None if gross is None or vat is None else gross - vat,
        vat_amount=vat,
        dated=read_date(row.get("EntryDate")),
        rate=decimal(row, "Rate"),
        lines=tuple(read_invoice_line(line) for line in nested(row, "SalesEntryLines") or ()),
    )


def read_invoice_line(row: Row) -> InvoiceLine:
    """salesinvoice/SalesInvoiceLines, and salesentry/SalesEntryLines, which have no item. A missing amount counts as
    zero."""
    return InvoiceLine(
        id=text(row, "ID"),
        number=integer(row, "LineNumber") or 0,
        description=text(row, "Description"),
        quantity=decimal(row, "Quantity"),
        item=text(row, "Item"),
        gl_account=text(row, "GLAccount"),
        cost_center=text(row, "CostCenter"),
        cost_unit=text(row, "CostUnit"),
        vat_code=text(row, "VATCode"),
        net=decimal(row, "AmountFC") or Decimal(0),
        vat=decimal(row, "VATAmountFC") or Decimal(0),
    )


def read_bank_line(row: Row) -> BankLine:
    """financialtransaction/TransactionLines."""
    return BankLine(
        entry_id=required(row, "EntryID"),
        entry_number=text(row, "EntryNumber"),
        gl_account=text(row, "GLAccount"),
        account=text(row, "Account"),
        amount=decimal(row, "AmountFC") or Decimal(0),
    )


def read_printed(row: Row) -> Printed:
    """salesinvoice/PrintedSalesInvoices. The reference lists no invoice number, but it is used if it comes."""
    return Printed(
        invoice_id=text(row, "InvoiceID"),
        number=text(row, "InvoiceNumber"),
        document_error=text(row, "DocumentCreationError"),
    )


def is_ours(row: Row, kind: int, reference: str) -> bool:
    """Whether a row of a search has this type and our reference. Raises Unreadable when it has no type."""
    return _whole(row, "Type") == kind and same(text(row, "YourRef"), reference)


def required(row: Row, key: str) -> str:
    """A text that must be present. Raises Unreadable when it is missing."""
    value = text(row, key)
    if not value:
        raise Unreadable(_("%(name)s is missing"), name=key)
    return value


def required_id(row: Row, key: str) -> str:
    """An id that a later call can name. Raises Unreadable when it is missing or no GUID."""
    value = required(row, key)
    if not is_guid(value):
        raise Unreadable(_("%(name)s is no GUID"), name=key)
    return value


def _whole(row: Row, key: str) -> int:
    value = integer(row, key)
    if value is None:
        raise Unreadable(_("%(name)s is missing"), name=key)
    return value
