"""Problems with refunds for which the connector makes no credit note."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation

_REFUND = Explanation(
    _("The connector cannot make a credit note of this refund that is right to the cent."),
    _(
        "An accountant compares the figures with the refunds in the store, makes the credit note in Exact by "
        "hand, and links it."
    ),
    "exact",
)
_FORCE_VAT = Explanation(
    _("Exact would compute other VAT on this credit note than what remains of its invoice."),
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
            "%(refund)s is %(amount)s %(currency)s, but %(rest)s of %(gross)s remains of invoice %(reference)s. "
            "Compare its credit notes with the refunds in BigCommerce."
        ),
        _REFUND,
    ),
    Code.REFUND_DECLINED_IN_PART: Entry(
        _(
            "%(refund)s is %(amount)s %(currency)s, but the customer got only %(paid)s. The rest was declined. "
            "Repeat the payment in BigCommerce, or make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_CREDITED_OTHERWISE: Entry(
        _("%(refund)s is %(amount)s %(currency)s, but Exact would credit %(credited)s."), _REFUND
    ),
    Code.REFUND_WITHOUT_LINES_LEFT: Entry(
        _(
            "A credit note of invoice %(reference)s was typed by hand, so the rest of each line is not known. In total "
            "%(rest)s remains. Make this credit note in Exact by hand too and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_TAX_DIFFERS: Entry(
        _(
            "%(refund)s gives back %(tax)s tax, but its lines have %(credited)s on the invoice. Make the credit "
            "note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_ORDER_HELD: Entry(
        _(
            "%(refund)s gives back %(amount)s for the order as a whole, so its VAT is not known. The connection holds "
            "such refunds. Make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_MORE_THAN_SUPPLIES: Entry(
        _(
            "%(refund)s gives back %(amount)s %(currency)s for the order as a whole, but only %(rest)s remains of the "
            "goods and services on invoice %(reference)s. Gift certificates and taxes that are no VAT take no part. "
            "Make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_AS_SINGLE_VOUCHER: Entry(
        _(
            "%(refund)s gives back %(amount)s %(currency)s as a gift certificate of a single purpose, whose VAT stays "
            "due. The rest of the refund does not come to the %(rest)s that remains of the invoice. Make the credit "
            "note in Exact by hand and link it, or skip it."
        ),
        _REFUND,
    ),
    Code.REFUND_ALL_AS_SINGLE_VOUCHER: Entry(
        _(
            "%(refund)s gives back %(amount)s %(currency)s as a gift certificate of a single purpose, whose VAT stays "
            "due, and certificates paid for all of invoice %(reference)s. So there is nothing to credit. If its goods "
            "and its certificates have different accounts, correct these in Exact by hand. Then skip it."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_TAX_ALONE: Entry(
        _(
            "%(refund)s gives back %(amount)s tax and no goods. Exact makes no credit note of VAT alone. Correct the "
            "VAT in Exact by hand, then link that document or skip this one."
        ),
        _REFUND,
    ),
    Code.REFUND_NAMES_NO_LINE: Entry(
        _(
            "%(refund)s gives back %(amount)s %(currency)s and names no line of the order, so its VAT is not known. "
            "Make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_DOES_NOT_ADD_UP: Entry(
        _(
            "%(refund)s has lines of %(sum)s, but its total is %(amount)s %(currency)s. Make the credit note "
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
            "The refunds contain %(refunded)s of %(line)s, but only %(sold)s was sold. Compare the order's refunds "
            "in BigCommerce with its credit notes."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_MORE_THAN_LINE: Entry(
        _(
            "The refund of %(line)s is %(amount)s, but %(rest)s of %(gross)s remains on invoice %(reference)s. "
            "Make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_OF_MORE_THAN_RATE: Entry(
        _(
            "The refund of %(line)s takes %(amount)s at %(rate)s %% VAT, but only %(rest)s remains at that rate on "
            "invoice %(reference)s: earlier refunds took the rest. Make the credit note in Exact by hand, with no more "
            "than %(rest)s at %(rate)s %%, and link it."
        ),
        _REFUND,
    ),
    Code.REFUND_OUTSIDE_LINES: Entry(
        _(
            "The refund of the order's lines is %(amount)s, but the lines of invoice %(reference)s take %(taken)s. "
            "Make the credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.CREDIT_VAT_UNLESS_FORCED: Entry(
        _(
            "The credit of %(gross)s for %(names)s (VAT code %(vat_code)s) must have %(vat)s VAT, so that all credit "
            "notes together equal the invoice. Exact would compute %(computed)s. Set force_vat, or make the credit "
            "note in Exact by hand and link it."
        ),
        _FORCE_VAT,
    ),
    Code.CREDIT_PIECES_LOST: Entry(
        _(
            "%(pieces)s pieces of %(name)s come back, and lines of this credit note that come to the cent would bring "
            "back %(quantity)s. Make the direct credit note in Exact by hand and link it."
        ),
        _REFUND,
    ),
    Code.CREDIT_VAT_BY_HAND: Entry(
        _(
            "The credit of %(gross)s for %(names)s (VAT code %(vat_code)s) must have %(vat)s VAT, so that all credit "
            "notes together equal the invoice. Exact would compute %(computed)s. Make the credit note in Exact by "
            "hand and link it."
        ),
        _REFUND,
    ),
}
