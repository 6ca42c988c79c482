"""Which VAT rate the shop charged on a line. The rate follows from the tax, which is never changed."""

from collections.abc import Iterable
from decimal import Decimal

from connector.domain.money import ZERO, total
from connector.domain.order.model import Order, OrderLine
from connector.domain.rules.chart import Chart, VatCode
from connector.domain.rules.context import TranslationContext
from connector.domain.rules.rule_book import matches, unread
from connector.domain.vat_arithmetic import rate_fits_tax

_SHOWN_DIGITS = 4  # BigCommerce's own precision


def fits(context: TranslationContext, line: OrderLine, code: VatCode) -> bool:
    """Whether the code is for the line's destination, by the division's own data.

    At home: a code with VAT, of no other country. Elsewhere in the EU: the one-stop-shop code of that country, or the
    code for the EU sales list when a business owes the VAT itself. Outside the EU: a code without VAT.
    A line at home without VAT may be exempt or zero-rated; master data do not tell which code is for that, or for
    export. So no code fits it.
    """
    area, home = context.vat_area(line), context.chart.country
    if not area:
        return False
    if code.rate == ZERO and code.oss_country != area and context.is_reverse_charge(line):
        return code.eu_sales_listing == ("S" if line.digital else "L")
    if context.is_abroad_in_eu(line):
        return code.oss_country == area
    if code.oss_country or code.is_listed:
        return False
    return code.rate > ZERO if area == home else code.rate == ZERO


def candidate_rates(context: TranslationContext, line: OrderLine) -> set[Decimal]:
    """Return the rates in percent that the line may have: those that are known, and 0."""
    return {ZERO, *known_rates(context, line)}


def known_rates(context: TranslationContext, line: OrderLine) -> set[Decimal]:
    """Return the rates in percent of the line's VAT rules and of its country's codes.

    A rule that depends on an unknown tax class counts. A rule with a code of another country does not.
    """
    facts, codes = context.vat_facts(line), context.chart.vat_codes
    rules = [
        rule
        for rule in context.vat_rules(line)
        if (matches(rule.without_rate, facts) or unread(rule.without_rate, facts))
        and not (rule.code in codes and is_foreign(context, line, codes[rule.code]))
    ]
    chosen = [codes[rule.code] for rule in rules if rule.code in codes]
    own = [code for code in usable_codes(context.chart) if fits(context, line, code)]
    return {*(code.rate for code in chosen + own), *(rate for rule in rules for rate in rule.rates)}


def is_foreign(context: TranslationContext, line: OrderLine, code: VatCode) -> bool:
    """Whether the code is a one-stop-shop code of another country than the one where the line is taxed."""
    return bool(code.oss_country) and code.oss_country != context.vat_area(line)


def usable_codes(chart: Chart) -> Iterable[VatCode]:
    """Return the codes that a sales invoice may have."""
    return (code for code in chart.vat_codes.values() if code.usable)


def charged_rate(context: TranslationContext, line: OrderLine) -> Decimal | None:
    """Return the rate in percent that was charged on the line; None when it is unknown.

    The rate of the mapping rule's code comes first, then the only candidate; both must give the tax to the cent.
    Else it is the rate of the line in the order's tax table (several taxes are added). An order without any tax has
    the rate 0 on each line, unless that table says otherwise: 0.02 at 21 % has a tax of 0.00 too. A line that the
    table has at a lower and at a higher rate was taxed in parts, and has no rate, whichever gives its tax by chance.
    """
    rule = context.mapping_rule(line)
    chosen = context.chart.vat_codes.get(rule.vat_code) if rule else None
    if chosen and gives_tax(context, line, chosen.rate):
        return chosen.rate
    if is_free(line):
        leading = _leading_line(context, line)
        return charged_rate(context, leading) if leading else ZERO
    fitting = _fitting_rates(context, line)
    if len(fitting) == 1:
        return None if _is_between_rows(context.order, line, fitting[0]) else fitting[0]
    return ZERO if _is_shown_untaxed(context) else _rate_by_table(context.order, line)


def _fitting_rates(context: TranslationContext, line: OrderLine) -> list[Decimal]:
    """The candidates that give the line's tax to the cent."""
    return [rate for rate in candidate_rates(context, line) if gives_tax(context, line, rate)]


def gives_tax(context: TranslationContext, line: OrderLine, rate: Decimal) -> bool:
    """Whether the rate in percent gives the line's tax to the cent, or as the shop shows it with more decimals.

    6.42496 may be shown as 6.4250, which in cents is 6.43.
    """
    if rate_fits_tax(rate, line.charged, line.tax, context.charged_digits):
        return True
    return line.charged_tax != line.tax and rate_fits_tax(rate, line.charged, line.charged_tax, _SHOWN_DIGITS)


def _is_shown_untaxed(context: TranslationContext) -> bool:
    """Whether the order has no tax, and a line of it is large enough to show that it was charged none."""
    supplies = (line for line in context.order.lines if not context.is_no_supply(line))
    return _is_untaxed(context.order) and any(_fitting_rates(context, line) == [ZERO] for line in supplies)


def _is_untaxed(order: Order) -> bool:
    return not order.total_tax and not any(line.tax for line in order.lines)


def is_free(line: OrderLine) -> bool:
    """Whether nothing was charged, so that the amounts show no rate."""
    return not line.gross and not line.tax


def _leading_line(context: TranslationContext, free: OrderLine) -> OrderLine | None:
    """The line whose rate a free line takes: the order's largest line to the same area."""
    area = context.vat_area(free)
    paid = [
        line
        for line in context.order.lines
        if not is_free(line) and not context.is_no_supply(line) and context.vat_area(line) == area
    ]
    return max(paid, key=lambda line: abs(line.gross), default=None)


def _is_between_rows(order: Order, line: OrderLine, rate: Decimal) -> bool:
    """Whether the line's rows in the tax table are of other rates: a lower one and a higher one."""
    rates = {row.rate for row in order.taxes or () if row.line_key == line.key}
    return bool(rates) and rate not in rates and min(rates) < rate < max(rates)


def _rate_by_table(order: Order, line: OrderLine) -> Decimal | None:
    rows = [row for row in order.taxes or () if row.line_key == line.key]
    if not rows and order.taxes is not None and _is_untaxed(order):
        return ZERO
    return total(row.rate for row in rows) if rows else None
