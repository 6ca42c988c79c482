"""Whether an invoice has the order's total, its tax, and the VAT of every rate, to the cent.

Where Exact rounds VAT once per code, the tax and the VAT of a rate may differ by the cents of rounding, within the
connection's limit. The total never differs.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connector.domain.choices import VatRounding
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.invoice.draft import DraftLine
from connector.domain.invoice.predict import predict
from connector.domain.money import ZERO, plain, shortest, total
from connector.domain.order.model import Address, LineKind, OrderLine
from connector.domain.rules.context import TranslationContext
from connector.domain.vat_arithmetic import Totals

_Rate = tuple[str, Decimal]  # the one-stop-shop country, "" at home, and the percentage


def check_sums(context: TranslationContext) -> list[Problem]:
    """Return the problems of an order whose lines do not add up, as after a discount outside them.

    Each line was rounded, the order's total only once. So cents may differ here; `find_differences` checks them. Where
    the shop shows four decimals, these count too: 6.4250 may be 6.42496, of which the order has 6.42.
    """
    order = context.order
    if not order.lines:
        return [problem(Code.NO_LINES, total=order.total_inc, currency=order.currency)]
    gross, tax = total(line.gross for line in order.lines), total(line.tax for line in order.lines)
    charged, charged_tax = total(line.charged for line in order.lines), total(line.charged_tax for line in order.lines)
    rounded = len(order.lines) * context.charged_unit / 2
    found = []
    if min(abs(gross - order.total_inc), abs(charged - order.total_inc)) > context.settings.rounding_limit + rounded:
        found.append(problem(Code.LINES_DO_NOT_ADD_UP, sum=gross, total=order.total_inc, currency=order.currency))
    if min(abs(tax - order.total_tax), abs(charged_tax - order.total_tax)) > rounded:
        found.append(problem(Code.TAX_DOES_NOT_ADD_UP, sum=tax, tax=order.total_tax, currency=order.currency))
    return found


def rounding_line(context: TranslationContext, lines: Iterable[DraftLine]) -> OrderLine | None:
    """Return a line for the rounding difference; None when there is none, the tax is wrong, or it is not allowed."""
    made = list(lines)
    rest = context.order.total_inc - _predict(context, made).gross
    if not rest or not _tax_fits(context, made) or not _may_round(context, rest):
        return None
    return OrderLine(
        key="rounding:0",
        kind=LineKind.ROUNDING,
        sku="",
        name="Rounding difference",
        notes="",
        quantity=Decimal(1),
        net=rest,
        tax=ZERO,
        gross=rest,
        charged=rest,
        charged_tax=ZERO,
        tax_class="",
        ship_to=Address(country=context.chart.country),  # the difference is the division's own
    )


def find_differences(
    context: TranslationContext, lines: Iterable[DraftLine], rest: Decimal = ZERO
) -> tuple[Problem, ...]:
    """Return where Exact's totals would differ from the order's, or its VAT of a rate. Empty when all is right.

    `rest` is what a rounding line would add to the lines.
    """
    made, order = list(lines), context.order
    gross, tax = _predict(context, made).gross, _tax(context, made)
    if gross + rest != order.total_inc or not _tax_fits(context, made):
        return (
            problem(
                Code.TOTALS_DIFFER,
                gross=gross,
                vat=tax,
                total=order.total_inc,
                tax=order.total_tax,
                currency=order.currency,
                helps="",
            ),
        )
    return tuple(_rate_problems(context, made))


def note_of_tax(context: TranslationContext, lines: list[DraftLine]) -> str:
    """Return a note of a tax that is a few cents off, as it may be where Exact rounds once per code; else ""."""
    tax, charged = _tax(context, lines), context.order.total_tax
    return "" if tax == charged else f"Exact makes {plain(tax)} VAT of this order, the shop charged {plain(charged)}."


def _tax_fits(context: TranslationContext, lines: list[DraftLine]) -> bool:
    """Whether the invoice has the order's tax, or as good as that where Exact rounds once per code."""
    off = _tax(context, lines) - context.order.total_tax
    return not off or _is_rounding_of_code(context, off)


def _is_rounding_of_code(context: TranslationContext, off: Decimal) -> bool:
    """Whether VAT may be so much off: Exact rounds it once per code, so that no line's VAT can be sent."""
    return context.settings.rounding == VatRounding.CODE and _may_round(context, off)


def _rate_problems(context: TranslationContext, lines: list[DraftLine]) -> Iterable[Problem]:
    """The differences in the VAT of a rate that are more than rounding."""
    own = total(line.tax for line in context.order.lines)
    for rate, (tax, count) in _charged_by_rate(context, lines).items():
        vat = _predict(context, [line for line in lines if _rate(context, line) == rate]).vat
        halves = ZERO if own == context.order.total_tax else count
        if _is_rounding_of_code(context, vat - tax):
            halves = count + 1  # the shop rounded each line, and Exact their sum
        if abs(vat - tax) > halves * context.charged_unit / 2:
            facts = {"rate": shortest(rate[1]), "vat": vat, "tax": tax, "currency": context.order.currency, "helps": ""}
            if rate[0]:
                yield problem(Code.VAT_OF_COUNTRY_DIFFERS, country=rate[0], **facts)
            else:
                yield problem(Code.VAT_OF_RATE_DIFFERS, **facts)


def _charged_by_rate(context: TranslationContext, lines: list[DraftLine]) -> Mapping[_Rate, tuple[Decimal, int]]:
    """The shop's VAT by rate, and its number of lines. A tax with a line of its own is no VAT."""
    by_key = {line.key: line for line in context.order.lines}
    apart = {LineKind.TAX, LineKind.ROUNDING}
    found: dict[_Rate, tuple[Decimal, int]] = {}
    for line in lines:
        rate = _rate(context, line)
        if line.kind not in apart and rate[1]:
            tax, count = found.get(rate, (ZERO, 0))
            found[rate] = tax + by_key[line.key].tax, count + 1
    return found


def _rate(context: TranslationContext, line: DraftLine) -> _Rate:
    return context.chart.vat_codes[line.vat_code].oss_country, line.vat_percentage


def _predict(context: TranslationContext, lines: Iterable[DraftLine]) -> Totals:
    return predict(lines, context.settings.rounding, context.digits)


def _tax(context: TranslationContext, lines: list[DraftLine]) -> Decimal:
    """The invoice's tax: Exact's VAT, and the taxes that are lines of their own."""
    return _predict(context, lines).vat + total(line.net for line in lines if line.kind is LineKind.TAX)


def _may_round(context: TranslationContext, rest: Decimal) -> bool:
    settings = context.settings
    has_codes = settings.rounding_gl_account and (settings.is_entry or settings.items.rounding)
    return abs(rest) <= settings.rounding_limit and bool(has_codes)
