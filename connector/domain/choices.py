"""Every choice that a person or the provision file makes, with its words, and the settings that decide a draft.

The columns, the provision file and the form take their choices from here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self

from connector.domain.wording import marked as _


class Choice(StrEnum):
    """One value of a setting, with the words that a person reads."""

    words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        """Make the member that is this value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member


class DocumentForm(Choice):
    """What a document is in Exact: an invoice with items, or a booking without items."""

    SALES_INVOICE = "sales_invoice", _("Sales invoice")
    SALES_ENTRY = "sales_entry", _("Sales entry (booked at once)")
    DIRECT_INVOICE = "direct_invoice", _("Direct invoice (takes the goods from stock)")


class DocumentKind(StrEnum):
    """What a document does: it invoices an order, credits an invoice, or books what was paid."""

    INVOICE = "invoice"
    CREDIT = "credit"
    RECEIPT = "receipt"


class Mode(Choice):
    """What a connection does with an order."""

    OFF = "off", _("Off")
    SHADOW = "shadow", _("Shadow")
    APPROVAL = "approval", _("Approval")
    LIVE = "live", _("Live")


POSTING_MODES = (Mode.APPROVAL, Mode.LIVE)
"""The modes that post. At most one connection of a store has one of them."""


class WebhookAuth(Choice):
    """What must prove that a delivery is BigCommerce's."""

    EITHER = "either", _("Either")
    SIGNATURE = "signature", _("Signature")
    SECRET = "secret", _("Secret")


class ScheduleKind(Choice):
    """When orders are released."""

    IMMEDIATE = "immediate", _("At once")
    EVERY = "every", _("Every so many minutes")
    HOURLY = "hourly", _("Every hour")
    DAILY = "daily", _("Every day at a time")
    MANUAL = "manual", _("Only when somebody presses Run now")


class Policy(Choice):
    """What happens when a posted order is refunded or cancelled."""

    CREDIT = "credit", _("Make a credit note")
    REVIEW = "review", _("Mark it for a person")
    IGNORE = "ignore", _("Do nothing")


class EditPolicy(Choice):
    """What happens when a posted order is edited."""

    REVIEW = "review", _("Mark it for a person")
    CREDIT_AND_REPOST = "credit_and_repost", _("Credit it and make a new invoice")
    IGNORE = "ignore", _("Do nothing")


class Decision(StrEnum):
    """What a person chooses for one change of a posted order. The policies have the same words."""

    CREDIT = "credit"
    CREDIT_AND_REPOST = "credit_and_repost"
    LEAVE = "leave"


class CustomerStrategy(Choice):
    """How an order finds its account in Exact."""

    MATCH_OR_CREATE = "match_or_create", _("Find the account in Exact, else make one")
    MATCH = "match", _("Find the account in Exact, else hold the order")
    COLLECTIVE = "collective", _("Use the collective account")


class CompleteVat(Choice):
    """Which accounts without a VAT number are given that of an order."""

    OURS = "ours", _("Only accounts that the connector made")
    ALL = "all", _("Every account that is the customer's")
    NEVER = "never", _("No account: the order is held")


class CustomerDirection(Choice):
    """Which way a customer's details go."""

    BOTH = "both", _("Both ways")
    TO_EXACT = "to_exact", _("From the shop to Exact")
    TO_STORE = "to_store", _("From Exact to the shop")
    NONE = "none", _("Neither way")


class FieldGroup(Choice):
    """Details of a customer that are carried over together."""

    NAMES = "names", _("Name")
    CONTACT = "contact", _("E-mail and phone")
    ADDRESSES = "addresses", _("Address")
    VAT_NUMBER = "vat_number", _("VAT number")
    PAYMENT_CONDITION = "payment_condition", _("Payment condition")


class FieldOwner(Choice):
    """Which side decides about a group of a customer's details. `CustomerDirection` can only narrow this."""

    STORE = "store", _("The shop")
    EXACT = "exact", _("Exact")
    NEWEST = "newest", _("Whichever was changed last")
    NOBODY = "nobody", _("Neither: nothing is carried over")


class CustomerConflicts(Choice):
    """What happens when both sides changed the same details and neither owns them."""

    PERSON = "person", _("A person decides")
    NEWEST = "newest", _("The newest is taken")


class ItemStrategy(Choice):
    """How an order line finds its item in Exact."""

    SKU_THEN_DEFAULT = "sku_then_default", _("By SKU, else the item for other products")
    SKU_THEN_CREATE = "sku_then_create", _("By SKU, else make the item")
    SKU = "sku", _("By SKU, else hold the order")
    DEFAULT = "default", _("Always the item for other products")


class Bundles(Choice):
    """The items of a bundle. The amounts are those of the bundle's own line in any case."""

    PARENT = "parent", _("The bundle alone; its parts stand in the notes")
    PARTS = "parts", _("The bundle, and a free line for each of its parts")


class VatRounding(Choice):
    """Where Exact rounds the VAT: on each line, or once per VAT code."""

    LINE = "line", _("On each line")
    CODE = "code", _("Once per VAT code")


class CreditSign(Choice):
    """What is negative on a line of a credit note."""

    QUANTITY = "quantity", _("Negative quantities")
    PRICE = "price", _("Negative prices")


class OrderRefundVat(Choice):
    """What happens to a refund of the whole order: it is spread over the invoice's VAT rates, or held."""

    PRO_RATA = "pro_rata", _("Spread over the order's VAT rates")
    HOLD = "hold", _("Hold it for a person")


class InvoiceDate(Choice):
    """The day of an invoice: that of the order, or that of posting."""

    ORDER = "order", _("The day of the order")
    POST = "post", _("The day of posting")


class ClosedPeriod(Choice):
    """What happens to an invoice whose date is in a closed period."""

    HOLD = "hold", _("Hold it for a person")
    FIRST_OPEN = "first_open", _("Use the first open day")


class ForeignVat(Choice):
    """What happens to an order of a business with a valid VAT number of another member state that paid VAT there."""

    HOLD = "hold", _("Hold it for a person")
    NOTE = "note", _("Post it, with a note on the draft")


class GiftCertificates(Choice):
    """What a gift certificate buys.

    MULTI: any goods. It is sold without VAT, as a debt to the bearer.
    SINGLE: goods of one VAT rate. It is turnover when it is sold, with the VAT that the shop charged.
    """

    MULTI = "multi", _("Multi-purpose")
    SINGLE = "single", _("Single-purpose")


class Payments(Choice):
    """Whether receipts are booked."""

    OFF = "off", _("Not booked")
    RECEIPTS = "receipts", _("Book receipts")


@dataclass(frozen=True, slots=True)
class ItemSettings:
    """The columns `item_…`: item codes by kind of line ("" when none is set), how a product finds its item, and which
    items a bundle has."""

    strategy: ItemStrategy
    default: str
    shipping: str
    handling: str
    wrapping: str
    fee: str
    gift_certificate: str
    rounding: str
    bundles: Bundles = Bundles.PARENT


@dataclass(frozen=True, slots=True)
class PostingSettings:
    """The settings of a connection, each under its column's name. The flow fills them in by that name.

    `time_zone` is the store's (IANA name). `start_date` is a day in that zone; None means no limit.
    `rounding_limit` is in the order's currency.
    `force_vat`: a line whose VAT Exact would compute a cent off is sent with the shop's VAT; only where VAT is rounded
    on each line. Where Exact rounds once per code, `rounding_limit` is also the most that the VAT may be off.
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
    b2b_foreign_vat: ForeignVat
    document: DocumentForm

    @property
    def is_entry(self) -> bool:
        """Whether documents are sales entries: booked at once, without items, each line with its VAT."""
        return self.document == DocumentForm.SALES_ENTRY

    @property
    def moves_stock(self) -> bool:
        """Whether documents take goods from a warehouse. Exact takes a warehouse with no other form."""
        return self.document == DocumentForm.DIRECT_INVOICE

    @property
    def rounding(self) -> VatRounding:
        """Where the VAT is rounded. A sales entry has it on each line, because each line is sent with its VAT."""
        return VatRounding.LINE if self.is_entry else self.vat_rounding
