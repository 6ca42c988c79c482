"""The rules: GL account, cost centre and cost unit of each kind of line, and of sales to other countries."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connector.domain.order.model import LineKind
from connector.domain.order.vat_area import EU
from connector.domain.rules.chart import MANDATORY, GLAccount
from connector.domain.rules.propose import hints
from connector.domain.rules.propose.facts import BALANCE, DEBTS, REVENUE, TAXES, Facts, Place, Sale
from connector.domain.rules.propose.items import default_item, item_of
from connector.domain.rules.propose.proposal import Candidate, Confidence, Pick, Proposal, Reason, Why, pick

_LAST = 1000
_CHARGES = {
    LineKind.SHIPPING: hints.SHIPPING,
    LineKind.HANDLING: hints.HANDLING,
    LineKind.WRAPPING: hints.WRAPPING,
    LineKind.FEE: hints.FEE,
}
_CHARGE_WORDS = tuple(word for words in _CHARGES.values() for word in words)


@dataclass(frozen=True, slots=True)
class _Rule:
    when: Mapping[str, Any]
    account: Pick

    def takes(self, sale: Sale) -> bool:
        """Whether a line that was sold meets the condition."""
        kind, countries = self.when.get("line"), self.when.get("country")
        return kind in (None, sale.kind.value) and (countries is None or sale.area in countries)


def propose_rules(facts: Facts) -> Iterator[Proposal]:
    """Yield the rules: charges and gift certificates, then goods by country, then all the rest."""
    main = _goods(facts, Place.HOME)
    if main is None:
        return
    rules = [rule for kind in _CHARGES if (rule := _charge(facts, kind, main))]
    rules += _gift(facts)
    rules += _abroad(facts, main)
    rules += [_Rule({}, main)]
    split = [part for n, rule in enumerate(rules) for part in _by_region(facts, rule, _areas(facts, rule, rules[:n]))]
    for place, (rule, centre) in enumerate(split):
        then = _then(facts, rule.account.code, centre)
        last = place == len(split) - 1
        value = {"priority": _LAST if last else 10 * (place + 1), "when": dict(rule.when), "then": then}
        yield _proposed(f"rules.{place}", value, rule, centre)


def rounding_account(facts: Facts) -> Pick | None:
    """Return the GL account for rounding; None when no name says so."""
    return _named(facts, _of_result(facts), hints.ROUNDING)


def tax_account(facts: Facts) -> Pick | None:
    """Return the GL account for taxes that are no VAT; None when the division has no account of the balance sheet."""
    owed = [each for each in _open(facts) if facts.account_types.get(each.code, 0) in DEBTS | TAXES]
    return _named(facts, owed, hints.SALES_TAX) or pick(_candidates(facts, owed, ()), what="gl_account")


def _proposed(key: str, value: Mapping[str, Any], rule: _Rule, centre: Pick | None) -> Proposal:
    """The rule's proposal. Where the cost centre is less sure than the account, its reason is the rule's."""
    order = list(Confidence)
    weaker = centre if centre and order.index(centre.confidence) > order.index(rule.account.confidence) else None
    return (weaker or rule.account).as_proposal(key, value)


def _goods(facts: Facts, place: Place) -> Pick | None:
    """The account for goods sold at home, or to a place abroad."""
    used = Counter(line.gl_account for line in facts.used if line.country and facts.place_of(line.country, EU) is place)
    revenue = _revenue(facts)
    goods = [each for each in revenue if not hints.says(each.name, (*_CHARGE_WORDS, *hints.GIFTS))]
    if place is not Place.HOME:
        words = hints.IN_EU if place is Place.EU else hints.EXPORTS
        named = [each for each in goods if hints.says(each.name, words)] or [
            each for each in goods if hints.says(each.name, hints.ABROAD)
        ]
        found = pick(_candidates(facts, named or _of(goods, used), (), used), what="gl_account", by_name=True)
        return found and found.beside(_candidates(facts, revenue, ()))
    abroad = (*hints.IN_EU, *hints.EXPORTS, *hints.ABROAD)
    home = [each for each in goods if not hints.says(each.name, abroad)] or goods or revenue
    item = default_item(facts)
    own = facts.revenue_of.get(item.code, "") if item else ""
    if own in {each.code for each in home} and not any(used[each.code] for each in home):
        params = {"code": own, "item": item.code if item else ""}
        own_account = Pick(own, Reason(Why.REVENUE_OF_ITEM, params), Confidence.LIKELY)
        return own_account.beside(_candidates(facts, (*home, *revenue), ()))
    found = pick(_candidates(facts, home, hints.WEB_SHOP, used), what="gl_account")
    return found and found.beside(_candidates(facts, revenue, ()))


def _charge(facts: Facts, kind: LineKind, main: Pick) -> _Rule | None:
    """The rule of a charge; None when it is booked as goods are."""
    item = item_of(facts, kind)
    own = facts.revenue_of.get(item.code, "") if item else ""
    revenue = _revenue(facts)
    named = _named(facts, revenue, _CHARGES[kind])
    if item and own in {each.code for each in revenue} and own != main.code:
        reason = Reason(Why.REVENUE_OF_ITEM, {"code": own, "item": item.code})
        account = Pick(own, reason, Confidence.LIKELY)
        return _Rule({"line": kind.value}, account.beside(_candidates(facts, revenue, ())))
    return _Rule({"line": kind.value}, named) if named and named.code != main.code else None


def _gift(facts: Facts) -> list[_Rule]:
    """The rule of gift certificates, which are a debt; none when they are not sold and no account is meant for them."""
    debts = [each for each in _open(facts) if facts.account_types.get(each.code, 0) in DEBTS]
    found = _named(facts, debts, hints.GIFTS)
    if found is None and facts.sold(LineKind.GIFT_CERTIFICATE):
        found = pick(_candidates(facts, debts, ()), what="gl_account")
        found = found and replace(found, confidence=Confidence.CHOOSE)
    return [_Rule({"line": LineKind.GIFT_CERTIFICATE.value}, found)] if found else []


def _abroad(facts: Facts, main: Pick) -> list[_Rule]:
    """The rules of goods sold to other countries, where the division has accounts for these."""
    rules = []
    for place in (Place.EU, Place.OUTSIDE):
        areas = sorted({sale.area for sale in facts.sales if sale.place is place and sale.area})
        account = _goods(facts, place)
        if areas and account and account.code != main.code:
            rules.append(_Rule({"line": LineKind.PRODUCT.value, "country": areas}, account))
    if len(rules) == 2 and rules[0].account.code == rules[1].account.code:
        areas = sorted({*rules[0].when["country"], *rules[1].when["country"]})
        return [replace(rules[0], when={**rules[0].when, "country": areas})]
    return rules


def _areas(facts: Facts, rule: _Rule, before: list[_Rule]) -> list[str]:
    """The rule's countries, else the areas of the lines that were sold and that it takes after the rules before it."""
    own: list[str] = rule.when.get("country", [])
    left = (sale for sale in facts.sales if rule.takes(sale) and not any(each.takes(sale) for each in before))
    return own or sorted({sale.area for sale in left if sale.area})


def _by_region(facts: Facts, rule: _Rule, countries: list[str]) -> Iterator[tuple[_Rule, Pick | None]]:
    """The rule for each region of its `countries` that has a cost centre of its own, where the account asks for one."""
    account = facts.chart.gl_accounts[rule.account.code]
    if account.use_cost_center != MANDATORY:
        yield rule, None
        return
    rest = _centre(facts, facts.chart.country if "country" not in rule.when else "")
    by_centre: dict[str, tuple[Pick, list[str]]] = {}
    for country in countries:
        own = _centre(facts, country)
        if own and rest and own.code != rest.code and own.confidence != Confidence.CHOOSE:
            by_centre.setdefault(own.code, (own, []))[1].append(country)
    for own, lands in by_centre.values():
        yield replace(rule, when={**rule.when, "country": lands}), own
    left = [country for country in countries if not any(country in lands for _own, lands in by_centre.values())]
    if "country" not in rule.when:
        yield rule, rest
    elif left:
        yield replace(rule, when={**rule.when, "country": left}), rest


def _centre(facts: Facts, country: str) -> Pick | None:
    """The cost centre for sales to a country ("" for any)."""
    used = Counter(line.cost_center for line in facts.used if line.cost_center and country in ("", line.country))
    names = facts.chart.cost_centers
    fit = {code: hints.is_for(f"{code} {name}", country) if country else 0 for code, name in names.items()}
    best = max(fit.values(), default=0)
    web = {code for code, name in names.items() if hints.says(f"{code} {name}", hints.WEB_SHOP)}
    named = {code for code in names if best and fit[code] == best} or web
    candidates = [Candidate(code, name, used[code], code in named) for code, name in names.items()]
    return pick(candidates, what="cost_center")


def _then(facts: Facts, account: str, centre: Pick | None) -> dict[str, str]:
    then = {"gl_account": account}
    if centre:
        then["cost_center"] = centre.code
    if facts.chart.gl_accounts[account].use_cost_unit == MANDATORY and facts.chart.cost_units:
        units = facts.chart.cost_units.items()
        web = next((code for code, name in units if hints.says(f"{code} {name}", hints.WEB_SHOP)), "")
        then["cost_unit"] = web or next(iter(facts.chart.cost_units))
    return then


def _open(facts: Facts) -> Iterator[GLAccount]:
    """The accounts that take entries, and whose cost centre and unit can be given."""
    for account in facts.chart.gl_accounts.values():
        lacks_centre = account.use_cost_center == MANDATORY and not facts.chart.cost_centers
        lacks_unit = account.use_cost_unit == MANDATORY and not facts.chart.cost_units
        if not (account.blocked or lacks_centre or lacks_unit):
            yield account


def _named(facts: Facts, accounts: Iterable[GLAccount], words: tuple[str, ...]) -> Pick | None:
    """The account whose name has one of the words."""
    every = list(accounts)
    named = _candidates(facts, [each for each in every if hints.says(each.name, words)], words)
    found = pick(named, what="gl_account", by_name=True)
    return found and found.beside(_candidates(facts, every, ()))


def _revenue(facts: Facts) -> list[GLAccount]:
    return [each for each in _open(facts) if facts.account_types.get(each.code, REVENUE) == REVENUE]


def _of_result(facts: Facts) -> list[GLAccount]:
    """The accounts of profit and loss."""
    return [each for each in _open(facts) if facts.account_types.get(each.code, 0) not in BALANCE]


def _of(accounts: Iterable[GLAccount], used: Mapping[str, int]) -> list[GLAccount]:
    """The accounts that the latest invoices used."""
    return [each for each in accounts if used.get(each.code)]


def _candidates(
    facts: Facts, accounts: Iterable[GLAccount], words: tuple[str, ...], used: Mapping[str, int] | None = None
) -> list[Candidate]:
    counts = Counter(line.gl_account for line in facts.used) if used is None else used
    return [Candidate(a.code, a.name, counts.get(a.code, 0), hints.says(a.name, words)) for a in accounts]
