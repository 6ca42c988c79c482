"""What is sent to Exact: typed values, written with the property names of Exact's REST reference.

Empty values are left out, so that Exact's own defaults apply. Ids are plain (the guid'' form is for addresses
only), dates are ISO without a zone, decimals are JSON numbers with exactly their own digits.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Body = dict[str, object]

SALES_INVOICE = 8020
CUSTOMER = "C"
DELIVERY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLineIn:
    """A line. `net_price` is per unit and includes VAT when the VAT code's type is I. `item` and `gl_account` are
    ids, the other references are codes. `vat_amount` replaces the VAT that Exact computes. `description` has at most
    60 characters (assumed); longer text goes into `notes`."""

    item: str
    quantity: Decimal
    net_price: Decimal
    vat_code: str = ""
    vat_amount: Decimal | None = None
    gl_account: str = ""
    cost_center: str = ""
    cost_unit: str = ""
    description: str = ""
    notes: str = ""

    def body(self) -> Body:
        """The JSON object for SalesInvoiceLines."""
        return _given(
            Item=self.item,
            Quantity=self.quantity,
            NetPrice=self.net_price,
            VATCode=self.vat_code,
            VATAmountFC=self.vat_amount,
            GLAccount=self.gl_account,
            CostCenter=self.cost_center,
            CostUnit=self.cost_unit,
            Description=self.description,
            Notes=self.notes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceIn:
    """A sales invoice. `journal` and `payment_condition` are codes, accounts and addresses are ids, `currency` is
    ISO 4217. `warehouse` is an id; Exact takes one with a direct invoice (`type` 8023, 8024) only. `your_ref`
    has at most 30 characters (assumed)."""

    ordered_by: str
    journal: str
    your_ref: str
    lines: tuple[InvoiceLineIn, ...]
    type: int = SALES_INVOICE
    order_date: date | None = None
    description: str = ""
    currency: str = ""
    payment_condition: str = ""
    payment_reference: str = ""
    invoice_to: str = ""
    deliver_to: str = ""
    deliver_to_address: str = ""
    remarks: str = ""
    warehouse: str = ""

    def body(self) -> Body:
        """The JSON object for SalesInvoices."""
        return _given(
            Type=self.type,
            Journal=self.journal,
            OrderedBy=self.ordered_by,
            InvoiceTo=self.invoice_to,
            DeliverTo=self.deliver_to,
            DeliverToAddress=self.deliver_to_address,
            YourRef=self.your_ref,
            Description=self.description,
            OrderDate=self.order_date.isoformat() if self.order_date else None,
            Currency=self.currency,
            PaymentCondition=self.payment_condition,
            PaymentReference=self.payment_reference,
            Remarks=self.remarks,
            Warehouse=self.warehouse,
            SalesInvoiceLines=[line.body() for line in self.lines],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLineIn:
    """A line of a sales entry. `net` is its whole amount without VAT, `vat_amount` replaces the VAT that Exact
    computes. `gl_account` is an id, the other references are codes."""

    net: Decimal
    gl_account: str
    vat_code: str
    quantity: Decimal
    vat_amount: Decimal | None = None
    cost_center: str = ""
    cost_unit: str = ""
    description: str = ""
    notes: str = ""

    def body(self) -> Body:
        """The JSON object for SalesEntryLines."""
        return _given(
            AmountFC=self.net,
            GLAccount=self.gl_account,
            VATCode=self.vat_code,
            VATAmountFC=self.vat_amount,
            Quantity=self.quantity,
            CostCenter=self.cost_center,
            CostUnit=self.cost_unit,
            Description=self.description,
            Notes=self.notes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryIn:
    """A sales entry. Exact books it at once, in the period of `entry_date`. Negative amounts make it a credit note.

    `rate` is that of `currency`, as Exact states it; None leaves it to Exact's rate of the day."""

    customer: str
    journal: str
    your_ref: str
    entry_date: date
    lines: tuple[EntryLineIn, ...]
    description: str = ""
    currency: str = ""
    rate: Decimal | None = None
    payment_condition: str = ""
    payment_reference: str = ""

    def body(self) -> Body:
        """The JSON object for SalesEntries."""
        return _given(
            Customer=self.customer,
            Journal=self.journal,
            YourRef=self.your_ref,
            EntryDate=self.entry_date.isoformat(),
            Description=self.description,
            Currency=self.currency,
            Rate=self.rate,
            PaymentCondition=self.payment_condition,
            PaymentReference=self.payment_reference,
            SalesEntryLines=[line.body() for line in self.lines],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLineIn:
    """A line of a bank entry. Money in is positive. `gl_account` and `account` are ids; `our_ref` is an invoice's
    number."""

    amount: Decimal
    gl_account: str
    date: date
    description: str
    account: str = ""
    our_ref: int | None = None
    notes: str = ""

    def body(self) -> Body:
        """The JSON object for BankEntryLines."""
        return _given(
            AmountFC=self.amount,
            GLAccount=self.gl_account,
            Account=self.account,
            Date=self.date.isoformat(),
            Description=self.description,
            OurRef=self.our_ref,
            Notes=self.notes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BankEntryIn:
    """An entry in a bank (type 12) or payment-service (16) journal; `currency` is ISO 4217."""

    journal: str
    currency: str
    lines: tuple[BankLineIn, ...]

    def body(self) -> Body:
        """The JSON object for BankEntries."""
        return _given(
            JournalCode=self.journal, Currency=self.currency, BankEntryLines=[line.body() for line in self.lines]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountIn:
    """An account. It is a customer unless `status` says otherwise; Exact invoices no account without C.

    `payment_condition` and `vat_code` are the codes for sales, `classification` is the id of its first classification.
    """

    name: str
    status: str = CUSTOMER
    code: str = ""
    search_code: str = ""
    email: str = ""
    phone: str = ""
    vat_number: str = ""
    chamber_of_commerce: str = ""
    address_line1: str = ""
    address_line2: str = ""
    address_line3: str = ""
    postcode: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    language: str = ""
    payment_condition: str = ""
    vat_code: str = ""
    peppol_id: str = ""
    classification: str = ""

    def body(self) -> Body:
        """The JSON object for crm/Accounts."""
        return _given(
            Name=self.name,
            Status=self.status,
            Code=self.code,
            SearchCode=self.search_code,
            Email=self.email,
            Phone=self.phone,
            VATNumber=self.vat_number,
            ChamberOfCommerce=self.chamber_of_commerce,
            AddressLine1=self.address_line1,
            AddressLine2=self.address_line2,
            AddressLine3=self.address_line3,
            Postcode=self.postcode,
            City=self.city,
            State=self.state,
            Country=self.country,
            Language=self.language,
            PaymentConditionSales=self.payment_condition,
            SalesVATCode=self.vat_code,
            PeppolIdentifier=self.peppol_id,
            Classification1=self.classification,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressIn:
    """An address of an account, by default a delivery address."""

    account: str
    type: int = DELIVERY
    address_line1: str = ""
    address_line2: str = ""
    address_line3: str = ""
    postcode: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    phone: str = ""

    def body(self) -> Body:
        """The JSON object for crm/Addresses."""
        return _given(
            Account=self.account,
            Type=self.type,
            AddressLine1=self.address_line1,
            AddressLine2=self.address_line2,
            AddressLine3=self.address_line3,
            Postcode=self.postcode,
            City=self.city,
            State=self.state,
            Country=self.country,
            Phone=self.phone,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactIn:
    """A contact person of an account. Exact wants both names."""

    account: str
    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    language: str = ""

    def body(self) -> Body:
        """The JSON object for crm/Contacts."""
        return _given(
            Account=self.account,
            FirstName=self.first_name,
            LastName=self.last_name,
            Email=self.email,
            Phone=self.phone,
            Language=self.language,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemIn:
    """An item that is sold. `code` has at most 30 characters (assumed), `description` at most 60. `group_id` is an id,
    `unit` and `vat_code` are codes; without them Exact takes the division's own. Its GL accounts are the group's."""

    code: str
    description: str
    group_id: str = ""
    unit: str = ""
    vat_code: str = ""
    stock: bool = False

    def body(self) -> Body:
        """The JSON object for Items."""
        return _given(
            Code=self.code,
            Description=self.description,
            ItemGroup=self.group_id,
            Unit=self.unit,
            SalesVatCode=self.vat_code,
            IsSalesItem=True,
            IsStockItem=self.stock,
        )


def _given(**properties: object) -> Body:
    return {name: value for name, value in properties.items() if value not in (None, "")}
