"""What an order lacks in the store, so that it can have no invoice."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation, Person

_FIELD = Explanation(
    _("The order lacks something in the store that its invoice needs."),
    _("Somebody corrects the order in the store. Or an accountant invoices it by hand in Exact and links it."),
    "bigcommerce",
    Person.STORE,
)
_PLACE = Explanation(
    _("The store does not say where the order goes, and the VAT depends on that."),
    _("Somebody enters the address with its country in the store. The order is then tried again by itself."),
    "bigcommerce",
    Person.STORE,
)
_PLACES = Explanation(
    _("The town and the postcode of the order's address are of different areas for VAT, so one of them is wrong."),
    _("Somebody corrects the address in the store. The order is then tried again by itself."),
    "bigcommerce",
    Person.STORE,
)
_RETURN = Explanation(
    _("The order gives money back: it is a return, not a sale."),
    _("An accountant credits it by hand in Exact, against the invoice of the first sale, and skips the order."),
    "exact",
)
_EXCHANGE = Explanation(
    _("The order is an exchange: what came back is worth what was sold, at another rate of VAT."),
    _("An accountant corrects the VAT in Exact by hand, then links that document or skips the order."),
    "exact",
)
_TAX_ON_NOTHING = Explanation(
    _("The order costs nothing, and the store has charged tax on it all the same."),
    _("Somebody corrects the tax in the store. Or an accountant books the tax by hand in Exact and skips the order."),
    "bigcommerce",
    Person.STORE,
)
_ODD = _(
    "The order's %(field)s in BigCommerce is %(value)s. It must be %(expected)s. Correct the order in the store, or "
    "invoice it by hand and link it."
)

ENTRIES: Final[Entries] = {
    Code.ORDER_FIELD_ODD: Entry(_ODD, _FIELD),
    Code.ORDER_DATE_ODD: Entry(_ODD, _FIELD),
    Code.ORDER_CURRENCY_ODD: Entry(_ODD, _FIELD),
    Code.RETURN_ORDER: Entry(
        _(
            "The order's total is %(total)s %(currency)s, with %(tax)s of VAT: it is a return, so no invoice is made "
            "for it. Credit it by hand in Exact, then skip the order."
        ),
        _RETURN,
    ),
    Code.EXCHANGE_ORDER: Entry(
        _(
            "The order is an exchange: its total is %(total)s %(currency)s, and %(tax)s of VAT is left, because what "
            "came back and what was sold have different VAT. No invoice is made for it. Correct the VAT in Exact by "
            "hand, then link that document or skip the order."
        ),
        _EXCHANGE,
    ),
    Code.TAX_ON_NOTHING: Entry(
        _(
            "The order's total is %(total)s %(currency)s, but its tax is %(tax)s, and nothing came back. No invoice is "
            "made for it. Correct the order in BigCommerce, or book the tax by hand in Exact and skip the order."
        ),
        _TAX_ON_NOTHING,
    ),
    Code.ADDRESS_MISSING: Entry(
        _(
            "The address of %(line)s is not there: the order does not have it any more. Enter a delivery address in "
            "the store."
        ),
        _PLACE,
    ),
    Code.COUNTRY_MISSING: Entry(
        _("The address of %(line)s has no country code. Choose the country of the order's address in the store."),
        _PLACE,
    ),
    Code.TOWN_AND_POSTCODE_DISAGREE: Entry(
        _(
            "The address of %(line)s has the town '%(town)s' and the postcode '%(postcode)s', which are of different "
            "areas for VAT. Correct the one that is wrong in the store."
        ),
        _PLACES,
    ),
}
