"""Where a charge for the whole order goes: a fee, and shipping, handling or wrapping that only the order has.

It is a part of what it is charged for. So it goes where the goods go, or the downloads, whose rates give its tax.
"""

from dataclasses import replace

from connector.domain.money import total
from connector.domain.order.model import OrderLine
from connector.domain.rules.context import TranslationContext
from connector.domain.vat.codes import rule_for_tax_apart
from connector.domain.vat.rates import gives_tax, is_free, known_rates


def place(context: TranslationContext) -> TranslationContext:
    """Return the context in which each charge for the whole order has a destination.

    Where the rates of several areas give its tax, it is that of the largest part of the order, and the line says so.
    """
    parts = _parts(context)
    if not parts:
        return context
    lines = tuple(_placed(context, line, parts) if line.of_order else line for line in context.order.lines)
    return replace(context, order=replace(context.order, lines=lines))


def _parts(context: TranslationContext) -> list[OrderLine]:
    """One line for each VAT area, the area of the largest amount first: the dearest of its goods or downloads."""
    by_area: dict[str, list[OrderLine]] = {}
    for line in context.order.lines:
        if not line.of_order and not context.is_no_supply(line):
            by_area.setdefault(context.vat_area(line), []).append(line)
    areas = sorted(by_area.values(), key=lambda lines: total(line.gross for line in lines), reverse=True)
    return [_leading(lines) for lines in areas]


def _leading(lines: list[OrderLine]) -> OrderLine:
    """The dearest line of the kind, goods or downloads, that has the larger amount."""
    goods, downloads = [line for line in lines if not line.digital], [line for line in lines if line.digital]
    largest = max(filter(None, (goods, downloads)), key=lambda kind: total(line.gross for line in kind))
    return max(largest, key=lambda line: line.gross)


def _placed(context: TranslationContext, line: OrderLine, parts: list[OrderLine]) -> OrderLine:
    moved = [_moved(context, line, part) for part in parts]
    fitting = [each for each in moved if _gives_tax(context, each)]
    fitting = fitting or [each for each in moved if rule_for_tax_apart(context, each)]
    if len(fitting) < 2 or is_free(line):
        return (fitting or moved)[0]
    first, *others = (each.ship_to.country for each in fitting)
    why = f"where the largest part of the order goes, to {first} (its tax fits {', '.join(others)} too)"
    return replace(fitting[0], placed=why)


def _moved(context: TranslationContext, line: OrderLine, part: OrderLine) -> OrderLine:
    """The charge as a part of those goods or downloads. In the same area it keeps its address."""
    own = replace(line, digital=part.digital)
    return own if context.vat_area(own) == context.vat_area(part) else replace(own, ship_to=part.ship_to)


def _gives_tax(context: TranslationContext, line: OrderLine) -> bool:
    return any(gives_tax(context, line, rate) for rate in known_rates(context, line))
