"""Where a line is booked: GL account, cost centre, cost unit and, on an invoice, item."""

from dataclasses import dataclass, replace

from connector.domain.document.result import Problem
from connector.domain.document.states import BlockedReason
from connector.domain.order.model import LineKind, OrderLine
from connector.domain.rules.chart import MANDATORY, NOT_USED, GLAccount, Item
from connector.domain.rules.context import Case, mapping_problem, named
from connector.domain.rules.rule_book import MappingRule, TaxAsLine


@dataclass(frozen=True, slots=True)
class Booking:
    """The codes of a line, and which rule chose them."""

    account: GLAccount
    item: Item
    cost_center: str
    cost_unit: str
    rule: str


_NO_RULE = MappingRule("", 0, {})
_NO_ITEM = Item("", "", "")


def book(case: Case, line: OrderLine) -> Booking | list[Problem]:
    """Where the line is booked, or all that is in the way."""
    rule = case.mapping_rule(line)
    return _booked(case, line, rule or _NO_RULE, case.signed(f"rule {rule.id}") if rule else "the rounding settings")


def book_tax(case: Case, line: OrderLine, own: TaxAsLine, chosen_by: str) -> Booking | list[Problem]:
    """Where a tax that is a line of its own is booked: by its VAT rule, a cost centre by a rule for line tax."""
    rule = case.mapping_rule(line) or _NO_RULE
    return _booked(case, line, replace(rule, gl_account=own.gl_account, item=own.item), chosen_by)


def _booked(case: Case, line: OrderLine, rule: MappingRule, chosen_by: str) -> Booking | list[Problem]:
    account, item = _account(case, line, rule), _item(case, line, rule)
    problems = [part for part in (account, item) if isinstance(part, Problem)]
    if isinstance(account, GLAccount):
        problems += _cost_problems(case, line, rule, account)
    if problems or isinstance(account, Problem) or isinstance(item, Problem):
        return problems
    return Booking(
        account,
        item,
        cost_center="" if account.use_cost_center == NOT_USED else rule.cost_center,
        cost_unit="" if account.use_cost_unit == NOT_USED else rule.cost_unit,
        rule=chosen_by,
    )


def _account(case: Case, line: OrderLine, rule: MappingRule) -> GLAccount | Problem:
    if line.kind is LineKind.ROUNDING:
        code = case.settings.rounding_gl_account
    elif not rule.gl_account:
        text = f"No rule chooses a GL account for {named(line)}. Add a mapping rule for line {line.kind}."
        return mapping_problem(line, text)
    else:
        code = rule.gl_account
    account = case.chart.gl_accounts.get(code)
    if account is None or account.blocked:
        why = "is blocked in Exact" if account else "is not in the division"
        return mapping_problem(line, f"GL account {code} for {named(line)} {why}.")
    return account


def _cost_problems(case: Case, line: OrderLine, rule: MappingRule, account: GLAccount) -> list[Problem]:
    chart = case.chart
    dimensions = (
        ("cost centre", account.use_cost_center, rule.cost_center, chart.cost_centers),
        ("cost unit", account.use_cost_unit, rule.cost_unit, chart.cost_units),
    )
    texts = []
    for what, use, code, known in dimensions:
        if use == MANDATORY and not code:
            texts.append(f"GL account {account.code} needs a {what}, and no rule chooses one for {named(line)}.")
        elif use != NOT_USED and code and code not in known:
            texts.append(f"The {what} {code} for {named(line)} is not in the division.")
    return [mapping_problem(line, text) for text in texts]


def _item(case: Case, line: OrderLine, rule: MappingRule) -> Item | Problem:
    if case.settings.is_entry:
        return _NO_ITEM
    settings = case.settings.items
    by_sku = case.chart.items.get(line.sku) if line.sku else None
    if rule.item:
        code = rule.item
    elif line.kind is not LineKind.PRODUCT:
        code = getattr(settings, line.kind.value)
    elif settings.strategy == "sku" or (settings.strategy == "sku_then_default" and by_sku and by_sku.sellable):
        code = line.sku
    else:
        code = settings.default
    return _sellable(case, line, code)


def _sellable(case: Case, line: OrderLine, code: str) -> Item | Problem:
    item = case.chart.items.get(code)
    if item and item.sellable:
        return item
    if item:
        text = f"Item {code} for {named(line)} is not a sales item, or its end date has passed."
    elif code:
        text = f"Item {code} for {named(line)} is not in the division."
    elif line.kind is LineKind.GIFT_CERTIFICATE:
        return mapping_problem(
            line, f"No item is set for {named(line)}. Choose the connection's gift certificate item."
        )
    else:
        text = f"No item is set for {named(line)}. Choose one in the connection's settings."
    return Problem(BlockedReason.ITEM, line.key, text)
