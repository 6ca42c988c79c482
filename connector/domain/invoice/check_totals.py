"""Whether an invoice has the order's total, its tax, and the VAT of every rate, to the cent."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connector.domain.choices import VatRounding
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.invoice.draft import DraftLine
from connector.domain.invoice.predict import predict
from connector.domain.money import ZERO, shortest, total
from connector.domain.order.model import Address, LineKind, OrderLine
from connector.domain.rules.context import TranslationContext
from connector.domain.vat_arithmetic import Totals

_Rate = tuple[str, Decimal]  # the one-stop-shop country, "" at home, and the percentage


def check_sums(context: TranslationContext) -> list[Problem]:
    """Return the problems of an order whose lines do not add up, as after a discount outside them.

    Each line was rounded, the order's total only once. So cents may differ here; `find_differences` checks them.
    """
    order = context.order
    if not order.lines:
        return [problem(Code.NO_LINES, total=order.total_inc, currency=order.currency)]
    gross, tax = total(line.gross for line in order.lines), total(line.tax for line in order.lines)
    rounded = len(order.lines) * context.minor_unit / 2
    found = []
    if abs(gross - order.total_inc) > context.settings.rounding_limit + rounded:
        found.append(problem(Code.LINES_DO_NOT_ADD_UP, sum=gross, total=order.total_inc, currency=order.currency))
    if abs(tax - order.total_tax) > rounded:
        found.append(problem(Code.TAX_DOES_NOT_ADD_UP, sum=tax, tax=order.total_tax, currency=order.currency))
    return found


def rounding_line(context: TranslationContext, lines: Iterable[DraftLine]) -> OrderLine | None:
    """Return a line for the rounding difference; None when there is none, the tax is wrong, or it is not allowed."""
    made = list(lines)
    rest = context.order.total_inc - _predict(context, made).gross
    if not rest or _tax(context, made) != context.order.total_tax or not _may_round(context, rest):
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
        tax_class="",
        ship_to=Address(country=context.chart.country),  # the difference is the division's own
    )


def find_differences(context: TranslationContext, lines: Iterable[DraftLine]) -> tuple[Problem, ...]:
    """Return where Exact's totals would differ from the order's, or its VAT of a rate. Empty when all is exact."""
    made, order = list(lines), context.order
    gross, tax = _predict(context, made).gross, _tax(context, made)
    if (gross, tax) != (order.total_inc, order.total_tax):
        return (
            problem(
                Code.TOTALS_DIFFER_UNLESS_FORCED if _is_exact_when_forced(context, made) else Code.TOTALS_DIFFER,
                gross=gross,
                vat=tax,
                total=order.total_inc,
                tax=order.total_tax,
                currency=order.currency,
            ),
        )
    return tuple(_rate_problems(context, made))


def _is_exact_when_forced(context: TranslationContext, lines: list[DraftLine]) -> bool:
    """Whether the totals are right when the shop's VAT is sent with the lines that Exact computes a cent off."""
    settings = context.settings
    own = {line.key: line for line in context.order.lines}
    taxed = [(line, own[line.key]) for line in lines if line.vat_percentage and line.key in own]
    forced = [theirs.tax - made.vat for made, theirs in taxed]
    closes = _predict(context, lines).vat + total(forced) == context.order.total_tax
    closes &= all(abs(cents) <= context.minor_unit for cents in forced)
    may = not settings.force_vat and settings.rounding == VatRounding.LINE
    return may and closes


def _rate_problems(context: TranslationContext, lines: list[DraftLine]) -> Iterable[Problem]:
    """The differences in the VAT of a rate. Half a cent per line is allowed when the order's tax was rounded once."""
    charged = _charged_by_rate(context, lines)
    own = total(line.tax for line in context.order.lines)
    for rate, (tax, count) in charged.items():
        at_this_rate = [line for line in lines if _rate(context, line) == rate]
        vat = _predict(context, at_this_rate).vat
        leeway = ZERO if own == context.order.total_tax else count * context.minor_unit / 2
        if abs(vat - tax) > leeway:
            facts = {"rate": shortest(rate[1]), "vat": vat, "tax": tax, "currency": context.order.currency}
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
