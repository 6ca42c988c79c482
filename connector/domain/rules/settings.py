"""What a connection's settings say about turning an order into an invoice."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.domain.choices import (
    CreditSign,
    DocumentForm,
    GiftCertificates,
    InvoiceDate,
    ItemStrategy,
    OrderRefundVat,
    VatRounding,
)


@dataclass(frozen=True, slots=True)
class ItemSettings:
    """Item codes by kind of line ("" = none is set), and how a product finds its item."""

    strategy: ItemStrategy
    default: str
    shipping: str
    handling: str
    wrapping: str
    fee: str
    gift_certificate: str
    rounding: str


@dataclass(frozen=True, slots=True)
class PostingSettings:
    """`time_zone` is the store's (IANA name); `rounding_limit` is in the order's currency.

    `start_date` is a day of the store; None means that there is no limit.
    `document` is the form that a document takes in Exact: an invoice with items, or a booking without.
    `vat_rounding` is where Exact rounds the VAT: on each line, or once per VAT code.
    `credit_sign` is what is negative on a credit note's line; `order_refund_vat`: whether an amount that belongs to no
    line is spread over the invoice's VAT, or held.
    `force_vat`: a line whose VAT Exact would compute a cent off is sent with the shop's; only where it rounds by line.
    `gift_certificates`: sold for any goods (`multi`: a debt to the bearer, without VAT), or for goods of one VAT rate
    (`single`: turnover at once, with the VAT that the shop charged).
    """

    prefix: str
    journal: str
    items: ItemSettings
    home_currency: str
    time_zone: str
    finalize: bool
    rounding_limit: Decimal
    rounding_gl_account: str
    vat_rounding: VatRounding
    force_vat: bool
    vat_number_fields: tuple[str, ...]
    post_statuses: frozenset[int]
    test_orders: bool
    start_date: date | None
    invoice_date: InvoiceDate
    credit_sign: CreditSign
    order_refund_vat: OrderRefundVat
    gift_certificates: GiftCertificates
    document: DocumentForm

    @property
    def is_entry(self) -> bool:
        """Whether documents are booked as sales entries: at once, without items, each line with its VAT."""
        return self.document == DocumentForm.SALES_ENTRY

    @property
    def rounding(self) -> VatRounding:
        """Where the VAT of a document is rounded: of an entry on each line, for each is sent with its own."""
        return VatRounding.LINE if self.is_entry else self.vat_rounding
