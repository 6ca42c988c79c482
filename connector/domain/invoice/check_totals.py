"""Whether an invoice is the whole order: its total, its tax, and the VAT of every rate, to the cent."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connector.domain.document.result import Problem
from connector.domain.document.states import BlockedReason
from connector.domain.invoice.draft import DraftLine
from connector.domain.invoice.predict import predict
from connector.domain.money import ZERO, shortest, total
from connector.domain.order.model import Address, LineKind, OrderLine
from connector.domain.rules.context import Case
from connector.domain.vat_arithmetic import Totals

_Rate = tuple[str, Decimal]  # the one-stop-shop country, "" at home, and the percentage


def sum_problems(case: Case) -> list[Problem]:
    """Whether the lines are the whole order: a discount outside them, or overridden totals, shows here.

    Each line was rounded, the order as a whole only once; whether the cents fit is for `inexact` to say.
    """
    order = case.order
    if not order.lines:
        return [_problem(f"The order has no lines, but its total is {order.total_inc} {order.currency}.")]
    gross, tax = total(line.gross for line in order.lines), total(line.tax for line in order.lines)
    rounded = len(order.lines) * case.minor_unit / 2
    texts = []
    if abs(gross - order.total_inc) > case.settings.rounding_limit + rounded:
        texts.append(f"The order's lines add up to {gross}, but its total is {order.total_inc} {order.currency}.")
    if abs(tax - order.total_tax) > rounded:
        texts.append(f"The tax of the lines adds up to {tax}, but the order's is {order.total_tax} {order.currency}.")
    return [_problem(text) for text in texts]


def rounding_line(case: Case, lines: Iterable[DraftLine]) -> OrderLine | None:
    """The line for what Exact's net lacks of the order's, where the tax is right and the connection allows it."""
    made = list(lines)
    rest = case.order.total_inc - _predict(case, made).gross
    if not rest or _tax(case, made) != case.order.total_tax or not _may_round(case, rest):
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
        ship_to=Address(country=case.chart.country),  # the difference is the division's own, wherever the goods go
    )


def inexact(case: Case, lines: Iterable[DraftLine]) -> tuple[Problem, ...]:
    """What Exact would make other than the order: in all, else at one of the rates. Empty when it is exact."""
    made, order = list(lines), case.order
    gross, tax = _predict(case, made).gross, _tax(case, made)
    if (gross, tax) != (order.total_inc, order.total_tax):
        return (
            _problem(
                f"Exact would make {gross} of this order, with {tax} VAT, but its total is "
                f"{order.total_inc} {order.currency}, with {order.total_tax} VAT.{_hint(case, made)}"
            ),
        )
    return tuple(_rate_problems(case, made))


def _hint(case: Case, lines: list[DraftLine]) -> str:
    """What would close it: the shop's VAT, sent with lines of which Exact would compute it a cent off."""
    settings = case.settings
    own = {line.key: line for line in case.order.lines}
    taxed = [(line, own[line.key]) for line in lines if line.vat_percentage and line.key in own]
    forced = [theirs.tax - made.vat for made, theirs in taxed]
    closes = _predict(case, lines).vat + total(forced) == case.order.total_tax
    may = not settings.force_vat and settings.rounding == "line" and all(abs(d) <= case.minor_unit for d in forced)
    return " Allow the connection to send the shop's VAT (`force_vat`), then re-post." if may and closes else ""


def _rate_problems(case: Case, lines: list[DraftLine]) -> Iterable[Problem]:
    """The VAT of each rate. Where the order as a whole was rounded otherwise than its lines, so may each rate be."""
    charged = _charged(case, lines)
    own = total(line.tax for line in case.order.lines)
    for rate, (tax, count) in charged.items():
        at_this_rate = [line for line in lines if _rate(case, line) == rate]
        vat = _predict(case, at_this_rate).vat
        leeway = ZERO if own == case.order.total_tax else count * case.minor_unit / 2
        if abs(vat - tax) > leeway:
            where = f" {rate[0]}" if rate[0] else ""
            yield _problem(
                f"At {shortest(rate[1])} %{where} Exact would make {vat} VAT of this order, "
                f"but the shop charged {tax} {case.order.currency}."
            )


def _charged(case: Case, lines: list[DraftLine]) -> Mapping[_Rate, tuple[Decimal, int]]:
    """The shop's VAT by rate, and on how many lines; a tax that is a line of its own is no VAT."""
    by_key = {line.key: line for line in case.order.lines}
    apart = {LineKind.TAX, LineKind.ROUNDING}
    found: dict[_Rate, tuple[Decimal, int]] = {}
    for line in lines:
        rate = _rate(case, line)
        if line.kind not in apart and rate[1]:
            tax, count = found.get(rate, (ZERO, 0))
            found[rate] = tax + by_key[line.key].tax, count + 1
    return found


def _rate(case: Case, line: DraftLine) -> _Rate:
    return case.chart.vat_codes[line.vat_code].oss_country, line.vat_percentage


def _predict(case: Case, lines: Iterable[DraftLine]) -> Totals:
    return predict(lines, case.settings.rounding, case.digits)


def _tax(case: Case, lines: list[DraftLine]) -> Decimal:
    """The order's tax as the invoice would have it: Exact's VAT, and the taxes that are lines of their own."""
    return _predict(case, lines).vat + total(line.net for line in lines if line.kind is LineKind.TAX)


def _may_round(case: Case, rest: Decimal) -> bool:
    settings = case.settings
    has_codes = settings.rounding_gl_account and (settings.is_entry or settings.items.rounding)
    return abs(rest) <= settings.rounding_limit and bool(has_codes)


def _problem(text: str) -> Problem:
    return Problem(BlockedReason.TOTALS, "", text)
