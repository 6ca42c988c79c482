"""The proof that a sale without VAT inside the EU needs: the VAT number of a business in another member state."""

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.order.model import LineKind, OrderLine
from connector.domain.order.vat_number import written_vat_number
from connector.domain.rules.chart import VatCode
from connector.domain.rules.context import TranslationContext, line_problem
from connector.domain.rules.rule_book import Condition
from connector.domain.vat.rates import is_free

# A rule with one of these conditions is for particular goods, which may be exempt from VAT.
_PARTICULAR = {"tax_class", "sku", "category", "brand"}


def check_proof(context: TranslationContext, line: OrderLine, code: VatCode | None, when: Condition) -> Problem | None:
    """Return the problem of a line without VAT whose proof is missing; None when there is none.

    `when` is the condition of the rule that chose the code. Without a code, the line has no VAT at all.
    """
    if is_free(line) or context.is_no_supply(line) or context.is_reverse_charge(line):
        return None
    if code and code.is_listed:
        return line_problem(line, Code.VAT_CODE_NEEDS_PROOF, vat_code=code.code, **_why_not(context, line))
    if (code and (code.rate or code.oss_country)) or context.order.total_tax or not context.is_abroad_in_eu(line):
        return None
    if _PARTICULAR & when.keys() or LineKind.PRODUCT not in when.get("line", (LineKind.PRODUCT,)):
        return None
    return line_problem(line, Code.NO_VAT_NEEDS_PROOF, area=context.vat_area(line), **_why_not(context, line))


def _why_not(context: TranslationContext, line: OrderLine) -> dict[str, str]:
    """Which proof is missing, and the VAT number that is not accepted."""
    if not context.is_abroad_in_eu(line):
        return {"proof": "not_abroad", "vat_number": ""}
    if context.vat_number:
        return {"proof": "own_country", "vat_number": context.vat_number}
    written = written_vat_number(context.order, context.settings.vat_number_fields)
    return {"proof": "invalid" if written else "none", "vat_number": written}
