"""Whether an invoice is the whole order: its total, its tax, and the VAT of every rate, to the cent."""

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


def sum_problems(context: TranslationContext) -> list[Problem]:
    """Whether the lines are the whole order: a discount outside them, or overridden totals, shows here.

    Each line was rounded, the order as a whole only once; whether the cents fit is for `inexact` to say.
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
    """The line for what Exact's net lacks of the order's, where the tax is right and the connection allows it."""
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


def inexact(context: TranslationContext, lines: Iterable[DraftLine]) -> tuple[Problem, ...]:
    """What Exact would make other than the order: in all, else at one of the rates. Empty when it is exact."""
    made, order = list(lines), context.order
    gross, tax = _predict(context, made).gross, _tax(context, made)
    if (gross, tax) != (order.total_inc, order.total_tax):
        return (
            problem(
                Code.TOTALS_DIFFER_UNLESS_FORCED if _closes_when_forced(context, made) else Code.TOTALS_DIFFER,
                gross=gross,
                vat=tax,
                total=order.total_inc,
                tax=order.total_tax,
                currency=order.currency,
            ),
        )
    return tuple(_rate_problems(context, made))


def _closes_when_forced(context: TranslationContext, lines: list[DraftLine]) -> bool:
    """Whether the shop's VAT would close it, sent with lines of which Exact would compute it a cent off."""
    settings = context.settings
    own = {line.key: line for line in context.order.lines}
    taxed = [(line, own[line.key]) for line in lines if line.vat_percentage and line.key in own]
    forced = [theirs.tax - made.vat for made, theirs in taxed]
    closes = _predict(context, lines).vat + total(forced) == context.order.total_tax
    closes &= all(abs(cents) <= context.minor_unit for cents in forced)
    may = not settings.force_vat and settings.rounding == VatRounding.LINE
    return may and closes


def _rate_problems(context: TranslationContext, lines: list[DraftLine]) -> Iterable[Problem]:
    """The VAT of each rate. Where the order as a whole was rounded otherwise than its lines, so may each rate be."""
    charged = _charged(context, lines)
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


def _charged(context: TranslationContext, lines: list[DraftLine]) -> Mapping[_Rate, tuple[Decimal, int]]:
    """The shop's VAT by rate, and on how many lines; a tax that is a line of its own is no VAT."""
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
    """The order's tax as the invoice would have it: Exact's VAT, and the taxes that are lines of their own."""
    return _predict(context, lines).vat + total(line.net for line in lines if line.kind is LineKind.TAX)


def _may_round(context: TranslationContext, rest: Decimal) -> bool:
    settings = context.settings
    has_codes = settings.rounding_gl_account and (settings.is_entry or settings.items.rounding)
    return abs(rest) <= settings.rounding_limit and bool(has_codes)
