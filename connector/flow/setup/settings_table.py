"""The settings of a connection, one row each, in the order of the connection's page.

What Get started asks stands in the first group, the rest by subject.

The provision file, its export, the form, the check of codes and the connection test all use this table. A setting's
default is the column's. Its choices, with their words, are in `domain/choices.py`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from connector.domain import choices
from connector.flow.setup.customer_detail_settings import CUSTOMER_DETAILS
from connector.flow.setup.customer_settings import CUSTOMERS
from connector.flow.setup.item_settings import ITEMS
from connector.flow.setup.provision.schema import (
    amount,
    code,
    day,
    flag,
    list_of,
    number,
    schedule,
    text,
)
from connector.flow.setup.setting import Group, Setting, Shown, one_of
from connector.models import Connection, MasterData

Kind = MasterData.Kind


GROUPS = (
    Group(
        "",
        (
            Setting(
                "mode",
                "mode",
                one_of(choices.Mode),
                _("Mode"),
                help=_(
                    "Off keeps orders; shadow translates and shows them; approval lets a person approve each draft; "
                    "live posts them."
                ),
            ),
            Setting(
                "start_date",
                "start_date",
                day,
                _("First day"),
                help=_("Orders placed before this day, in the store's time zone, are skipped."),
                shown_as=Shown.DAY,
            ),
            Setting(
                "schedule",
                "schedule",
                schedule,
                _("Schedule"),
                help=_("When orders are posted, in your organisation's time zone."),
                shown_as=Shown.SCHEDULE,
            ),
            Setting(
                "document",
                "document",
                one_of(choices.DocumentForm),
                _("Kind of document"),
                help=_(
                    "An invoice has an item on each line and is compared while it is open; a sales entry is a booking "
                    "without items, is final the moment it is sent, and needs VAT codes that exclude VAT. A change is "
                    "for documents of which nothing was sent yet."
                ),
            ),
            Setting(
                "journal",
                "journal",
                code,
                _("Journal"),
                help=_("The sales journal of the division in which invoices are numbered and booked."),
                kind=Kind.JOURNAL,
                required=True,
            ),
            Setting(
                "finalize",
                "finalize",
                flag,
                _("Print invoices"),
                help=_(
                    "Each invoice is printed with the template, and so numbered, booked and final; otherwise it stays "
                    "open in Exact."
                ),
            ),
            Setting(
                "invoice_template",
                "invoice_template",
                text(),
                _("Invoice template"),
                help=_("The document layout that invoices are printed with."),
                kind=Kind.LAYOUT,
            ),
            Setting(
                "items.default",
                "item_default",
                code,
                _("Item for other products"),
                help=_("For products whose SKU is no item of the division."),
                kind=Kind.ITEM,
            ),
            Setting(
                "items.shipping",
                "item_shipping",
                code,
                _("Item for shipping"),
                kind=Kind.ITEM,
                help=_("For what the customer pays for shipping."),
            ),
            Setting(
                "rounding.limit",
                "rounding_limit",
                amount,
                _("Largest rounding difference"),
                help=_(
                    "When Exact would compute another total than the customer paid, a line of at most this amount, in "
                    "the order's currency, makes up for it; a larger difference holds the order."
                ),
            ),
            Setting(
                "rounding.gl_account",
                "rounding_gl_account",
                code,
                _("GL account for rounding"),
                help=_("Where that line is booked."),
                kind=Kind.GL_ACCOUNT,
            ),
        ),
    ),
    Group(
        _("Orders that are invoiced"),
        (
            Setting(
                "post_statuses",
                "post_statuses",
                list_of(number),
                _("Statuses that are invoiced"),
                help=_(
                    "An order is invoiced once it has one of these. Statuses are named as BigCommerce names them; your "
                    "shop may show another name. Partially Refunded and Refunded count in any case: such an order was "
                    "sold."
                ),
                shown_as=Shown.STATUSES,
                brief=_("Statuses"),
            ),
            Setting(
                "test_orders",
                "test_orders",
                flag,
                _("Invoice test orders"),
                help=_("Orders paid through the test payment gateway. Not for a real division."),
            ),
        ),
    ),
    CUSTOMERS,
    CUSTOMER_DETAILS,
    ITEMS,
    Group(
        _("VAT"),
        (
            Setting(
                "vat_rounding",
                "vat_rounding",
                one_of(choices.VatRounding),
                _("Exact rounds VAT"),
                help=_(
                    "As in the division's settings: on each line of an invoice, or once per VAT code. Of sales entries "
                    "each line is sent with its VAT. Once per code, the VAT may be off by as much as the largest "
                    "rounding difference."
                ),
                brief=_("Exact rounds"),
            ),
            Setting(
                "force_vat",
                "force_vat",
                flag,
                _("Send the shop's VAT amount"),
                help=_(
                    "Where Exact would compute a line's VAT a cent off, send the shop's. Only with rounding per line."
                ),
            ),
            Setting(
                "b2b_foreign_vat",
                "b2b_foreign_vat",
                one_of(choices.ForeignVat),
                _("VAT that a business abroad was charged"),
                help=_(
                    "A business with a valid VAT number of another country of the EU owes the VAT there itself. What "
                    "to do with an order in which the shop charged it that country's VAT all the same."
                ),
                brief=_("Business abroad that paid VAT"),
            ),
            Setting(
                "gift_certificates",
                "gift_certificates",
                one_of(choices.GiftCertificates),
                _("VAT of gift certificates"),
                help=_(
                    "A certificate for goods of several VAT rates (multi-purpose) is taxed when it is redeemed, one "
                    "for a single rate when it is sold."
                ),
                brief=_("Gift certificates"),
            ),
        ),
    ),
    Group(
        _("Days and periods"),
        (
            Setting(
                "invoice_date",
                "invoice_date",
                one_of(choices.InvoiceDate),
                _("Date of the invoice"),
                help=_(
                    "The day the order was placed, in the store's time zone, or the day it is posted. It is given when "
                    "the invoice is printed: when invoices stay open, it cannot act, and Exact dates them. Sales "
                    "entries always have it."
                ),
                brief=_("Invoice date"),
            ),
            Setting(
                "closed_period",
                "closed_period",
                one_of(choices.ClosedPeriod),
                _("When its period is closed"),
                help=_("What to do with an invoice whose date falls into a period that Exact has closed."),
                brief=_("Closed period"),
            ),
        ),
    ),
    Group(
        _("Changes and refunds"),
        (
            Setting(
                "refunds",
                "refunds",
                one_of(choices.Policy),
                _("When an invoiced order is refunded"),
                brief=_("Refunds"),
            ),
            Setting(
                "order_refund_vat",
                "order_refund_vat",
                one_of(choices.OrderRefundVat),
                _("VAT of a refund of the whole order"),
                help=_("BigCommerce does not say which lines such a refund is for."),
            ),
            Setting(
                "cancellations",
                "cancellations",
                one_of(choices.Policy),
                _("When an invoiced order is cancelled"),
                brief=_("Cancellations"),
            ),
            Setting(
                "edits", "edits", one_of(choices.EditPolicy), _("When an invoiced order is edited"), brief=_("Edits")
            ),
            Setting(
                "credit_sign",
                "credit_sign",
                one_of(choices.CreditSign),
                _("How a credit note is written"),
                help=_("With negative quantities or with negative prices."),
            ),
        ),
    ),
    Group(
        _("Payments"),
        (
            Setting(
                "payments.mode",
                "payments",
                one_of(choices.Payments),
                _("Payments"),
                help=_(
                    "Book what the payment gateway took, against the customer. Otherwise a document says how much "
                    "store credit and gift certificates are to be settled by hand."
                ),
                required=True,
                brief=_("Receipts"),
            ),
            # It has no `kind`: the form would list sales journals.
            Setting(
                "payments.journal",
                "receipt_journal",
                code,
                _("Journal of receipts"),
                help=_("The code of a bank or payment-service journal."),
                brief=_("Journal"),
            ),
            Setting(
                "payments.receivable_account",
                "receivable_account",
                code,
                _("GL account of receivables"),
                help=_("None: the division's account of that type, when there is one only."),
                kind=Kind.GL_ACCOUNT,
                brief=_("Receivables"),
            ),
            Setting(
                "payments.gift_certificate_account",
                "gift_certificate_account",
                code,
                _("GL account of redeemed gift certificates"),
                kind=Kind.GL_ACCOUNT,
                brief=_("Gift certificates"),
            ),
            Setting(
                "payments.store_credit_account",
                "store_credit_account",
                code,
                _("GL account of used store credit"),
                kind=Kind.GL_ACCOUNT,
                brief=_("Store credit"),
            ),
        ),
    ),
)

SETTINGS = tuple(setting for group in GROUPS for setting in group.settings)
BY_COLUMN = {setting.column: setting for setting in SETTINGS}


def values_of(connection: Connection) -> dict[str, Any]:
    """Return every value of a connection by column."""
    return {setting.column: setting.of(connection) for setting in SETTINGS}


def values_in(filed: Mapping[str, Any]) -> dict[str, Any]:
    """Return every value of a connection in the provision file by column."""
    placed = ((setting.column, *setting.place) for setting in SETTINGS)
    return {column: filed[group][name] if group else filed[name] for column, group, name in placed}
