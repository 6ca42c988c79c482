"""What each choice of a connection is called, for a person. The columns take their choices from here."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from connector.domain.choices import (
    ClosedPeriod,
    CreditSign,
    CustomerDirection,
    CustomerStrategy,
    DocumentForm,
    EditPolicy,
    GiftCertificates,
    InvoiceDate,
    ItemStrategy,
    Mode,
    OrderRefundVat,
    Payments,
    Policy,
    VatRounding,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORDS: "Mapping[type[StrEnum], Mapping[str, _StrPromise]]" = {
    Mode: {
        Mode.OFF: _("Off"),
        Mode.SHADOW: _("Shadow"),
        Mode.APPROVAL: _("Approval"),
        Mode.LIVE: _("Live"),
    },
    DocumentForm: {
        DocumentForm.SALES_INVOICE: _("Sales invoice"),
        DocumentForm.SALES_ENTRY: _("Sales entry (booked at once)"),
    },
    CustomerStrategy: {
        CustomerStrategy.MATCH_OR_CREATE: _("Find the account in Exact, else make one"),
        CustomerStrategy.MATCH: _("Find the account in Exact, else hold the order"),
        CustomerStrategy.COLLECTIVE: _("Use the collective account"),
    },
    CustomerDirection: {
        CustomerDirection.BOTH: _("Both ways"),
        CustomerDirection.TO_EXACT: _("From the shop to Exact"),
        CustomerDirection.TO_STORE: _("From Exact to the shop"),
        CustomerDirection.NONE: _("Neither way"),
    },
    ItemStrategy: {
        ItemStrategy.SKU_THEN_DEFAULT: _("By SKU, else the item for other products"),
        ItemStrategy.SKU: _("By SKU, else hold the order"),
        ItemStrategy.DEFAULT: _("Always the item for other products"),
    },
    Policy: {
        Policy.CREDIT: _("Make a credit note"),
        Policy.REVIEW: _("Mark it for a person"),
        Policy.IGNORE: _("Do nothing"),
    },
    EditPolicy: {
        EditPolicy.REVIEW: _("Mark it for a person"),
        EditPolicy.CREDIT_AND_REPOST: _("Credit it and make a new invoice"),
        EditPolicy.IGNORE: _("Do nothing"),
    },
    CreditSign: {
        CreditSign.QUANTITY: _("Negative quantities"),
        CreditSign.PRICE: _("Negative prices"),
    },
    OrderRefundVat: {
        OrderRefundVat.PRO_RATA: _("Spread over the order's VAT rates"),
        OrderRefundVat.HOLD: _("Hold it for a person"),
    },
    InvoiceDate: {
        InvoiceDate.ORDER: _("The day of the order"),
        InvoiceDate.POST: _("The day of posting"),
    },
    ClosedPeriod: {
        ClosedPeriod.HOLD: _("Hold it for a person"),
        ClosedPeriod.FIRST_OPEN: _("Use the first open day"),
    },
    VatRounding: {
        VatRounding.LINE: _("On each line"),
        VatRounding.CODE: _("Once per VAT code"),
    },
    GiftCertificates: {
        GiftCertificates.MULTI: _("Multi-purpose"),
        GiftCertificates.SINGLE: _("Single-purpose"),
    },
    Payments: {
        Payments.OFF: _("Not booked"),
        Payments.RECEIPTS: _("Book receipts"),
    },
}


def named(enumeration: type[StrEnum]) -> "list[tuple[str, _StrPromise]]":
    """Return the choices of a column: each value with its words."""
    words = WORDS[enumeration]
    return [(member.value, words[member]) for member in enumeration]


def choices_of(enumeration: type[StrEnum]) -> "Callable[[], list[tuple[str, _StrPromise]]]":
    """Return a callable for the choices of a column. Migrations name it, so a new word or choice needs none."""
    return partial(named, enumeration)
