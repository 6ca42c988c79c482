"""Problems with the VAT code of a line."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation

_VAT = Explanation(
    _("No VAT rule gives a line of this order a VAT code that can be used."),
    _(
        "An accountant adds or corrects the VAT rule, or unblocks the code in Exact and pulls the master data. "
        "Then an operator re-posts."
    ),
    "vat_rules",
)

_FOREIGN_VAT = Explanation(
    _("A business with a VAT number of another country of the EU was charged VAT of that country."),
    _(
        "Somebody corrects the order in BigCommerce, or refunds the VAT. If such orders are to be posted as they are, "
        "an accountant changes the connection. Then an operator re-posts."
    ),
    "connection",
    field="b2b_foreign_vat",
)

ENTRIES: Final[Entries] = {
    Code.NO_VAT_RULE: Entry(
        _("No VAT rule chooses a code for %(line)s at %(rate)s %%, and %(fitting)s. Add a VAT rule for %(wanted)s."),
        _VAT,
    ),
    Code.NO_VAT_RULE_ABROAD: Entry(
        _(
            "No VAT rule chooses a code for %(line)s at %(rate)s %%, and %(fitting)s. Add a VAT rule for %(wanted)s. "
            "If the tax is not a VAT of the division, add a rule for country %(taxed_in)s with tax_as_line."
        ),
        _VAT,
    ),
    Code.NO_VAT_RULE_WITHOUT_VAT: Entry(
        _(
            "No VAT rule chooses a code for %(line)s, which has no VAT, and %(fitting)s. "
            "Add a VAT rule for line %(kind)s."
        ),
        _VAT,
    ),
    Code.NO_VAT_CODE_OF_TYPE_N: Entry(
        _(
            "No VAT code of the division is for %(line)s: a debt has no VAT, and needs a code of type N. Make one in "
            "Exact and pull the master data, or add a VAT rule for line %(kind)s."
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
            "VAT code %(vat_code)s for %(line)s (%(rule)s) includes VAT, but the amounts of a sales entry exclude it. "
            "Choose a code of the same rate that excludes VAT."
        ),
        _VAT,
    ),
    Code.VAT_CODE_OF_OTHER_COUNTRY: Entry(
        _(
            "VAT code %(vat_code)s for %(line)s (%(rule)s) is the one-stop-shop code of %(oss_country)s. Choose a code "
            "of %(area)s there, or use that rule for %(oss_country)s only."
        ),
        _VAT,
    ),
    Code.VAT_CODE_OF_OTHER_RATE: Entry(
        _(
            "VAT code %(vat_code)s for %(line)s (%(rule)s) has a rate of %(percentage)s %%, but the shop charged "
            "%(rate)s %%: %(tax)s on %(net)s."
        ),
        _VAT,
    ),
    Code.VAT_CODE_NEEDS_PROOF: Entry(
        _(
            "VAT code %(vat_code)s for %(line)s is for businesses in other countries of the EU, but %(proof)s. "
            "Correct the order in BigCommerce, or the VAT rule."
        ),
        _VAT,
    ),
    Code.VAT_CODE_FOR_GOODS: Entry(
        _(
            "VAT code %(vat_code)s for %(line)s (%(rule)s) is for goods on the EU sales list, but a download, and what "
            "is charged for it, is a service: %(right)s. Let that rule ask for digital: false, and add one for true."
        ),
        _VAT,
    ),
    Code.VAT_CODE_FOR_SERVICES: Entry(
        _(
            "VAT code %(vat_code)s for %(line)s (%(rule)s) is for services on the EU sales list, but these are goods: "
            "%(right)s. Let that rule ask for digital: true, and add one for false."
        ),
        _VAT,
    ),
    Code.FOREIGN_VAT_OF_BUSINESS: Entry(
        _(
            "VAT of %(oss_country)s, %(tax)s %(currency)s under VAT code %(vat_code)s, was charged on %(line)s, but "
            "the customer has the VAT number %(vat_number)s and owes it there itself. Correct the order in "
            "BigCommerce, or set the connection to post such VAT with a note."
        ),
        _FOREIGN_VAT,
    ),
    Code.NO_VAT_NEEDS_PROOF: Entry(
        _(
            "No VAT was charged on %(line)s, %(area)s, and %(proof)s. Correct the order in BigCommerce, or add a VAT "
            "rule with the tax class of exempt goods."
        ),
        _VAT,
    ),
    Code.TAX_OUTSIDE_VAT_AREA: Entry(
        _(
            "The tax %(tax)s on %(net)s was charged on %(line)s, which is outside the area of EU VAT. If it is a tax "
            "of that country, add a VAT rule for it with tax_as_line, which makes it a line of its own. If not, "
            "correct the order in BigCommerce."
        ),
        _VAT,
    ),
    Code.VAT_RATE_UNKNOWN: Entry(
        _(
            "The tax %(tax)s on %(net)s of %(line)s fits no single rate. The connector tried %(rates)s %%, and the "
            "order's tax table names no single rate. Add a VAT rule with the right rate for it."
        ),
        _VAT,
    ),
    Code.VAT_RATE_OF_FREE_LINE_UNKNOWN: Entry(
        _("The free %(line)s has the VAT rate of another line, and that rate is not known."), _VAT
    ),
    Code.TAX_CLASS_UNKNOWN: Entry(
        _(
            "%(rule)s, needs the tax class of %(line)s, but the order's tax table does not have it. "
            "Put a VAT rule without a tax class before it."
        ),
        _VAT,
    ),
    Code.TAX_APART_UNDER_TAXED_CODE: Entry(
        _(
            "The tax of %(line)s is a line of its own (%(rule)s), so its VAT code must be one without VAT. "
            "But VAT code %(vat_code)s has a rate of %(percentage)s %%."
        ),
        _VAT,
    ),
    Code.VOUCHER_RATE_UNKNOWN: Entry(
        _(
            "Gift certificates of a single purpose paid %(amount)s %(currency)s of this order, and their VAT was paid "
            "when they were sold. It is not clear at which rate, or the order has no goods of that rate at home. "
            "Add a VAT rule for line gift_certificate that names one rate, or invoice the order by hand and link it."
        ),
        _VAT,
    ),
    Code.VOUCHER_MORE_THAN_GOODS: Entry(
        _(
            "Gift certificates of a single purpose paid %(amount)s %(currency)s of this order, but its goods at "
            "%(rate)s %% are only %(rest)s. Invoice the order by hand and link it."
        ),
        _VAT,
    ),
    Code.TAX_ON_GIFT_CERTIFICATE: Entry(
        _(
            "The shop charged a tax of %(tax)s on %(line)s, but a certificate for any goods has no tax. "
            "Set the connection's gift certificates to single-purpose, or add a VAT rule."
        ),
        _VAT,
    ),
}
