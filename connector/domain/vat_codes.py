"""The VAT code of a line, once the rate that was charged is known. No line goes without one."""

from dataclasses import dataclass
from decimal import Decimal

from connector.domain.case import Case, mapping_problem, named, with_rate
from connector.domain.chart import VatCode
from connector.domain.money import ZERO, shortest
from connector.domain.order import OrderLine
from connector.domain.outcome import Detail, Needs, Problem
from connector.domain.rules import VatRule, first_match, matches, undecided
from connector.domain.vat_rates import candidate_rates, charged_rate, fits_country, is_free


@dataclass(frozen=True, slots=True)
class VatChoice:
    """A line's VAT code and who chose it."""

    code: VatCode
    chosen_by: str


_NEEDS_TAXES = Needs(frozenset({Detail.TAXES}))


def choose_vat(case: Case, line: OrderLine) -> VatChoice | Problem | Needs:
    """The code by the mapping rule, else by the first VAT rule, else the division's only code that fits."""
    rate = charged_rate(case, line)
    if rate is None:
        return _untold(case, line)
    mapping = case.mapping_rule(line)
    if mapping and mapping.vat_code:
        return _checked(case, line, rate, mapping.vat_code, case.signed(f"rule {mapping.id}"))
    facts = with_rate(case.line_facts(line), rate)
    if hanging := undecided(case.rules.vat, facts):
        return _no_tax_class(case, line, hanging)
    rule = first_match(case.rules.vat, facts)
    if rule is None:
        return _only_fitting(case, line, rate)
    if rule.tax_as_line and line.tax:
        return _not_as_line(case, line, rule)
    return _checked(case, line, rate, rule.code, case.signed(f"VAT rule {rule.id}"))


def _no_tax_class(case: Case, line: OrderLine, rule: VatRule) -> Problem | Needs:
    if case.order.taxes is None:
        return _NEEDS_TAXES
    return mapping_problem(
        line,
        f"{case.signed(f'VAT rule {rule.id}')}, asks for the tax class of {named(line)}, and the order's tax table "
        "does not tell it. Put a VAT rule that does without the tax class before it.",
    )


def _untold(case: Case, line: OrderLine) -> Problem | Needs:
    facts = case.line_facts(line)
    rules = [rule for rule in case.rules.vat if rule.tax_as_line and matches(rule.without_rate, facts)]
    if rules and line.tax:
        return _not_as_line(case, line, rules[0])
    if case.order.taxes is None:
        return _NEEDS_TAXES
    if is_free(line):
        return mapping_problem(line, f"The rate of the line that the free {named(line)} follows cannot be told.")
    rates = ", ".join(shortest(rate) for rate in sorted(candidate_rates(case, line)))
    return mapping_problem(
        line,
        f"The tax {line.tax} on {line.net} of {named(line)} does not tell one rate; tried were {rates} %, "
        "and the order's tax table does not say. Add a VAT rule with the right rate for it.",
    )


def _not_as_line(case: Case, line: OrderLine, rule: VatRule) -> Problem:
    name = case.signed(f"VAT rule {rule.id}")
    return mapping_problem(
        line,
        f"The tax {line.tax} of {named(line)} is to be a line of its own ({name}), which cannot be posted "
        "yet. Enter this invoice by hand and link it.",
    )


def _checked(case: Case, line: OrderLine, rate: Decimal, wanted: str, chosen_by: str) -> VatChoice | Problem:
    code = case.chart.vat_codes.get(wanted)
    if code is None:
        return mapping_problem(line, f"VAT code {wanted} for {named(line)} ({chosen_by}) is not in the division.")
    if not code.usable:
        why = "is blocked" if code.blocked else "is for purchases only"
        return mapping_problem(line, f"VAT code {wanted} for {named(line)} ({chosen_by}) {why}.")
    if code.rate != rate and not is_free(line):
        return mapping_problem(
            line,
            f"VAT code {wanted} for {named(line)} ({chosen_by}) is one of {shortest(code.rate)} %, "
            f"but the shop charged {shortest(rate)} %: {line.tax} on {line.net}.",
        )
    return VatChoice(code, chosen_by)


def _only_fitting(case: Case, line: OrderLine, rate: Decimal) -> VatChoice | Problem:
    country = line.ship_to.country
    fitting = [
        code
        for code in case.chart.vat_codes.values()
        if code.rate == rate and fits_country(code, country, case.chart) and _fits_prices(case, code)
    ]
    codes = [code for code in fitting if code.usable]
    if len(codes) == 1:
        return VatChoice(codes[0], "the only code of the division that fits")
    found = "no code of the division fits"
    if not codes and (blocked := sorted(code.code for code in fitting if code.blocked)):
        return mapping_problem(
            line,
            f"No VAT rule chooses a code for {named(line)} at {shortest(rate)} %; {', '.join(blocked)} would fit and "
            f"{'are' if len(blocked) > 1 else 'is'} blocked in Exact. Unblock one there and pull the master data.",
        )
    if codes:
        found = f"{len(codes)} codes fit: {', '.join(sorted(code.code for code in codes))}"
    return mapping_problem(
        line,
        f"No VAT rule chooses a code for {named(line)} at {shortest(rate)} %, and {found}. "
        f"Add a VAT rule for {f'country {country}, rate {shortest(rate)}' if country else 'it'}.",
    )


def _fits_prices(case: Case, code: VatCode) -> bool:
    """Whether the code takes prices as the shop states them; without VAT there is no difference."""
    inclusive = case.order.tax_inclusive
    return code.rate == ZERO or inclusive is None or code.includes_vat == inclusive
