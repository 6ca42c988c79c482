"""From an order to its invoice, or to every problem that prevents the invoice."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from connector.domain.choices import Bundles, PostingSettings
from connector.domain.document.result import Held, Needs, Problem
from connector.domain.invoice.check_order import check_order
from connector.domain.invoice.check_totals import check_sums, find_differences, note_of_tax, rounding_line
from connector.domain.invoice.draft import TYPE_OF, Draft, DraftLine
from connector.domain.invoice.header import Header, check_header, read_header
from connector.domain.invoice.line_vat import settle_vat
from connector.domain.invoice.lines import draft_line
from connector.domain.invoice.predict import predict
from connector.domain.invoice.redeemed import without_redeemed
from connector.domain.invoice.remedies import name_limit, name_settings
from connector.domain.invoice.stock import check_stock
from connector.domain.invoice.tax_lines import tax_lines, without_tax
from connector.domain.order.model import Order, OrderLine
from connector.domain.rules.booking import Booking, book
from connector.domain.rules.chart import Chart
from connector.domain.rules.context import TranslationContext
from connector.domain.rules.rule_book import RuleBook
from connector.domain.vat.business import note_on_foreign_vat
from connector.domain.vat.codes import VatChoice, choose_vat
from connector.domain.vat.destination import place
from connector.domain.vat.split import split, unread


def translate(order: Order, settings: PostingSettings, rules: RuleBook, chart: Chart) -> Draft | Held | Needs:
    """Return the draft, exact to the cent in the order's currency, or every problem of the order at once.

    Needs names details that must be read first; then the order is translated again. It comes before any problem but
    those that no detail can solve.
    """
    whole = TranslationContext(_with_parts(order, settings), settings, rules, chart)
    if problems := check_order(whole):
        return Held(problems)
    context = split(place(whole))
    outcome = _translate(context)
    return name_settings(context, outcome, _translate) if isinstance(outcome, Held) else outcome


def _with_parts(order: Order, settings: PostingSettings) -> Order:
    """Return the order with a line for each part of a bundle, where the connection says so. Entries have no items."""
    if settings.is_entry or settings.items.bundles != Bundles.PARTS:
        return order
    lines = (each for line in order.lines for each in (line, *line.parts))
    return replace(order, lines=tuple(replace(line, parts=()) for line in lines))


def _translate(context: TranslationContext) -> Draft | Held | Needs:
    order_total = context.order.total_inc
    header: list[_Outcome] = [
        Needs(context.unread_for_order() | unread(context)),
        *check_sums(context),
        *check_header(context),
    ]
    due = without_redeemed(context)
    if isinstance(due, Order):
        context = replace(context, order=due)
    else:
        header.append(due)
    codes = {line.key: _choose_codes(context, line) for line in context.order.lines}
    context = settle_vat(context, {key: found.vat for key, found in codes.items() if isinstance(found, _Codes)})
    outcomes = [
        *header,
        *(outcome for line in context.order.lines for outcome in _draft_line(context, line, codes[line.key])),
        *tax_lines(context),
    ]
    return _obstacles(outcomes) or _close(context, _lines(outcomes), order_total)


@dataclass(frozen=True, slots=True)
class _Codes:
    """What the rules chose for a line."""

    booking: Booking
    vat: VatChoice


_Outcome = DraftLine | Problem | Needs


def _obstacles(outcomes: Iterable[_Outcome]) -> Needs | Held | None:
    """What must be read first, else every problem; None when there are only lines."""
    found = list(outcomes)
    needs = frozenset(detail for each in found if isinstance(each, Needs) for detail in each.what)
    problems = tuple(each for each in found if isinstance(each, Problem))
    if needs:
        return Needs(needs)
    return Held(problems) if problems else None


def _lines(outcomes: Iterable[_Outcome]) -> list[DraftLine]:
    return [outcome for outcome in outcomes if isinstance(outcome, DraftLine)]


def _choose_codes(context: TranslationContext, line: OrderLine) -> _Codes | list[_Outcome]:
    """The codes of a line, or every problem that prevents its invoice line."""
    if details := context.unread_for_line(line):
        return [Needs(details)]
    booking, vat = book(context, line), choose_vat(context, line)
    if isinstance(booking, Booking) and isinstance(vat, VatChoice):
        return _Codes(booking, vat)
    obstacles: list[_Outcome] = [] if isinstance(booking, Booking) else [*booking]
    return obstacles if isinstance(vat, VatChoice) else [*obstacles, vat]


def _draft_line(context: TranslationContext, line: OrderLine, codes: _Codes | list[_Outcome]) -> list[_Outcome]:
    if not isinstance(codes, _Codes):
        return codes
    return [draft_line(context, without_tax(line) if codes.vat.tax_apart else line, codes.booking, codes.vat)]


def _header(context: TranslationContext, lines: list[DraftLine]) -> Header:
    header = read_header(context)
    on_vat = note_on_foreign_vat(context, ((line.key, line.vat_code) for line in lines))
    notes = (header.notes, on_vat, note_of_tax(context, lines))
    return replace(header, notes="\n".join(filter(None, notes)))


def _close(context: TranslationContext, lines: list[DraftLine], order_total: Decimal) -> Draft | Held | Needs:
    """The draft, if Exact will compute the order's total and VAT; with a rounding line where that is allowed."""
    if rounding := rounding_line(context, lines):
        outcomes = _draft_line(context, rounding, _choose_codes(context, rounding))
        if obstacle := _obstacles(outcomes):
            return obstacle
        lines = lines + _lines(outcomes)
    if problems := find_differences(context, lines):
        return name_limit(context, lines, problems)
    if of_stock := check_stock(context, lines):
        return Held(tuple(of_stock))
    warehouse = next((line.warehouse for line in lines if line.warehouse), "")
    totals = predict(lines, context.settings.rounding, context.digits)
    return Draft(
        **asdict(_header(context, lines)),
        lines=tuple(lines),
        net=totals.net,
        vat=totals.vat,
        gross=totals.gross,
        order_total=order_total,
        redeemed=order_total - context.order.total_inc,
        type=TYPE_OF[context.settings.document],
        warehouse=warehouse,
        warehouse_id=context.chart.warehouses.get(warehouse, ""),
    )
