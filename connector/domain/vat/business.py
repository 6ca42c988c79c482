"""VAT of its own country that was charged to a business with a valid number there, which should owe it itself.

Facts: Council Directive 2006/112/EC, articles 138 and 196: such a sale is without VAT. The one-stop shop is for private
customers (articles 369a to 369k), so this VAT stands in the wrong return.
"""

from collections.abc import Iterable

from connector.domain.choices import ForeignVat
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.order.model import OrderLine
from connector.domain.rules.chart import VatCode
from connector.domain.rules.context import TranslationContext, line_problem


def check_foreign_vat(context: TranslationContext, line: OrderLine, code: VatCode) -> Problem | None:
    """Return the problem of a business that was charged another country's VAT, unless the connection posts that."""
    if context.settings.b2b_foreign_vat == ForeignVat.NOTE or not _is_foreign_vat(context, line, code):
        return None
    return line_problem(
        line,
        Code.FOREIGN_VAT_OF_BUSINESS,
        oss_country=code.oss_country,
        vat_code=code.code,
        vat_number=context.vat_number,
        tax=line.tax,
        currency=context.order.currency,
    )


def note_on_foreign_vat(context: TranslationContext, used: Iterable[tuple[str, str]]) -> str:
    """Return the note of an invoice with such VAT, else "". `used` are the lines' keys and VAT codes."""
    lines, codes = {line.key: line for line in context.order.lines}, context.chart.vat_codes
    countries = {
        codes[code].oss_country
        for key, code in used
        if key in lines and _is_foreign_vat(context, lines[key], codes[code])
    }
    if not countries:
        return ""
    return (
        f"VAT of {', '.join(sorted(countries))} was charged to a business with VAT number {context.vat_number}, "
        "which owes it itself."
    )


def _is_foreign_vat(context: TranslationContext, line: OrderLine, code: VatCode) -> bool:
    return bool(line.tax and code.rate and code.oss_country) and context.is_reverse_charge(line)
