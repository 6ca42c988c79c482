"""Taxes that are no VAT of the division, such as US sales tax: one line per tax name, on a GL account of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.invoice.draft import DraftLine
from connector.domain.invoice.lines import draft_line
from connector.domain.money import ZERO, plain, round_half_up, tidy, total
from connector.domain.order.model import LineKind, OrderLine, TaxRow
from connector.domain.rules.booking import book_tax
from connector.domain.rules.context import TranslationContext, line_problem, rule_params
from connector.domain.rules.rule_book import VatRule
from connector.domain.vat.codes import VatChoice, rule_for_tax_apart, without_vat

_NAMELESS = "Sales tax"


@dataclass(frozen=True, slots=True)
class _Apart:
    """The lines whose tax one rule books as lines of its own."""

    rule: VatRule
    lines: tuple[OrderLine, ...]

    @property
    def tax(self) -> Decimal:
        return total(line.tax for line in self.lines)


def without_tax(line: OrderLine) -> OrderLine:
    """Return the line at its net amount, as it is invoiced when its tax is a line of its own."""
    return replace(line, tax=ZERO, gross=line.net, charged=line.net, charged_tax=ZERO)


def tax_lines(context: TranslationContext) -> list[DraftLine | Problem]:
    """Return the lines of all taxes that a rule sets apart, in the tax table's order, or what prevents them."""
    found: list[DraftLine | Problem] = []
    for apart in _by_rule(context):
        named_taxes = _by_name(context, apart)
        if isinstance(named_taxes, Problem):
            found.append(named_taxes)
        else:
            for name, amount in named_taxes.items():
                found += _tax_line(context, apart, name, amount)
    return found


def _by_rule(context: TranslationContext) -> list[_Apart]:
    found: dict[str, _Apart] = {}
    for line in context.order.lines:
        rule = None if context.is_no_supply(line) or not line.tax else rule_for_tax_apart(context, line)
        if rule:
            before = found[rule.id].lines if rule.id in found else ()
            found[rule.id] = _Apart(rule, (*before, line))
    return list(found.values())


def _by_name(context: TranslationContext, apart: _Apart) -> Mapping[str, Decimal] | Problem:
    """The tax by its name in the order's tax table; the sum is all of the tax.

    The table has no rows for fees. Their tax is spread as the tax of the other lines; the largest gets rounding cents.
    """
    keys = {line.key for line in apart.lines}
    rows = [row for row in context.order.taxes or () if row.line_key in keys]
    in_table = total(row.amount for row in rows)
    if not in_table:
        return {_NAMELESS: apart.tax}
    if differing := _disagreement(context, apart, rows, in_table):
        return differing
    names = dict.fromkeys(row.name or _NAMELESS for row in rows)
    raw = {name: total(row.amount for row in rows if (row.name or _NAMELESS) == name) for name in names}
    taxes = {name: round_half_up(amount * apart.tax / in_table, context.digits) for name, amount in raw.items()}
    largest = max(taxes, key=lambda name: abs(taxes[name]))
    taxes[largest] += apart.tax - total(taxes.values())
    return {name: amount for name, amount in taxes.items() if amount}


def _disagreement(context: TranslationContext, apart: _Apart, rows: list[TaxRow], in_table: Decimal) -> Problem | None:
    """The problem of a table whose tax differs from the lines' by more than rounding; None when it does not."""
    known = {row.line_key for row in rows}
    charged = total(line.tax for line in apart.lines if line.key in known)
    if abs(in_table - charged) <= context.charged_unit * (len(rows) + len(known)) / 2:
        return None
    return problem(
        Code.TAX_TABLE_DIFFERS,
        table_tax=plain(tidy(in_table, context.digits)),
        tax=charged,
        currency=context.order.currency,
        **rule_params(context, apart.rule),
    )


def _tax_line(context: TranslationContext, apart: _Apart, name: str, amount: Decimal) -> Iterable[DraftLine | Problem]:
    first = apart.lines[0]
    line = OrderLine(
        key=f"{LineKind.TAX}:{apart.rule.id}:{name}",
        kind=LineKind.TAX,
        sku="",
        name=name,
        notes="",
        quantity=Decimal(1),
        net=amount,
        tax=ZERO,
        gross=amount,
        charged=amount,
        charged_tax=ZERO,
        tax_class="",
        ship_to=first.ship_to,
    )
    own = apart.rule.tax_as_line
    if own is None:
        return [line_problem(line, Code.TAX_LINE_NOT_BOOKED, rule=apart.rule.id)]
    booking = book_tax(context, line, own, context.with_version(f"VAT rule {apart.rule.id}"))
    vat = without_vat(context, line, otherwise=apart.rule.code)
    if isinstance(booking, list) or isinstance(vat, Problem):
        return [*(booking if isinstance(booking, list) else []), *([vat] if isinstance(vat, Problem) else [])]
    return [draft_line(context, line, booking, VatChoice(vat.code, vat.chosen_by))]
