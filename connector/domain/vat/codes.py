"""The VAT code of a line, once the rate that was charged is known. No line goes without one."""

from dataclasses import dataclass
from decimal import Decimal

from connector.domain.document.result import Detail, Needs, Problem
from connector.domain.money import ZERO, shortest
from connector.domain.order.model import OrderLine
from connector.domain.rules.chart import VatCode
from connector.domain.rules.context import TranslationContext, mapping_problem, named, with_rate
from connector.domain.rules.rule_book import Condition, VatRule, first_match, matches, undecided, unread
from connector.domain.vat.exemption import unproven
from connector.domain.vat.rates import candidate_rates, charged_rate, fits, is_foreign, is_free, usable_codes
from connector.domain.vat_arithmetic import gives


@dataclass(frozen=True, slots=True)
class VatChoice:
    """A line's VAT code and who chose it; `tax_apart`: its tax is no VAT, and a line of its own."""

    code: VatCode
    chosen_by: str
    tax_apart: bool = False


_NEEDS_TAXES = Needs(frozenset({Detail.TAXES}))


def choose_vat(context: TranslationContext, line: OrderLine) -> VatChoice | Problem | Needs:
    """The code by the mapping rule, else by the first VAT rule, else the division's only code that fits."""
    if context.is_no_supply(line):
        return without_vat(context, line)
    if apart := rule_for_tax_apart(context, line):
        return _tax_apart(context, line, apart)
    rate = charged_rate(context, line)
    return _untold(context, line) if rate is None else _of_rate(context, line, rate)


def _of_rate(context: TranslationContext, line: OrderLine, rate: Decimal) -> VatChoice | Problem | Needs:
    mapping = context.mapping_rule(line)
    if mapping and mapping.vat_code:
        return _checked(context, line, rate, mapping.vat_code, (context.signed(f"rule {mapping.id}"), mapping.when))
    facts, rules = with_rate(context.vat_facts(line), rate), context.vat_rules(line)
    if hanging := undecided(rules, facts):
        return _no_tax_class(context, line, hanging)
    rule = first_match(rules, facts)
    if rule is None:
        return _only_fitting(context, line, rate)
    return _checked(context, line, rate, rule.code, (context.signed(f"VAT rule {rule.id}"), rule.when))


def rule_for_tax_apart(context: TranslationContext, line: OrderLine) -> VatRule | None:
    """The VAT rule that makes the line's tax, if any, a line of its own; None when it is VAT."""
    facts = context.vat_facts(line)
    for rule in context.vat_rules(line):
        if unread(rule.without_rate, facts):
            return None
        fitting = not rule.rates or any(gives(rate, line.charged, line.tax, context.digits) for rate in rule.rates)
        if fitting and matches(rule.without_rate, facts):
            return rule if rule.tax_as_line else None
    return None


def without_vat(context: TranslationContext, line: OrderLine, otherwise: str = "") -> VatChoice | Problem:
    """The code of a line that sells nothing: by a rule that names its kind, else the division's one code for no VAT.

    `otherwise`: the code of the goods, which is taken where the division has none, or several, of type N.
    """
    if line.tax:
        return mapping_problem(
            line,
            f"The shop charged a tax of {line.tax} on {named(line)}, and a certificate for any goods carries none. "
            "Let the connection's gift certificates be single-purpose, or choose a VAT rule by hand.",
        )
    mapping = context.mapping_rule(line)
    if mapping and mapping.vat_code:
        return _checked(context, line, ZERO, mapping.vat_code, (context.signed(f"rule {mapping.id}"), mapping.when))
    rules = [rule for rule in context.vat_rules(line) if "line" in rule.when]
    if rule := first_match(rules, with_rate(context.vat_facts(line), ZERO)):
        return _checked(context, line, ZERO, rule.code, (context.signed(f"VAT rule {rule.id}"), rule.when))
    free = [
        code for code in usable_codes(context.chart) if not code.rate and not code.oss_country and not code.is_listed
    ]
    none = [code for code in free if code.type == "N"]
    if len(none) != 1 and (as_goods := [code for code in free if code.code == otherwise]):
        return VatChoice(as_goods[0], "as the goods")
    found = none if len(none) == 1 else free
    if len(found) == 1:
        return VatChoice(found[0], "the only code of the division without VAT")
    text = f"No VAT rule chooses a code for {named(line)}, which carries no VAT, and {_counted(found)}. "
    return mapping_problem(line, f"{text}Add a VAT rule for line {line.kind}.")


def _tax_apart(context: TranslationContext, line: OrderLine, rule: VatRule) -> VatChoice | Problem | Needs:
    """The code of the goods themselves. How the taxes are called stands in the tax table."""
    if line.tax and context.order.taxes is None:
        return _NEEDS_TAXES
    code = context.chart.vat_codes.get(rule.code)
    if code and code.rate:
        name = context.signed(f"VAT rule {rule.id}")
        return mapping_problem(
            line,
            f"The tax of {named(line)} is a line of its own ({name}), so that its VAT code must be one without VAT, "
            f"and {rule.code} is one of {shortest(code.rate)} %.",
        )
    chosen = _checked(context, line, ZERO, rule.code, (context.signed(f"VAT rule {rule.id}"), rule.when))
    return chosen if isinstance(chosen, Problem) else VatChoice(chosen.code, chosen.chosen_by, tax_apart=True)


def _no_tax_class(context: TranslationContext, line: OrderLine, rule: VatRule) -> Problem | Needs:
    if context.order.taxes is None:
        return _NEEDS_TAXES
    return mapping_problem(
        line,
        f"{context.signed(f'VAT rule {rule.id}')}, asks for the tax class of {named(line)}, and the order's tax table "
        "does not tell it. Put a VAT rule that does without the tax class before it.",
    )


def _untold(context: TranslationContext, line: OrderLine) -> Problem | Needs:
    if context.order.taxes is None:
        return _NEEDS_TAXES
    if is_free(line):
        return mapping_problem(line, f"The rate of the line that the free {named(line)} follows cannot be told.")
    rates = ", ".join(shortest(rate) for rate in sorted(candidate_rates(context, line)))
    return mapping_problem(
        line,
        f"The tax {line.tax} on {line.net} of {named(line)} does not tell one rate; tried were {rates} %, "
        "and the order's tax table does not say. Add a VAT rule with the right rate for it.",
    )


def _checked(
    context: TranslationContext, line: OrderLine, rate: Decimal, wanted: str, chosen_by: tuple[str, Condition]
) -> VatChoice | Problem:
    """The code that a rule chose, if it can be used and says what was charged; `chosen_by` has the rule's condition."""
    name, when = chosen_by
    code = context.chart.vat_codes.get(wanted)
    if code is None:
        return mapping_problem(line, f"VAT code {wanted} for {named(line)} ({name}) is not in the division.")
    if wrong := _wrong(context, line, code):
        return mapping_problem(line, f"VAT code {wanted} for {named(line)} ({name}) {wrong}")
    if code.rate != rate and not is_free(line):
        return mapping_problem(
            line,
            f"VAT code {wanted} for {named(line)} ({name}) is one of {shortest(code.rate)} %, "
            f"but the shop charged {shortest(rate)} %: {line.tax} on {line.net}.",
        )
    if why := unproven(context, line, code, when):
        return mapping_problem(line, why)
    return VatChoice(code, name)


def _wrong(context: TranslationContext, line: OrderLine, code: VatCode) -> str:
    """What keeps a code from the line, whatever was charged; empty when nothing does."""
    if not code.usable:
        return "is blocked." if code.blocked else "is for purchases only."
    if context.settings.is_entry and code.adds_within:
        return (
            "includes VAT, and the amounts of a sales entry are without it, so what Exact would book is not sure. "
            "Choose a code of the same rate that excludes VAT."
        )
    if is_foreign(context, line, code):
        return (
            f"is the one-stop-shop code of {code.oss_country}. Choose a code of "
            f"{context.vat_area(line) or 'its country'} there, or let that rule be for {code.oss_country} alone."
        )
    return ""


def _only_fitting(context: TranslationContext, line: OrderLine, rate: Decimal) -> VatChoice | Problem:
    matching = [code for code in context.chart.vat_codes.values() if code.rate == rate and fits(context, line, code)]
    fitting = [code for code in matching if _fits_prices(context, code)]
    codes = [code for code in fitting if code.usable]
    if len(codes) == 1:
        return VatChoice(codes[0], "the only code of the division that fits")
    missing = f"No VAT rule chooses a code for {named(line)} at {shortest(rate)} %"
    if not codes and (blocked := sorted(code.code for code in fitting if code.blocked)):
        return mapping_problem(
            line,
            f"{missing}; {', '.join(blocked)} would fit and {'are' if len(blocked) > 1 else 'is'} blocked in Exact. "
            "Unblock one there and pull the master data.",
        )
    if not rate and (why := unproven(context, line, None, {})):
        return mapping_problem(line, why)
    country = line.ship_to.country
    rule = f"country {country}, rate {shortest(rate)}" if country else "it"
    foreign = f"; or, for a tax that is no VAT of the division, one for country {country} with tax_as_line"
    way_out = foreign if rate and country and context.is_outside_eu(line) else ""
    return mapping_problem(line, f"{missing}, and {_counted(codes)}. Add a VAT rule for {rule}{way_out}.")


def _counted(codes: list[VatCode]) -> str:
    if not codes:
        return "no code of the division fits"
    return f"{len(codes)} codes fit: {', '.join(sorted(code.code for code in codes))}"


def _fits_prices(context: TranslationContext, code: VatCode) -> bool:
    """Whether the code takes prices as the document states them: an entry without VAT, an invoice as the shop does.

    Without VAT there is no difference.
    """
    inclusive = False if context.settings.is_entry else context.order.tax_inclusive
    return code.rate == ZERO or inclusive is None or code.includes_vat == inclusive
