"""From an order to the invoice that is to be posted, or to everything that is in the way of it."""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal

from connector.domain.case import Case
from connector.domain.chart import Chart
from connector.domain.header import header_problems, read_header
from connector.domain.invoice import Draft, DraftLine
from connector.domain.lines import draft_line
from connector.domain.mapping import Booking, book
from connector.domain.money import ZERO, total
from connector.domain.order import Address, LineKind, Order, OrderLine
from connector.domain.outcome import Held, Needs, Problem
from connector.domain.rules import RuleBook
from connector.domain.settings import PostingSettings
from connector.domain.states import BlockedReason
from connector.domain.totals import Totals, predict
from connector.domain.vat_codes import VatChoice, choose_vat

__all__ = ["Held", "Needs", "Problem", "translate"]


def translate(order: Order, settings: PostingSettings, rules: RuleBook, chart: Chart) -> Draft | Held | Needs:
    """The draft, exact to the cent in the order's currency; or every problem of the order at once.

    Needs asks for the same order again with more of it read, and comes before any problem is reported.
    """
    case = Case(order, settings, rules, chart)
    header: list[_Outcome] = [Needs(case.order_unread()), *_sum_problems(case), *header_problems(case)]
    outcomes = [*header, *(outcome for line in order.lines for outcome in _draft_line(case, line))]
    return _in_the_way(outcomes) or _close(case, _lines(outcomes))


_Outcome = DraftLine | Problem | Needs


def _in_the_way(outcomes: Iterable[_Outcome]) -> Needs | Held | None:
    """What must be read first, else every problem; None when there is nothing but lines."""
    found = list(outcomes)
    needs = frozenset(detail for each in found if isinstance(each, Needs) for detail in each.what)
    problems = tuple(each for each in found if isinstance(each, Problem))
    if needs:
        return Needs(needs)
    return Held(problems) if problems else None


def _lines(outcomes: Iterable[_Outcome]) -> list[DraftLine]:
    return [outcome for outcome in outcomes if isinstance(outcome, DraftLine)]


def _draft_line(case: Case, line: OrderLine) -> list[_Outcome]:
    """The invoice line, or all that is in its way."""
    if details := case.line_unread(line):
        return [Needs(details)]
    booking, vat = book(case, line), choose_vat(case, line)
    if isinstance(booking, Booking) and isinstance(vat, VatChoice):
        return [draft_line(case, line, booking, vat)]
    obstacles: list[_Outcome] = [] if isinstance(booking, Booking) else [*booking]
    return obstacles if isinstance(vat, VatChoice) else [*obstacles, vat]


def _sum_problems(case: Case) -> list[Problem]:
    """Whether the lines are the whole order: a discount outside them, or overridden totals, shows here.

    Each line was rounded, the order as a whole only once; whether the cents fit is for `_close` to say.
    """
    order = case.order
    if not order.lines:
        return [Problem(BlockedReason.TOTALS, "", "The order has no lines.")]
    gross, tax = total(line.gross for line in order.lines), total(line.tax for line in order.lines)
    rounded = len(order.lines) * case.minor_unit / 2
    texts = []
    if abs(gross - order.total_inc) > case.settings.rounding_limit + rounded:
        texts.append(f"The order's lines add up to {gross}, but its total is {order.total_inc} {order.currency}.")
    if abs(tax - order.total_tax) > rounded:
        texts.append(f"The tax of the lines adds up to {tax}, but the order's is {order.total_tax} {order.currency}.")
    return [Problem(BlockedReason.TOTALS, "", text) for text in texts]


def _close(case: Case, lines: list[DraftLine]) -> Draft | Held | Needs:
    """The draft, if Exact will come to the order's total and VAT, with a rounding line where allowed."""
    order = case.order
    totals = _predict(case, lines)
    rest = order.total_inc - totals.gross
    if rest and totals.vat == order.total_tax and _may_round(case, rest):
        rounding = _draft_line(case, _rounding_line(case, rest))
        if obstacle := _in_the_way(rounding):
            return obstacle
        lines = lines + _lines(rounding)
        totals = _predict(case, lines)
    if (totals.gross, totals.vat) != (order.total_inc, order.total_tax):
        return Held((_inexact(order, totals),))
    return Draft(
        **asdict(read_header(case)),
        lines=tuple(lines),
        net=totals.net,
        vat=totals.vat,
        gross=totals.gross,
        order_total=order.total_inc,
    )


def _predict(case: Case, lines: list[DraftLine]) -> Totals:
    return predict(lines, case.settings.vat_rounding, case.digits)


def _may_round(case: Case, rest: Decimal) -> bool:
    settings = case.settings
    return abs(rest) <= settings.rounding_limit and bool(settings.items.rounding and settings.rounding_gl_account)


def _rounding_line(case: Case, rest: Decimal) -> OrderLine:
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
        tax_class="",
        ship_to=Address(country=case.chart.country),  # the difference is the division's own, wherever the goods go
    )


def _inexact(order: Order, totals: Totals) -> Problem:
    return Problem(
        BlockedReason.TOTALS,
        "",
        f"Exact would make {totals.gross} of this order, with {totals.vat} VAT, but its total is "
        f"{order.total_inc} {order.currency}, with {order.total_tax} VAT.",
    )
