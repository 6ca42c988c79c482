"""Where a line is booked: GL account, cost centre, cost unit, and the item of an invoice line."""

from dataclasses import dataclass, replace

from connector.domain.choices import ItemStrategy
from connector.domain.document.chosen_by import NoRule
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.order.model import LineKind, OrderLine
from connector.domain.rules.chart import MANDATORY, NOT_USED, GLAccount, Item
from connector.domain.rules.context import TranslationContext, line_problem
from connector.domain.rules.item_code import item_code, key_of
from connector.domain.rules.rule_book import MappingRule, TaxAsLine, key_of_sku


@dataclass(frozen=True, slots=True)
class Booking:
    """The codes of a line, and which rule chose them. `item_rule` is "" unless the table of SKUs chose the item."""

    account: GLAccount
    item: Item
    cost_center: str
    cost_unit: str
    rule: str
    item_rule: str = ""
    warehouse: str = ""


_NO_RULE = MappingRule("", 0, {})
_NO_ITEM = Item("", "", "")


def book(context: TranslationContext, line: OrderLine) -> Booking | list[Problem]:
    """Return where the line is booked, or every problem that prevents it."""
    rule = context.mapping_rule(line)
    return _booked(
        context, line, rule or _NO_RULE, context.with_version(f"rule {rule.id}") if rule else NoRule.ROUNDING
    )


def book_tax(context: TranslationContext, line: OrderLine, own: TaxAsLine, chosen_by: str) -> Booking | list[Problem]:
    """Return where a tax with a line of its own is booked, or every problem that prevents it.

    Its VAT rule gives the GL account and the item; a mapping rule for line tax gives the cost centre and unit.
    """
    rule = context.mapping_rule(line) or _NO_RULE
    return _booked(context, line, replace(rule, gl_account=own.gl_account, item=own.item), chosen_by)


def _booked(context: TranslationContext, line: OrderLine, rule: MappingRule, chosen_by: str) -> Booking | list[Problem]:
    account, item = _account(context, line, rule), _item(context, line, rule)
    problems = [part for part in (account, item) if isinstance(part, Problem)]
    if isinstance(account, GLAccount):
        problems += _cost_problems(context, line, rule, account)
    warehouse = _warehouse(context, line, rule)
    if warehouse and warehouse not in context.chart.warehouses:
        problems.append(line_problem(line, Code.WAREHOUSE_MISSING, warehouse=warehouse))
    if problems or isinstance(account, Problem) or isinstance(item, Problem):
        return problems
    return Booking(
        account,
        item,
        cost_center="" if account.use_cost_center == NOT_USED else rule.cost_center,
        cost_unit="" if account.use_cost_unit == NOT_USED else rule.cost_unit,
        rule=chosen_by,
        item_rule=NoRule.SKU_TABLE if _in_table(context, line) else "",
        warehouse=warehouse,
    )


def _warehouse(context: TranslationContext, line: OrderLine, rule: MappingRule) -> str:
    """The warehouse that the line asks for. Only goods lie in one, so that shipping goes along with any."""
    if line.kind is not LineKind.PRODUCT or line.digital or not context.settings.moves_stock:
        return ""
    return rule.warehouse


def _account(context: TranslationContext, line: OrderLine, rule: MappingRule) -> GLAccount | Problem:
    if line.kind is LineKind.ROUNDING:
        code = context.settings.rounding_gl_account
    elif not rule.gl_account:
        return line_problem(line, Code.NO_GL_ACCOUNT_RULE)
    else:
        code = rule.gl_account
    account = context.chart.gl_accounts.get(code)
    if account is None:
        return line_problem(line, Code.GL_ACCOUNT_MISSING, gl_account=code)
    if account.blocked:
        return line_problem(line, Code.GL_ACCOUNT_BLOCKED, gl_account=code)
    return account


def _cost_problems(
    context: TranslationContext, line: OrderLine, rule: MappingRule, account: GLAccount
) -> list[Problem]:
    chart = context.chart
    dimensions = (
        ("cost_center", account.use_cost_center, rule.cost_center, chart.cost_centers),
        ("cost_unit", account.use_cost_unit, rule.cost_unit, chart.cost_units),
    )
    found = []
    for what, use, code, known in dimensions:
        if use == MANDATORY and not code:
            found.append(line_problem(line, Code.COST_CODE_NEEDED, gl_account=account.code, dimension=what))
        elif use != NOT_USED and code and code not in known:
            found.append(line_problem(line, Code.COST_CODE_MISSING, dimension=what, cost_code=code))
    return found


def _item(context: TranslationContext, line: OrderLine, rule: MappingRule) -> Item | Problem:
    if context.settings.is_entry:
        return _NO_ITEM
    settings = context.settings.items
    by_sku = context.chart.items.get(line.sku) if line.sku else None
    if in_table := _in_table(context, line):
        code = in_table
    elif rule.item:
        code = rule.item
    elif line.kind is not LineKind.PRODUCT:
        code = getattr(settings, line.kind.value)
    elif settings.strategy == ItemStrategy.SKU_THEN_CREATE:
        return _own_item(context, line)
    elif settings.strategy == ItemStrategy.SKU_THEN_DEFAULT:
        code = line.sku if by_sku and by_sku.sellable else settings.default
    else:
        code = line.sku if settings.strategy == ItemStrategy.SKU else settings.default
    return _sellable(context, line, code)


def _in_table(context: TranslationContext, line: OrderLine) -> str:
    """The item code that the table of SKUs has for a product; "" for none. An entry has no items."""
    if line.kind is not LineKind.PRODUCT or context.settings.is_entry:
        return ""
    return context.rules.sku_items.get(key_of_sku(line.sku), "")


def _own_item(context: TranslationContext, line: OrderLine) -> Item | Problem:
    """The item of the line's SKU, new when the division has none. Without a SKU it is the item for other products."""
    code = item_code(line.sku)
    if not code:
        return _sellable(context, line, context.settings.items.default)
    if other := _other_sku(context, line, code):
        return line_problem(line, Code.ITEM_CODE_SHARED, item=code, sku=line.sku, other=other)
    if line.sku in context.chart.items:
        return _sellable(context, line, line.sku)
    return Item("", code, line.name, new=True)


def _other_sku(context: TranslationContext, line: OrderLine, code: str) -> str:
    """Another SKU of the order that would get the same code; "" for none."""
    skus = (each.sku for each in context.order.lines if each.kind is LineKind.PRODUCT and each.sku != line.sku)
    return next((sku for sku in skus if key_of(item_code(sku)) == key_of(code)), "")


def _sellable(context: TranslationContext, line: OrderLine, code: str) -> Item | Problem:
    item = context.chart.items.get(code)
    if item and item.sellable:
        # Exact takes no numbers from a program, and no document without them.
        numbered = item.numbered and context.settings.moves_stock
        return line_problem(line, Code.ITEM_NUMBERED, item=code) if numbered else item
    if item:
        return line_problem(line, Code.ITEM_NOT_SOLD, item=code)
    if code:
        return line_problem(line, Code.ITEM_MISSING, item=code)
    gift = line.kind is LineKind.GIFT_CERTIFICATE
    return line_problem(line, Code.NO_GIFT_CERTIFICATE_ITEM if gift else Code.NO_ITEM)
