"""The VAT code of a line."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation

_VAT = Explanation(
    _("No VAT code fits a line of this order, or the one that a rule names cannot be used."),
    _(
        "An accountant adds or corrects the VAT rule, or unblocks the code in Exact and pulls the master data; "
        "then re-posts."
    ),
    "vat_rules",
)

ENTRIES: Final[Entries] = {
    Code.NO_VAT_RULE: Entry(
        _("No VAT rule chooses a code for %(line)s at %(rate)s %%, and %(fitting)s. Add a VAT rule for %(wanted)s."),
        _VAT,
    ),
    Code.NO_VAT_RULE_ABROAD: Entry(
        _(
            "No VAT rule chooses a code for %(line)s at %(rate)s %%, and %(fitting)s. Add a VAT rule for %(wanted)s; "
            "or, for a tax that is no VAT of the division, one for country %(country)s with tax_as_line."
        ),
        _VAT,
    ),
    Code.NO_VAT_RULE_WITHOUT_VAT: Entry(
        _(
            "No VAT rule chooses a code for %(line)s, which carries no VAT, and %(fitting)s. "
            "Add a VAT rule for line %(kind)s."
        ),
        _VAT,
    ),
    Code.VAT_CODES_ALL_BLOCKED: Entry(
        _(
            "No VAT rule chooses a code for %(line)s at %(rate)s %%; %(vat_codes)s. "
            "Unblock one there and pull the master data."
        ),
        _VAT,
    ),
    Code.VAT_CODE_MISSING: Entry(_("VAT code %(vat_code)s for %(line)s (%(rule)s) is not in the division."), _VAT),
    Code.VAT_CODE_BLOCKED: Entry(_("VAT code %(vat_code)s for %(line)s (%(rule)s) is blocked."), _VAT),
    Code.VAT_CODE_FOR_PURCHASES: Entry(_("VAT code %(vat_code)s for %(line)s (%(rule)s) is for purchases only."), _VAT),
    Code.VAT_CODE_INCLUDES_VAT: Entry(
        _(
            "VAT code %(vat_code)s for %(line)s (%(rule)s) includes VAT, and the amounts of a sales entry are without "
            "it, so what Exact would book is not sure. Choose a code of the same rate that excludes VAT."
        ),
        _VAT,
    ),
    Code.VAT_CODE_OF_OTHER_COUNTRY: Entry(
        _(
            "VAT code %(vat_code)s for %(line)s (%(rule)s) is the one-stop-shop code of %(oss_country)s. Choose a code "
            "of %(area)s there, or let that rule be for %(oss_country)s alone."
        ),
        _VAT,
    ),
    Code.VAT_CODE_OF_OTHER_RATE: Entry(
        _(
            "VAT code %(vat_code)s for %(line)s (%(rule)s) is one of %(percentage)s %%, but the shop charged "
            "%(rate)s %%: %(tax)s on %(net)s."
        ),
        _VAT,
    ),
    Code.VAT_CODE_NEEDS_PROOF: Entry(
        _(
            "VAT code %(vat_code)s for %(line)s is for businesses in other countries of the EU, and %(proof)s. "
            "Correct the order in BigCommerce, or the VAT rule."
        ),
        _VAT,
    ),
    Code.NO_VAT_NEEDS_PROOF: Entry(
        _(
            "No VAT was charged on %(line)s, %(area)s, and %(proof)s. Correct the order in BigCommerce, or add a VAT "
            "rule with the tax class of exempt goods."
        ),
        _VAT,
    ),
    Code.VAT_RATE_UNKNOWN: Entry(
        _(
            "The tax %(tax)s on %(net)s of %(line)s does not tell one rate; tried were %(rates)s %%, and the order's "
            "tax table does not say. Add a VAT rule with the right rate for it."
        ),
        _VAT,
    ),
    Code.VAT_RATE_OF_FREE_LINE_UNKNOWN: Entry(
        _("The rate of the line that the free %(line)s follows cannot be told."), _VAT
    ),
    Code.TAX_CLASS_UNKNOWN: Entry(
        _(
            "%(rule)s, asks for the tax class of %(line)s, and the order's tax table does not tell it. "
            "Put a VAT rule that does without the tax class before it."
        ),
        _VAT,
    ),
    Code.TAX_APART_UNDER_TAXED_CODE: Entry(
        _(
            "The tax of %(line)s is a line of its own (%(rule)s), so that its VAT code must be one without VAT, "
            "and %(vat_code)s is one of %(percentage)s %%."
        ),
        _VAT,
    ),
    Code.TAX_ON_GIFT_CERTIFICATE: Entry(
        _(
            "The shop charged a tax of %(tax)s on %(line)s, and a certificate for any goods carries none. "
            "Let the connection's gift certificates be single-purpose, or choose a VAT rule by hand."
        ),
        _VAT,
    ),
}
