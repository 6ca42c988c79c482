"""Whether an order can have an invoice at all: it is a sale, and it says where each line goes, in one way."""

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.money import ZERO
from connector.domain.order.model import Address, Order, OrderLine
from connector.domain.order.vat_area import in_eu, town_and_postcode_disagree
from connector.domain.rules.context import TranslationContext


def check_order(context: TranslationContext) -> tuple[Problem, ...]:
    """Return why there can be no invoice, whatever the rules say; empty when there can."""
    order = context.order
    if order.total_inc < ZERO or (order.total_inc == ZERO and order.total_tax):
        return (problem(_no_sale(order), total=order.total_inc, tax=order.total_tax, currency=order.currency),)
    found = (_place_problem(context, line) for line in order.lines if not context.is_no_supply(line))
    return tuple(each for each in found if each)


def _no_sale(order: Order) -> Code:
    """What an order is that has a total below zero, or none and VAT all the same."""
    if order.total_inc:
        return Code.RETURN_ORDER
    came_back = any(line.quantity < ZERO for line in order.lines)
    return Code.EXCHANGE_ORDER if came_back else Code.TAX_ON_NOTHING


def _place_problem(context: TranslationContext, line: OrderLine) -> Problem | None:
    """The VAT depends on where a line goes. For a seller outside the EU a country is one area."""
    if line.ship_to == Address():
        return problem(Code.ADDRESS_MISSING, line=line.key, name=line.name)
    if not line.ship_to.country:
        return problem(Code.COUNTRY_MISSING, line=line.key, name=line.name)
    if in_eu(context.chart.country) and town_and_postcode_disagree(line.ship_to):
        place = {"town": line.ship_to.city, "postcode": line.ship_to.postcode}
        return problem(Code.TOWN_AND_POSTCODE_DISAGREE, line=line.key, name=line.name, **place)
    return None
