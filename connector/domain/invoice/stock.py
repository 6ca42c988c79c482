"""What a document that moves stock must be: from one warehouse, and of as many pieces as were sold."""

from collections.abc import Iterable

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.invoice.draft import DraftLine
from connector.domain.money import total
from connector.domain.order.model import LineKind, whole_key
from connector.domain.rules.context import TranslationContext, line_problem


def check_stock(context: TranslationContext, lines: Iterable[DraftLine]) -> list[Problem]:
    """Return the problems of the lines of a document that moves stock; none of another document.

    The warehouse stands in the header, so that lines cannot have two. A line that only adds up with quantity 1 would
    take one piece from stock. A division without warehouses has an edition without direct invoices, or the app may not
    read them.
    """
    if not context.settings.moves_stock:
        return []
    if not context.chart.warehouses:
        return [problem(Code.NO_WAREHOUSES)]
    kept = list(lines)
    return [*_two_warehouses(kept), *_lost_pieces(context, kept)]


def _two_warehouses(lines: list[DraftLine]) -> list[Problem]:
    asked = {line.warehouse: line.description for line in reversed(lines) if line.warehouse}
    if len(asked) < 2:
        return []
    named = ", ".join(f"{warehouse} ({name})" for warehouse, name in sorted(asked.items()))
    return [problem(Code.TWO_WAREHOUSES, warehouses=named)]


def _lost_pieces(context: TranslationContext, lines: list[DraftLine]) -> list[Problem]:
    goods = [line for line in context.order.lines if line.kind is LineKind.PRODUCT]
    sent = {line.key: total(each.quantity for each in lines if whole_key(each.key) == line.key) for line in goods}
    return [
        line_problem(line, Code.PIECES_LOST, quantity=line.quantity)
        for line in goods
        if line.quantity and sent[line.key] and sent[line.key] != line.quantity
    ]
