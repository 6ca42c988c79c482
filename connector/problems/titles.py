"""Names what is wrong by its own name: the VAT code, the item, the account. It is the title of a task.

A title has only what all documents of the cause share, so it is true for all of them.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.domain.document.result import Params
from connector.problems.catalogue import explain
from connector.problems.explanation import Text
from connector.problems.words import in_words, kind_of_line

TITLES: Final[Mapping[Code, Text]] = {
    Code.NO_GL_ACCOUNT_RULE: _("No rule says where to book %(kind)s to %(country)s"),
    Code.GL_ACCOUNT_MISSING: _("GL account %(gl_account)s is not in Exact"),
    Code.GL_ACCOUNT_BLOCKED: _("GL account %(gl_account)s is blocked in Exact"),
    Code.COST_CODE_NEEDED: _("GL account %(gl_account)s needs a %(dimension)s"),
    Code.COST_CODE_MISSING: _("The %(dimension)s %(cost_code)s is not in Exact"),
    Code.NO_ITEM: _("No item is chosen for %(kind)s"),
    Code.ITEM_MISSING: _("Item %(item)s is not in Exact"),
    Code.ITEM_NOT_SOLD: _("Item %(item)s cannot be sold in Exact"),
    Code.JOURNAL_MISSING: _("Journal %(journal)s is not in Exact"),
    Code.JOURNAL_NOT_SALES: _("Journal %(journal)s is not a sales journal"),
    Code.JOURNAL_BLOCKED: _("Journal %(journal)s is blocked in Exact"),
    Code.PAYMENT_CONDITION_MISSING: _("Payment condition %(payment_condition)s is not in Exact"),
    Code.CURRENCY_MISSING: _("The currency %(currency)s is not in Exact"),
    Code.CURRENCY_NOT_OF_JOURNAL: _("Journal %(journal)s does not take %(currency)s"),
    Code.TEMPLATE_MISSING: _("The invoice template %(template)s is not in Exact"),
    Code.NO_VAT_RULE: _("No VAT code for %(rate)s %% in %(country)s"),
    Code.NO_VAT_RULE_ABROAD: _("No VAT code for %(rate)s %% in %(country)s"),
    Code.NO_VAT_RULE_WITHOUT_VAT: _("No VAT code for %(kind)s without VAT"),
    Code.NO_VAT_CODE_OF_TYPE_N: _("No VAT code of type N for %(kind)s"),
    Code.VAT_CODES_ALL_BLOCKED: _("VAT code: %(vat_codes)s"),
    Code.VAT_CODE_MISSING: _("VAT code %(vat_code)s is not in Exact"),
    Code.VAT_CODE_BLOCKED: _("VAT code %(vat_code)s is blocked in Exact"),
    Code.VAT_CODE_FOR_PURCHASES: _("VAT code %(vat_code)s is for purchases only"),
    Code.VAT_CODE_INCLUDES_VAT: _("VAT code %(vat_code)s includes VAT"),
    Code.VAT_CODE_OF_OTHER_RATE: _("VAT code %(vat_code)s is not for the %(rate)s %% that the shop charged"),
    Code.PERIOD_MISSING: _("Exact has no financial period for %(day)s"),
    Code.PERIOD_REFUSED: _("The period %(period)s is closed in Exact"),
    Code.PERIOD_CLOSED: _("The period %(period)s is closed in Exact"),
    Code.NO_OPEN_PERIOD: _("The period %(period)s is closed in Exact"),
    Code.MONTH_CLOSED: _("The month %(month)s is closed here"),
    Code.ACCOUNT_BLOCKED: _("Account %(account)s is blocked in Exact"),
    Code.ACCOUNT_ENDED: _("Account %(account)s has ended in Exact"),
    Code.ACCOUNT_PROSPECT: _("Account %(account)s is a prospect in Exact"),
    Code.ACCOUNT_SUSPECT: _("Account %(account)s is a suspect in Exact"),
    Code.ACCOUNT_NO_CUSTOMER: _("Account %(account)s is not a customer in Exact"),
    Code.ACCOUNT_WITHOUT_NUMBER: _("Account %(account)s has no VAT number"),
    Code.ACCOUNT_HAS_OTHER_NUMBER: _("Account %(account)s has another VAT number than the order"),
    Code.ACCOUNT_OF_ANOTHER_CUSTOMER: _("Account %(account)s fits several customers"),
    Code.ACCOUNT_OF_REGISTERED: _("Account %(account)s is a registered customer's"),
    Code.SEARCH_CODE_TAKEN: _("Another account has the SearchCode %(search_code)s"),
    Code.LINK_NOT_PROVEN: _("Account %(account)s does not show whose it is"),
    Code.COLLECTIVE_ACCOUNT_MISSING: _("The collective account %(account)s is not in Exact"),
}

NAMED: Final = frozenset(map(str, TITLES))
"""The codes that have a title of their own."""


def title(code: str, params: Params, reason: str = "") -> str:
    """Return what is wrong by its own name; what happened where it has none.

    The arguments are as in `explain`.
    """
    words = in_words(params) if params else {}
    named = TITLES[Code(code)] if code in NAMED else None
    if named is not None:
        words |= {"kind": kind_of_line(str(params.get("kind", "")))}
        try:
            return str(named) % words
        except KeyError:  # it was held before the code had this parameter
            pass
    return str(explain(code, params, reason).what_happened)
