"""The VAT code of a line, when the rate that was charged is known. Every line has a VAT code."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from connector.domain.document.chosen_by import NoRule, with_place
from connector.domain.document.codes import Code
from connector.domain.document.result import Detail, Needs, Problem
from connector.domain.money import ZERO, shortest
from connector.domain.order.model import LineKind, OrderLine
from connector.domain.rules.chart import VatCode
from connector.domain.rules.context import TranslationContext, line_problem, rule_params, with_rate
from connector.domain.rules.rule_book import MappingRule, VatRule, first_match, matches, undecided, unread
from connector.domain.vat.business import check_foreign_vat
from connector.domain.vat.exemption import check_proof
from connector.domain.vat.rates import candidate_rates, charged_rate, fits, gives_tax, is_foreign, is_free, usable_codes


@dataclass(frozen=True, slots=True)
class VatChoice:
    """A line's VAT code and what chose it. `tax_apart`: the line's tax is no VAT, and becomes a line of its own."""

    code: VatCode
    chosen_by: str
    tax_apart: bool = False


_NEEDS_TAXES = Needs(frozenset({Detail.TAXES}))


def choose_vat(context: TranslationContext, line: OrderLine) -> VatChoice | Problem | Needs:
    """Return the code of the mapping rule, else of the first VAT rule, else the division's only code that fits."""
    if context.is_no_supply(line):
        return without_vat(context, line)
    if apart := rule_for_tax_apart(context, line):
        return _with_place(line, _tax_apart(context, line, apart))
    rate = charged_rate(context, line)
    if rate is None:
        return _unknown_rate(context, line)
    found = _of_rate(context, line, rate)
    foreign = check_foreign_vat(context, line, found.code) if isinstance(found, VatChoice) else None
    return foreign or _with_place(line, found)


def _with_place(line: OrderLine, found: VatChoice | Problem | Needs) -> VatChoice | Problem | Needs:
    """The choice; where the line's destination was one too, it says so first."""
    if not line.placed or not isinstance(found, VatChoice):
        return found
    return replace(found, chosen_by=with_place(line.placed, found.chosen_by))


def _of_rate(context: TranslationContext, line: OrderLine, rate: Decimal) -> VatChoice | Problem | Needs:
    mapping = context.mapping_rule(line)
    if mapping and mapping.vat_code:
        return _checked(context, line, rate, mapping)
    facts, rules = with_rate(context.vat_facts(line), rate), context.vat_rules(line)
    if unknown := undecided(rules, facts):
        return _no_tax_class(context, line, unknown)
    rule = first_match(rules, facts)
    if rule is None:
        return _only_fitting(context, line, rate)
    return _checked(context, line, rate, rule)


def rule_for_tax_apart(context: TranslationContext, line: OrderLine) -> VatRule | None:
    """Return the VAT rule that makes the line's tax a line of its own; None when the tax is VAT."""
    facts = context.vat_facts(line)
    for rule in context.vat_rules(line):
        if unread(rule.without_rate, facts):
            return None
        fitting = not rule.rates or any(gives_tax(context, line, rate) for rate in rule.rates)
        if fitting and matches(rule.without_rate, facts):
            return rule if rule.tax_as_line else None
    return None


def without_vat(context: TranslationContext, line: OrderLine, otherwise: str = "") -> VatChoice | Problem:
    """Return the code of a line that is no supply.

    It is that of a rule that names the line's kind, else the division's only code of type N. `otherwise` is the code of
    the goods; it is used where the division has no code of type N, or several. A line other than a gift certificate
    may take the only code of 0 % instead.
    """
    if line.tax:
        return line_problem(line, Code.TAX_ON_GIFT_CERTIFICATE, tax=line.tax)
    mapping = context.mapping_rule(line)
    if mapping and mapping.vat_code:
        return _checked(context, line, ZERO, mapping)
    rules = [rule for rule in context.vat_rules(line) if "line" in rule.when]
    if rule := first_match(rules, with_rate(context.vat_facts(line), ZERO)):
        return _checked(context, line, ZERO, rule)
    return _only_without_vat(context, line, otherwise)


def _only_without_vat(context: TranslationContext, line: OrderLine, otherwise: str) -> VatChoice | Problem:
    free = [
        code for code in usable_codes(context.chart) if not code.rate and not code.oss_country and not code.is_listed
    ]
    none = [code for code in free if code.type == "N"]
    if len(none) != 1 and (as_goods := [code for code in free if code.code == otherwise]):
        return VatChoice(as_goods[0], NoRule.AS_GOODS)
    if line.kind is LineKind.GIFT_CERTIFICATE:  # a debt is no turnover, so it has no place among exports
        free = none
    found = none if len(none) == 1 else free
    if len(found) == 1:
        return VatChoice(found[0], NoRule.ONLY_ONE_WITHOUT_VAT)
    if not found:
        return line_problem(line, Code.NO_VAT_CODE_OF_TYPE_N)
    return line_problem(line, Code.NO_VAT_RULE_WITHOUT_VAT, fitting=_listed(found))


def _tax_apart(context: TranslationContext, line: OrderLine, rule: VatRule) -> VatChoice | Problem | Needs:
    """The code of the goods. The names of the taxes are in the tax table, so that must be read."""
    if line.tax and context.order.taxes is None:
        return _NEEDS_TAXES
    code = context.chart.vat_codes.get(rule.code)
    if code and code.rate:
        return line_problem(
            line,
            Code.TAX_APART_UNDER_TAXED_CODE,
            vat_code=rule.code,
            percentage=shortest(code.rate),
            **rule_params(context, rule),
        )
    chosen = _checked(context, line, ZERO, rule)
    return chosen if isinstance(chosen, Problem) else VatChoice(chosen.code, chosen.chosen_by, tax_apart=True)


def _no_tax_class(context: TranslationContext, line: OrderLine, rule: VatRule) -> Problem | Needs:
    if context.order.taxes is None:
        return _NEEDS_TAXES
    return line_problem(line, Code.TAX_CLASS_UNKNOWN, **rule_params(context, rule))


def _unknown_rate(context: TranslationContext, line: OrderLine) -> Problem | Needs:
    if context.order.taxes is None:
        return _NEEDS_TAXES
    if is_free(line):
        return line_problem(line, Code.VAT_RATE_OF_FREE_LINE_UNKNOWN)
    candidates = candidate_rates(context, line)
    if candidates == {ZERO} and context.is_outside_eu(line):
        return line_problem(line, Code.TAX_OUTSIDE_VAT_AREA, tax=line.tax, net=line.net)
    rates = ", ".join(shortest(rate) for rate in sorted(candidates))
    return line_problem(line, Code.VAT_RATE_UNKNOWN, tax=line.tax, net=line.net, rates=rates)


def _checked(
    context: TranslationContext, line: OrderLine, rate: Decimal, rule: MappingRule | VatRule
) -> VatChoice | Problem:
    """The code that a rule chose, if it can be used and has the rate that was charged."""
    wanted = rule.code if isinstance(rule, VatRule) else rule.vat_code
    chosen = {"vat_code": wanted, **rule_params(context, rule)}
    code = context.chart.vat_codes.get(wanted)
    if code is None:
        return line_problem(line, Code.VAT_CODE_MISSING, **chosen)
    if wrong := _check_usable(context, line, code, chosen):
        return wrong
    if code.rate != rate and not is_free(line):
        figures = {"percentage": shortest(code.rate), "rate": shortest(rate), "tax": line.tax, "net": line.net}
        return line_problem(line, Code.VAT_CODE_OF_OTHER_RATE, **chosen, **figures)
    if no_proof := check_proof(context, line, code, rule.when):
        return no_proof
    if other_list := _check_sales_list(context, line, code, chosen):
        return other_list
    name = f"VAT rule {rule.id}" if isinstance(rule, VatRule) else f"rule {rule.id}"
    return VatChoice(code, context.with_version(name))


def _check_usable(
    context: TranslationContext, line: OrderLine, code: VatCode, chosen: Mapping[str, object]
) -> Problem | None:
    """The problem of a code that the line cannot have at any rate; None when it can."""
    if not code.usable:
        return line_problem(line, Code.VAT_CODE_BLOCKED if code.blocked else Code.VAT_CODE_FOR_PURCHASES, **chosen)
    if context.settings.is_entry and code.adds_within:
        return line_problem(line, Code.VAT_CODE_INCLUDES_VAT, **chosen)
    if is_foreign(context, line, code):
        countries = {"oss_country": code.oss_country, "area": context.vat_area(line)}
        return line_problem(line, Code.VAT_CODE_OF_OTHER_COUNTRY, **chosen, **countries)
    return None


def _check_sales_list(
    context: TranslationContext, line: OrderLine, code: VatCode, chosen: Mapping[str, object]
) -> Problem | None:
    """The problem of goods under a code for services on the EU sales list, or the other way round; None if neither."""
    counts = code.is_listed and not is_free(line) and not context.is_no_supply(line)
    if not counts or (code.eu_sales_listing == "S") == line.digital:
        return None
    right = [each for each in usable_codes(context.chart) if fits(context, line, each) and not each.rate]
    wrong = Code.VAT_CODE_FOR_GOODS if line.digital else Code.VAT_CODE_FOR_SERVICES
    return line_problem(line, wrong, right=_listed(right), **chosen)


def _only_fitting(context: TranslationContext, line: OrderLine, rate: Decimal) -> VatChoice | Problem:
    matching = [code for code in context.chart.vat_codes.values() if code.rate == rate and fits(context, line, code)]
    fitting = [code for code in matching if _fits_prices(context, code)]
    codes = [code for code in fitting if code.usable]
    if len(codes) == 1:
        return VatChoice(codes[0], NoRule.ONLY_ONE)
    if not codes and (blocked := [code for code in fitting if code.blocked]):
        return line_problem(line, Code.VAT_CODES_ALL_BLOCKED, vat_codes=_listed(blocked), rate=shortest(rate))
    if not rate and (no_proof := check_proof(context, line, None, {})):
        return no_proof
    abroad = rate and line.ship_to.country and context.is_outside_eu(line)
    missing = Code.NO_VAT_RULE_ABROAD if abroad else Code.NO_VAT_RULE
    return line_problem(line, missing, area=context.area_of_its_own(line), rate=shortest(rate), fitting=_listed(codes))


def _listed(codes: list[VatCode]) -> str:
    return ", ".join(sorted(code.code for code in codes))


def _fits_prices(context: TranslationContext, code: VatCode) -> bool:
    """Whether the code is for prices as the document has them: without VAT in a sales entry, else as in the shop.

    A code without VAT fits both.
    """
    inclusive = False if context.settings.is_entry else context.order.tax_inclusive
    return code.rate == ZERO or inclusive is None or code.includes_vat == inclusive
