"""Why a document of Exact may be an order's, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connector.domain.document.match import Sign

SIGNS: Final[Mapping[Sign, Promise]] = {
    Sign.REFERENCE: _("It bears our reference and has the order's amount."),
    Sign.NUMBER: _("It names the order's number and has its amount."),
    Sign.OTHER_AMOUNT: _("It bears our reference or names the order's number, but its amount is another."),
    Sign.SHARED: _("It names the numbers of several orders, and has the amount of this one."),
    Sign.SAME: _("Its amount, customer and day are those of the order. It names no order."),
    Sign.ALIKE: _("Its amount and customer are those of the order and its day is near, but it names no order."),
}


def in_words(sign: Sign) -> str:
    """Return the sign as a sentence in the active language."""
    return str(SIGNS[sign])
