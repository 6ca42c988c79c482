"""Where a line is booked: GL account, cost centre, cost unit and, on an invoice, item."""

from dataclasses import dataclass, replace

from connector.domain.choices import ItemStrategy
from connector.domain.document.result import Problem
from connector.domain.document.states import BlockedReason
from connector.domain.order.model import LineKind, OrderLine
from connector.domain.rules.chart import MANDATORY, NOT_USED, GLAccount, Item
from connector.domain.rules.context import TranslationContext, mapping_problem, named
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


def book(context: TranslationContext, line: OrderLine) -> Booking | list[Problem]:
    """Where the line is booked, or all that is in the way."""
    rule = context.mapping_rule(line)
    return _booked(
        context, line, rule or _NO_RULE, context.signed(f"rule {rule.id}") if rule else "the rounding settings"
    )


def book_tax(context: TranslationContext, line: OrderLine, own: TaxAsLine, chosen_by: str) -> Booking | list[Problem]:
    """Where a tax that is a line of its own is booked: by its VAT rule, a cost centre by a rule for line tax."""
    rule = context.mapping_rule(line) or _NO_RULE
    return _booked(context, line, replace(rule, gl_account=own.gl_account, item=own.item), chosen_by)


def _booked(context: TranslationContext, line: OrderLine, rule: MappingRule, chosen_by: str) -> Booking | list[Problem]:
    account, item = _account(context, line, rule), _item(context, line, rule)
    problems = [part for part in (account, item) if isinstance(part, Problem)]
    if isinstance(account, GLAccount):
        problems += _cost_problems(context, line, rule, account)
    if problems or isinstance(account, Problem) or isinstance(item, Problem):
        return problems
    return Booking(
        account,
        item,
        cost_center="" if account.use_cost_center == NOT_USED else rule.cost_center,
        cost_unit="" if account.use_cost_unit == NOT_USED else rule.cost_unit,
        rule=chosen_by,
    )


def _account(context: TranslationContext, line: OrderLine, rule: MappingRule) -> GLAccount | Problem:
    if line.kind is LineKind.ROUNDING:
        code = context.settings.rounding_gl_account
    elif not rule.gl_account:
        text = f"No rule chooses a GL account for {named(line)}. Add a mapping rule for line {line.kind}."
        return mapping_problem(line, text)
    else:
        code = rule.gl_account
    account = context.chart.gl_accounts.get(code)
    if account is None or account.blocked:
        why = "is blocked in Exact" if account else "is not in the division"
        return mapping_problem(line, f"GL account {code} for {named(line)} {why}.")
    return account


def _cost_problems(
    context: TranslationContext, line: OrderLine, rule: MappingRule, account: GLAccount
) -> list[Problem]:
    chart = context.chart
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


def _item(context: TranslationContext, line: OrderLine, rule: MappingRule) -> Item | Problem:
    if context.settings.is_entry:
        return _NO_ITEM
    settings = context.settings.items
    by_sku = context.chart.items.get(line.sku) if line.sku else None
    if rule.item:
        code = rule.item
    elif line.kind is not LineKind.PRODUCT:
        code = getattr(settings, line.kind.value)
    elif settings.strategy == ItemStrategy.SKU_THEN_DEFAULT:
        code = line.sku if by_sku and by_sku.sellable else settings.default
    else:
        code = line.sku if settings.strategy == ItemStrategy.SKU else settings.default
    return _sellable(context, line, code)


def _sellable(context: TranslationContext, line: OrderLine, code: str) -> Item | Problem:
    item = context.chart.items.get(code)
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
