"""Whether an order can have an invoice at all: it is a sale, and it says where each line goes."""

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.money import ZERO
from connector.domain.order.model import Address, OrderLine
from connector.domain.rules.context import TranslationContext


def check_order(context: TranslationContext) -> tuple[Problem, ...]:
    """Return why there can be no invoice, whatever the rules say; empty when there can."""
    order = context.order
    if order.total_inc < ZERO or (order.total_inc == ZERO and order.total_tax):
        return (problem(Code.RETURN_ORDER, total=order.total_inc, tax=order.total_tax, currency=order.currency),)
    found = (_place_problem(line) for line in order.lines if not context.is_no_supply(line))
    return tuple(each for each in found if each)


def _place_problem(line: OrderLine) -> Problem | None:
    """The VAT depends on where a line goes."""
    if line.ship_to == Address():
        return problem(Code.ADDRESS_MISSING, line=line.key, name=line.name)
    if not line.ship_to.country:
        return problem(Code.COUNTRY_MISSING, line=line.key, name=line.name)
    return None
