"""The answer of a comparison in shadow mode, and each field that may differ with where it is put right, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from connector.domain.document.shadow import Answer, Field, Summary
from connector.problems.explanation import Explanation

NAMES: Final[Mapping[Field, Promise]] = {
    Field.AMOUNT: _("Amount with VAT"),
    Field.CURRENCY: _("Currency"),
    Field.VAT: _("VAT by code"),
    Field.GL_ACCOUNT: _("Net by GL account"),
    Field.COST_CENTER: _("Net by cost centre"),
    Field.ACCOUNT: _("Customer's account"),
    Field.DATE: _("Date"),
    Field.PAYMENT_CONDITION: _("Payment condition"),
    Field.FORM: _("Invoice or sales entry"),
}
PUT_RIGHT: Final[Mapping[Field, Explanation]] = {
    Field.AMOUNT: Explanation(
        NAMES[Field.AMOUNT],
        _("Ours is what the customer paid. A cent comes of how VAT is rounded; more was mostly typed wrongly."),
        "connection",
        field="vat_rounding",
    ),
    Field.CURRENCY: Explanation(
        NAMES[Field.CURRENCY], _("Ours is the order's. Correct the document in Exact."), "exact"
    ),
    Field.VAT: Explanation(
        NAMES[Field.VAT], _("Correct the VAT rule that chose ours, or the document in Exact."), "vat_rules"
    ),
    Field.GL_ACCOUNT: Explanation(
        NAMES[Field.GL_ACCOUNT], _("Correct the rule that chose ours, or the document in Exact."), "rules"
    ),
    Field.COST_CENTER: Explanation(
        NAMES[Field.COST_CENTER], _("Correct the rule that chose ours, or the document in Exact."), "rules"
    ),
    Field.ACCOUNT: Explanation(
        NAMES[Field.ACCOUNT],
        _("Link the customer to the account that you use, or choose another strategy."),
        "customers",
    ),
    Field.DATE: Explanation(
        NAMES[Field.DATE],
        _("Choose whether documents are dated by the order or by the day of posting."),
        "connection",
        field="invoice_date",
    ),
    Field.PAYMENT_CONDITION: Explanation(
        NAMES[Field.PAYMENT_CONDITION], _("Correct the payment rule that chose ours."), "rules"
    ),
    Field.FORM: Explanation(
        NAMES[Field.FORM], _("Choose what a document becomes in Exact."), "connection", field="document"
    ),
}


def answer(summary: Summary) -> str:
    """Return whether posting may be switched on, and what was not compared, in the active language."""
    text = _answer(summary)
    if not (summary.unclear or summary.held):
        return text
    rest = gettext("Not compared, so look at them: %(held)s held orders, %(unclear)s with several documents in Exact.")
    return f"{text} {rest % {'held': summary.held, 'unclear': summary.unclear}}"


def _answer(summary: Summary) -> str:
    match summary.answer:
        case Answer.YES:
            text = ngettext(
                "Yes: %(compared)s document was compared, and its amount, VAT and GL accounts agree.",
                "Yes: %(compared)s documents were compared, and all amounts, VAT and GL accounts agree.",
                summary.compared,
            )
            return text % {"compared": summary.compared}
        case Answer.NOT_ALL:
            text = ngettext(
                "Almost: %(compared)s document was compared and agrees, but not every order was.",
                "Almost: %(compared)s documents were compared and agree, but not every order was.",
                summary.compared,
            )
            return text % {"compared": summary.compared}
        case Answer.TOO_FEW:
            text = ngettext(
                "Not yet: nothing speaks against it, but %(missing)s more document must be compared.",
                "Not yet: nothing speaks against it, but %(missing)s more documents must be compared.",
                summary.missing,
            )
            return text % {"missing": summary.missing}
        case Answer.NO:
            fields = get_text_list([str(NAMES[name]) for name in summary.differ], gettext("and"))
            return gettext("No: documents differ in %(fields)s.") % {"fields": fields}
