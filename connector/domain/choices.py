"""Every choice that a person or the provision file makes, and the values that a document is kept under.

The columns, the provision file and the form take their choices from here. The words for a person are in
`models/choice_words.py`.
"""

from enum import StrEnum


class DocumentForm(StrEnum):
    """What a document is in Exact: an invoice with items, or a booking without items."""

    SALES_INVOICE = "sales_invoice"
    SALES_ENTRY = "sales_entry"


class DocumentKind(StrEnum):
    """What a document does: it invoices an order, credits an invoice, or books what was paid."""

    INVOICE = "invoice"
    CREDIT = "credit"
    RECEIPT = "receipt"


class Mode(StrEnum):
    """What a connection does with an order."""

    OFF = "off"
    SHADOW = "shadow"
    APPROVAL = "approval"
    LIVE = "live"


POSTING_MODES = (Mode.APPROVAL, Mode.LIVE)
"""The modes that post. At most one connection of a store has one of them."""


class Policy(StrEnum):
    """What happens when a posted order is refunded or cancelled."""

    CREDIT = "credit"
    REVIEW = "review"
    IGNORE = "ignore"


class EditPolicy(StrEnum):
    """What happens when a posted order is edited."""

    REVIEW = "review"
    CREDIT_AND_REPOST = "credit_and_repost"
    IGNORE = "ignore"


class Decision(StrEnum):
    """What a person chooses for one change of a posted order. The policies have the same words."""

    CREDIT = "credit"
    CREDIT_AND_REPOST = "credit_and_repost"
    LEAVE = "leave"


class CustomerStrategy(StrEnum):
    """How an order finds its account in Exact."""

    MATCH_OR_CREATE = "match_or_create"
    MATCH = "match"
    COLLECTIVE = "collective"


class CustomerDirection(StrEnum):
    """Which way a customer's details go."""

    BOTH = "both"
    TO_EXACT = "to_exact"
    TO_STORE = "to_store"
    NONE = "none"


class ItemStrategy(StrEnum):
    """How an order line finds its item in Exact."""

    SKU_THEN_DEFAULT = "sku_then_default"
    SKU = "sku"
    DEFAULT = "default"


class VatRounding(StrEnum):
    """Where Exact rounds the VAT: on each line, or once per VAT code."""

    LINE = "line"
    CODE = "code"


class CreditSign(StrEnum):
    """What is negative on a line of a credit note."""

    QUANTITY = "quantity"
    PRICE = "price"


class OrderRefundVat(StrEnum):
    """What happens to a refund of the whole order: it is spread over the invoice's VAT rates, or held."""

    PRO_RATA = "pro_rata"
    HOLD = "hold"


class InvoiceDate(StrEnum):
    """The day of an invoice: that of the order, or that of posting."""

    ORDER = "order"
    POST = "post"


class ClosedPeriod(StrEnum):
    """What happens to an invoice whose date is in a closed period."""

    HOLD = "hold"
    FIRST_OPEN = "first_open"


class GiftCertificates(StrEnum):
    """What a gift certificate buys.

    MULTI: any goods. It is sold without VAT, as a debt to the bearer.
    SINGLE: goods of one VAT rate. It is turnover when it is sold, with the VAT that the shop charged.
    """

    MULTI = "multi"
    SINGLE = "single"


class Payments(StrEnum):
    """Whether receipts are booked."""

    OFF = "off"
    RECEIPTS = "receipts"
