"""Problems with GL accounts, cost centres, items, journals and currencies."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation

MAPPING: Final = Explanation(
    _("No rule says how to book a line of this order, or the rule names a code that the division does not have."),
    _("An accountant adds or corrects the rule, then re-posts."),
    "rules",
)
ITEM: Final = Explanation(
    _("A line of this order has no item in Exact that can be sold."),
    _("An accountant makes the item in Exact or chooses another item in the connection. Then an operator re-posts."),
    "connection",
    field="item_default",
)
CURRENCY: Final = Explanation(
    _("The order is in a currency that the division or the journal does not take."),
    _("An accountant adds the currency in Exact or chooses a journal that takes it, then re-posts."),
    "connection",
    field="journal",
)
_JOURNAL = Explanation(
    _("The division does not have the connection's journal, or it is not a sales journal."),
    _("An accountant chooses another journal in the connection. Then an operator re-posts."),
    "connection",
    field="journal",
)
_ITEM_CHOICE = Explanation(
    _("The connection has no item for such a line."),
    _("An accountant chooses the item in the connection. Then an operator re-posts."),
    "connection",
    field="item_gift_certificate",
)
_ITEM_IN_EXACT = Explanation(
    _("The item for a line is not in Exact, is not a sales item, or its end date has passed."),
    _("An accountant makes or corrects the item in Exact, pulls the master data, then re-posts."),
    "exact",
)
_ONE_CODE = Explanation(
    _("Two products have different SKUs, and Exact would take both for one item code."),
    _(
        "An accountant gives one of the SKUs an item of its own by a mapping rule, or somebody changes the SKU in the "
        "store. Then an operator re-posts."
    ),
    "rules",
)
_ITEM_REFUSED = Explanation(
    _("Exact refused the new item of a product."),
    _(
        "An accountant corrects what new items get in the connection's settings, or makes the item in Exact with that "
        "code. Then an operator re-posts."
    ),
    "connection",
    field="item_new_group",
)
_NEW_ITEM = Explanation(
    _("The connection's settings name something for new items that the division does not have."),
    _("An accountant chooses another one in the connection. Then an operator re-posts."),
    "connection",
    field="item_new_group",
)
_PAYMENT_CONDITION = Explanation(
    _("A rule chooses a payment condition that the division does not have."),
    _("An accountant corrects the payment rule, then re-posts."),
    "rules",
)
_WAREHOUSES = Explanation(
    _("The rules choose several warehouses for the goods of one order."),
    _("An accountant lets the rules choose one for the whole order, or makes its invoices by hand and links one."),
    "rules",
)
_NO_WAREHOUSES = Explanation(
    _("Exact has direct invoices in the larger editions of Wholesale & Distribution and Manufacturing only."),
    _(
        "An accountant chooses another kind of document in the connection, or tests the connection, which says whether "
        "warehouses may be read. Then an operator re-posts."
    ),
    "connection",
    field="document",
)
_PIECES = Explanation(
    _("Exact computes a line from its quantity and a price of four decimals, which does not give the amount paid."),
    _("An accountant makes the invoice by hand and links it."),
    "exact",
)
_NUMBERED = Explanation(
    _("Each piece or batch of the item has a number in Exact, and Exact takes no numbers from a program."),
    _("An accountant makes the invoice by hand and links it, or takes the numbers off the item, then re-posts."),
    "exact",
)
_STOCK = Explanation(
    _("Exact takes no goods from a warehouse that are not there. The stock is looked at once a day."),
    _(
        "Nothing to do when goods come in: the order goes on by itself, once. Else an accountant corrects the stock in "
        "Exact or the rule that chooses the warehouse, then re-posts."
    ),
    "exact",
)
_DECIMALS = Explanation(
    _("The order's amounts have more decimals than Exact keeps in that currency."),
    _("An accountant makes the invoice by hand and links it."),
    "exact",
)

ENTRIES: Final[Entries] = {
    Code.NO_GL_ACCOUNT_RULE: Entry(
        _("No rule chooses a GL account for %(line)s. Add a mapping rule for line %(kind)s."), MAPPING
    ),
    Code.GL_ACCOUNT_MISSING: Entry(_("GL account %(gl_account)s for %(line)s is not in the division."), MAPPING),
    Code.GL_ACCOUNT_BLOCKED: Entry(_("GL account %(gl_account)s for %(line)s is blocked in Exact."), MAPPING),
    Code.COST_CODE_NEEDED: Entry(
        _("GL account %(gl_account)s needs a %(dimension)s, but no rule chooses one for %(line)s."), MAPPING
    ),
    Code.COST_CODE_MISSING: Entry(_("The %(dimension)s %(cost_code)s for %(line)s is not in the division."), MAPPING),
    Code.TAX_LINE_NOT_BOOKED: Entry(_("VAT rule %(rule)s does not say where to book %(line)s."), MAPPING),
    Code.NO_GIFT_CERTIFICATE_ITEM: Entry(
        _("No item is set for %(line)s. Choose the connection's gift certificate item."), _ITEM_CHOICE
    ),
    Code.NO_ITEM: Entry(_("No item is set for %(line)s. Choose one in the connection's settings."), ITEM),
    Code.ITEM_MISSING: Entry(_("Item %(item)s for %(line)s is not in the division."), _ITEM_IN_EXACT),
    Code.ITEM_NOT_SOLD: Entry(
        _("Item %(item)s for %(line)s is not a sales item, or its end date has passed."), _ITEM_IN_EXACT
    ),
    Code.WAREHOUSE_MISSING: Entry(_("Warehouse %(warehouse)s for %(line)s is not in the division."), MAPPING),
    Code.NO_WAREHOUSES: Entry(
        _("Direct invoices take goods from a warehouse, and the division has none that we know of."), _NO_WAREHOUSES
    ),
    Code.TWO_WAREHOUSES: Entry(
        _("The order's goods come from several warehouses: %(warehouses)s. A document in Exact has one."), _WAREHOUSES
    ),
    Code.ITEM_NUMBERED: Entry(_("Item %(item)s for %(line)s has serial or batch numbers."), _NUMBERED),
    Code.STOCK_NOT_THERE: Entry(
        _("Warehouse %(warehouse)s has %(there)s of item %(item)s, and the order takes %(quantity)s."), _STOCK
    ),
    Code.PIECES_LOST: Entry(
        _("%(quantity)s pieces of %(line)s have no price that comes to the cent, so stock would be wrong."), _PIECES
    ),
    Code.ITEM_CODE_SHARED: Entry(
        _("The SKUs %(sku)s and %(other)s would both become item %(item)s in Exact (%(line)s)."), _ONE_CODE
    ),
    Code.ITEM_REFUSED: Entry(_("Exact refused to make item %(item)s for SKU %(sku)s: %(error)s"), _ITEM_REFUSED),
    Code.NEW_ITEM_CODE_MISSING: Entry(
        _("New items get the %(listed)s %(code)s, and the division does not have it."), _NEW_ITEM
    ),
    Code.JOURNAL_MISSING: Entry(_("Journal %(journal)s is not in the division."), _JOURNAL),
    Code.JOURNAL_NOT_SALES: Entry(_("Journal %(journal)s is not a sales journal."), _JOURNAL),
    Code.JOURNAL_BLOCKED: Entry(_("Journal %(journal)s is blocked in Exact."), _JOURNAL),
    Code.PAYMENT_CONDITION_MISSING: Entry(
        _("Payment condition %(payment_condition)s for %(method)s is not in the division."), _PAYMENT_CONDITION
    ),
    Code.CURRENCY_MISSING: Entry(
        _("The order is in %(currency)s, but the division does not have that currency."), CURRENCY
    ),
    Code.CURRENCY_NOT_OF_JOURNAL: Entry(
        _("The order is in %(currency)s, but journal %(journal)s takes %(journal_currency)s only."), CURRENCY
    ),
    Code.CURRENCY_DECIMALS: Entry(
        _("Amounts in %(currency)s have %(digits)s decimals, but the division keeps only %(kept)s."), _DECIMALS
    ),
}
