"""Problems with the sums of an order, its payments and its period."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation, Person

TOTALS: Final = Explanation(
    _("The total of the invoice would differ from the total of the order."),
    _("An accountant corrects the VAT rules or allows a rounding difference in the connection, then re-posts."),
    "vat_rules",
)
_UNLESS_FORCED = Explanation(
    TOTALS.what_happened,
    _("An accountant lets the shop's VAT be sent (force_vat in the connection), then re-posts."),
    "connection",
    field="force_vat",
)
PERIOD: Final = Explanation(
    _("The order's date is in a period that is closed in Exact or does not exist there."),
    _("An accountant opens the period in Exact or dates invoices on the day of posting, then re-posts."),
    "exact",
)
_ORDER = Explanation(
    _("The order's lines do not add up to its total. Perhaps somebody changed the total by hand in the store."),
    _("Somebody corrects the order in the store, or an accountant invoices it by hand and links it."),
    "bigcommerce",
    Person.STORE,
)
_PAYMENTS = Explanation(
    _("The payments of this order differ from its invoice."),
    _("An accountant books the payment in Exact by hand, then skips this receipt."),
    "exact",
)
_PERIOD_MISSING = Explanation(
    _("Exact has no financial period for the invoice's day."),
    _("An accountant makes the financial year in Exact and pulls the master data, then re-posts."),
    "exact",
)
_PERIOD_CLOSED = Explanation(
    _("Exact refused this period before, so the connector counts it as closed."),
    _(
        "An accountant opens it in Exact and pulls the master data, or lets such invoices be booked on the "
        "first open day, then re-posts."
    ),
    "connection",
    field="closed_period",
)
_MONTH_CLOSED = Explanation(
    _("Its day lies in a month that a person closed in the portal."),
    _("An accountant opens the month again, or lets such documents be booked on the first open day, then re-posts."),
    "months",
)

ENTRIES: Final[Entries] = {
    Code.NO_LINES: Entry(_("The order has no lines, but its total is %(total)s %(currency)s."), _ORDER),
    Code.LINES_DO_NOT_ADD_UP: Entry(
        _("The order's lines add up to %(sum)s, but its total is %(total)s %(currency)s."), _ORDER
    ),
    Code.TAX_DOES_NOT_ADD_UP: Entry(
        _("The tax of the lines adds up to %(sum)s, but the order's is %(tax)s %(currency)s."), _ORDER
    ),
    Code.TAX_TABLE_DIFFERS: Entry(
        _(
            "The order's tax table has a tax of %(table_tax)s, but the lines have %(tax)s %(currency)s. That tax must "
            "become a line of its own (%(rule)s)."
        ),
        TOTALS,
    ),
    Code.TOTALS_DIFFER: Entry(
        _(
            "Exact would make %(gross)s of this order, with %(vat)s VAT, but its total is %(total)s %(currency)s, "
            "with %(tax)s VAT.%(helps)s"
        ),
        TOTALS,
    ),
    Code.TOTALS_DIFFER_UNLESS_FORCED: Entry(
        _(
            "Exact would make %(gross)s of this order, with %(vat)s VAT, but its total is %(total)s %(currency)s, "
            "with %(tax)s VAT.%(helps)s"
        ),
        _UNLESS_FORCED,
    ),
    Code.VAT_OF_RATE_DIFFERS: Entry(
        _(
            "At %(rate)s %% Exact would make %(vat)s VAT of this order, but the shop charged %(tax)s "
            "%(currency)s.%(helps)s"
        ),
        TOTALS,
    ),
    Code.VAT_OF_COUNTRY_DIFFERS: Entry(
        _(
            "At %(rate)s %% %(country)s Exact would make %(vat)s VAT of this order, but the shop charged %(tax)s "
            "%(currency)s.%(helps)s"
        ),
        TOTALS,
    ),
    Code.PAYMENT_CURRENCY: Entry(
        _(
            "A payment is in %(payment_currency)s, but the invoice is in %(currency)s. Book it by hand, then skip this "
            "receipt."
        ),
        _PAYMENTS,
    ),
    Code.PAYMENTS_DO_NOT_FIT: Entry(
        _(
            "The payments add up to %(settled)s %(currency)s (gateway %(money)s, gift certificate "
            "%(gift_certificate)s, store credit %(store_credit)s), but the invoice is %(gross)s. Book it by "
            "hand, then skip this receipt."
        ),
        _PAYMENTS,
    ),
    Code.EARLIER_RECEIPT_UNCLEAR: Entry(
        _(
            "Receipt %(reference)s, %(money)s %(currency)s of money, was booked for several payments of this order "
            "together. It is not clear whether this one is among them. Book it by hand when it is not, then skip it."
        ),
        _PAYMENTS,
    ),
    Code.PERIOD_MISSING: Entry(
        _(
            "Exact has no financial period for %(day)s. Make or open the period in Exact and pull the master data, or "
            "change the connection's `invoice_date` or `closed_period`. Then re-post."
        ),
        _PERIOD_MISSING,
    ),
    Code.PERIOD_CLOSED: Entry(
        _(
            "Exact refused a document dated in the period %(period)s, so it counts as closed. Make or open the period "
            "in Exact and pull the master data, or change the connection's `invoice_date` or `closed_period`. Then "
            "re-post."
        ),
        _PERIOD_CLOSED,
    ),
    Code.NO_OPEN_PERIOD: Entry(
        _(
            "Exact refused a document dated in the period %(period)s, so it counts as closed. No later period is known "
            "to be open yet. Make or open the period in Exact and pull the master data, or change the connection's "
            "`invoice_date` or `closed_period`. Then re-post."
        ),
        _PERIOD_CLOSED,
    ),
    Code.MONTH_CLOSED: Entry(
        _(
            "The month %(month)s was closed in the portal. Open it again, or change the connection's `invoice_date` or "
            "`closed_period`. Then re-post."
        ),
        _MONTH_CLOSED,
    ),
}
