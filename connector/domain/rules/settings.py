"""The settings of a connection that decide how an order becomes an invoice."""

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
    """Item codes by kind of line ("" when none is set), and how a product finds its item."""

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
    """The settings of a connection. `connector.domain.choices` explains each choice.

    `time_zone` is the store's (IANA name). `start_date` is a day in that zone; None means no limit.
    `rounding_limit` is in the order's currency.
    `force_vat`: a line whose VAT Exact would compute a cent off is sent with the shop's VAT; only where VAT is rounded
    on each line.
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
        """Whether documents are sales entries: booked at once, without items, each line with its VAT."""
        return self.document == DocumentForm.SALES_ENTRY

    @property
    def rounding(self) -> VatRounding:
        """Where the VAT is rounded. A sales entry has it on each line, because each line is sent with its VAT."""
        return VatRounding.LINE if self.is_entry else self.vat_rounding
