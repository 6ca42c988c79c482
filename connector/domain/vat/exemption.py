"""What a sale without VAT inside the EU must show: the VAT number of a business in another member state."""

from connector.domain.order.model import LineKind, OrderLine
from connector.domain.order.vat_area import NORTHERN_IRELAND
from connector.domain.order.vat_number import written_vat_number
from connector.domain.rules.chart import VatCode
from connector.domain.rules.context import TranslationContext, named
from connector.domain.rules.rule_book import Condition
from connector.domain.vat.rates import is_free

# A rule that asks for these is about particular goods, which may be exempt from VAT.
_PARTICULAR = {"tax_class", "sku", "category", "brand"}


def unproven(context: TranslationContext, line: OrderLine, code: VatCode | None, when: Condition) -> str:
    """Why the line may not go without VAT under that code, chosen on that condition; "" when it may.

    Without a code: whether it may go without VAT at all.
    """
    if is_free(line) or context.is_no_supply(line) or context.is_reverse_charge(line):
        return ""
    if code and code.is_listed:
        return (
            f"VAT code {code.code} for {named(line)} is for businesses in other countries of the EU, "
            f"and {_why_not(context, line)}. Correct the order in BigCommerce, or the VAT rule."
        )
    if (code and (code.rate or code.oss_country)) or context.order.total_tax or not context.is_abroad_in_eu(line):
        return ""
    if _PARTICULAR & when.keys() or LineKind.PRODUCT not in when.get("line", (LineKind.PRODUCT,)):
        return ""
    return (
        f"No VAT was charged on {named(line)}, {_where(context, line)}, and {_why_not(context, line)}. "
        "Correct the order in BigCommerce, or add a VAT rule with the tax class of exempt goods."
    )


def _where(context: TranslationContext, line: OrderLine) -> str:
    if context.vat_area(line) == NORTHERN_IRELAND:
        return "Northern Ireland, which belongs to the EU for goods"
    return "another country of the EU"


def _why_not(context: TranslationContext, line: OrderLine) -> str:
    if not context.is_abroad_in_eu(line):
        return "it does not go to one"
    if context.vat_number:
        return f"the VAT number {context.vat_number} is of the seller's own country"
    written = written_vat_number(context.order, context.settings.vat_number_fields)
    if written:
        return f'"{written}" is not a valid EU VAT number (its form or its check digits are wrong)'
    return "the order has no EU VAT number"
