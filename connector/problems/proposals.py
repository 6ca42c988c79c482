"""The sentence of each reason for which a value is proposed, in the language of the reader."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from connector.domain.rules.propose.proposal import Confidence, Reason, Why

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_KINDS: "dict[str, _StrPromise]" = {
    "journal": _("sales journal"),
    "layout": _("invoice template"),
    "item": _("item"),
    "gl_account": _("GL account"),
    "cost_center": _("cost centre"),
    "vat_code": _("VAT code"),
}
CONFIDENCE: "dict[Confidence, _StrPromise]" = {
    Confidence.CERTAIN: _("certain"),
    Confidence.LIKELY: _("likely"),
    Confidence.CHOOSE: _("please choose"),
}
_WORDS: "dict[Why, _StrPromise]" = {
    Why.ONLY_ONE: _("%(code)s is the only %(kind)s of the division that can be used here."),
    Why.NAME: _('%(code)s is the %(kind)s whose name says so: "%(name)s".'),
    Why.USED: _("%(code)s stands on %(count)s of %(of)s lines of the division's latest invoices."),
    Why.FIRST: _("%(code)s is the first of %(count)s that would do. Nothing tells which one is meant."),
    Why.NONE: _("No %(kind)s of the division has a name that says so."),
    Why.FITS_SKUS: _("Of %(of)s products sold, %(count)s have a SKU that is an item of the division."),
    Why.ITEMS_FIT: _("The division has items for what the store sells."),
    Why.NO_ITEM_FITS: _("No item of the division is for what the store sells, and an invoice needs one on each line."),
    Why.AS_DEFAULT: _("The division has no item of its own for this, so it takes the one for other products."),
    Why.PRINTED_TO_BOOK: _("Exact numbers and books an invoice when it is printed."),
    Why.REVENUE_OF_ITEM: _("GL account %(code)s is the revenue account of item %(item)s."),
    Why.ONLY_VAT_CODE: _(
        "Code %(code)s is %(rate)s %%, the only one that fits sales to %(countries)s (lines sold: %(sold)s)."
    ),
    Why.USED_VAT_CODE: _("Code %(code)s is %(rate)s %%, as on %(count)s of %(of)s invoiced lines to %(countries)s."),
    Why.NAMED_VAT_CODE: _('Code %(code)s is %(rate)s %%, and its name fits sales to %(countries)s: "%(name)s".'),
    Why.FIRST_VAT_CODE: _(
        "Code %(code)s is %(rate)s %% and the first of %(count)s that fit sales to %(countries)s. Nothing tells which "
        "one is meant."
    ),
    Why.HOME_VAT_ABROAD: _(
        "The shop charged %(rate)s %% on %(sold)s lines to %(countries)s, which is the division's own rate, and the "
        "division has no code of that country."
    ),
    Why.SALES_LIST: _(
        "Code %(code)s is for businesses in other countries of the EU, which owe the VAT themselves (lines "
        "sold: %(count)s)."
    ),
    Why.NO_VAT_OF_DIVISION: _(
        "The tax on %(count)s lines to %(countries)s is no VAT of the division: it becomes a line of its own on GL "
        "account %(gl_account)s."
    ),
    Why.NO_SUPPLY: _("Gift certificates, rounding and foreign taxes are no turnover with VAT: they take %(code)s."),
    Why.CONDITION_BY_NAME: _('Condition %(code)s has the name of the payment method "%(method)s" (orders: %(sold)s).'),
    Why.PAID_AT_ONCE: _("Orders are paid in the shop, and condition %(code)s leaves no time to pay."),
    Why.FEWEST_DAYS: _(
        "Orders are paid in the shop, and condition %(code)s leaves the least time to pay: %(days)s days."
    ),
    Why.PAID_LATER: _(
        '"%(method)s" is paid after the order (orders: %(sold)s), and condition %(code)s is due within %(days)s days.'
    ),
    Why.VAT_NUMBER_FIELDS: _("These form fields asked for a VAT number (%(count)s answers in %(of)s orders)."),
    Why.USUAL: _("That is what most shops choose: an account is found in Exact, else made."),
    Why.ROUNDING_HELPS: _("With a rounding line of at most %(limit)s, %(count)s more of %(of)s orders are posted."),
    Why.ROUNDING_NOT_NEEDED: _("None of %(of)s orders needs a rounding line; at most %(limit)s is allowed."),
    Why.FORCING_HELPS: _("When the shop's VAT is sent, %(count)s more of %(of)s orders are posted."),
    Why.FORCING_NOT_NEEDED: _("None of %(of)s orders needs the shop's VAT to be sent: Exact computes the same."),
    Why.ROUNDED_BY_LINE: _("Exact rounded VAT on each line on %(count)s of %(of)s latest invoices that tell."),
    Why.ROUNDED_BY_CODE: _("Exact rounded VAT once per code on %(count)s of %(of)s latest invoices that tell."),
    Why.ROUNDING_UNKNOWN: _("No latest invoice tells where Exact rounds VAT; on each line is usual."),
    Why.BEGINS_IN_SHADOW: _("Orders are translated and shown, and nothing is posted until you say so."),
    Why.BEGINS_TODAY: _("Orders placed before today stay as they are."),
}


def in_words(reason: Reason) -> str:
    """Return why a value is proposed, as a sentence."""
    params = dict(reason.params)
    if (kind := str(params.get("kind", ""))) in _KINDS:
        params["kind"] = str(_KINDS[kind])
    return str(_WORDS[reason.why]) % params
