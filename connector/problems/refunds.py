"""Refunds that do not become a credit note by themselves."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation

_REFUND = Explanation(
    _("This refund does not become a credit note that is right to the cent by itself."),
    _(
        "An accountant compares the figures with the refunds in the store, makes the credit note in Exact by "
        "hand, and links it."
    ),
    "exact",
)
_FORCE_VAT = Explanation(
    _("Exact would compute a cent more or less VAT on this credit note than what is left of its invoice."),
    _(
        "An accountant lets the shop's VAT be sent (force_vat in the connection) and re-posts, or makes the "
        "credit note in Exact by hand and links it."
    ),
    "connection",
    field="force_vat",
)

ENTRIES: Final[Entries] = {
    Code.REFUND_OF_MORE_THAN_REMAINS: Entry(
        _(
            "%(refund)s is of %(amount)s %(currency)s, and %(rest)s remains of invoice %(reference)s, %(gross)s. "
            "Compare its credit notes with the refunds in BigCommerce."
        ),
        _REFUND,
    ),
    Code.REFUND_DECLINED_IN_PART: Entry(
        _(
            "%(refund)s is of %(amount)s %(currency)s, and only %(paid)s went back: the rest was declined. Repeat the "
            "payment in BigCommerce, or make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_CREDITED_OTHERWISE: Entry(
        _("%(refund)s is of %(amount)s %(currency)s, and Exact would credit %(credited)s."), _REFUND
    ),
    Code.REFUND_WITHOUT_LINES_LEFT: Entry(
        _(
            "A credit note of invoice %(reference)s was typed by hand, so what remains of each line is not known; "
            "%(rest)s remains in all. Make this one in Exact by hand as well and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_TAX_DIFFERS: Entry(
        _(
            "%(refund)s gives back %(tax)s of tax, and its lines carry %(credited)s on the invoice. Make the credit "
            "note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_ORDER_HELD: Entry(
        _(
            "%(refund)s gives back %(amount)s for the order as a whole, which has no VAT of its own, and the "
            "connection holds those. Make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_TAX_ALONE: Entry(
        _(
            "%(refund)s gives back %(amount)s of tax and no goods. Exact makes no credit note of VAT alone: correct "
            "the VAT in Exact by hand, then link that document or skip this one."
        ),
        _REFUND,
    ),
    Code.REFUND_DOES_NOT_ADD_UP: Entry(
        _(
            "%(refund)s comes to %(sum)s by its lines, and its total is %(amount)s %(currency)s. Make the credit note "
            "in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_UNKNOWN_LINE: Entry(
        _(
            "%(refund)s names %(what)s %(id)s, which is not on invoice %(reference)s. Make the credit note in Exact by "
            "hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_MORE_PIECES: Entry(
        _(
            "%(refunded)s of %(line)s is refunded by now, and %(sold)s was sold. Compare the order's refunds in "
            "BigCommerce with its credit notes."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_MORE_THAN_LINE: Entry(
        _(
            "%(amount)s is refunded of %(line)s, and %(rest)s of %(gross)s remains of it on invoice %(reference)s. "
            "Make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_OUTSIDE_LINES: Entry(
        _(
            "%(amount)s of the order's lines is refunded, and the lines of invoice %(reference)s take %(taken)s of it. "
            "Make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.CREDIT_VAT_UNLESS_FORCED: Entry(
        _(
            "Of the %(gross)s that are credited of %(names)s (VAT code %(vat_code)s), %(vat)s is VAT, so that all "
            "credit notes together are the invoice, and Exact would compute %(computed)s. Set force_vat, or make the "
            "credit note in Exact by hand and link it."
        ),
        _FORCE_VAT,
    ),
    Code.CREDIT_VAT_BY_HAND: Entry(
        _(
            "Of the %(gross)s that are credited of %(names)s (VAT code %(vat_code)s), %(vat)s is VAT, so that all "
            "credit notes together are the invoice, and Exact would compute %(computed)s. Make the credit note in "
            "Exact by hand and link it."
        ),
        _REFUND,
    ),
}
