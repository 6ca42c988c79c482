"""The VAT rules: a code for each country and rate that was sold to, and for what is sold without VAT."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from connector.domain.money import ZERO, shortest
from connector.domain.order.model import LineKind
from connector.domain.order.vat_area import ELSEWHERE, EU
from connector.domain.rules.chart import VatCode
from connector.domain.rules.propose import hints
from connector.domain.rules.propose.booking import tax_account
from connector.domain.rules.propose.facts import Facts, Place, Sale
from connector.domain.rules.propose.items import tax_item
from connector.domain.rules.propose.proposal import Candidate, Confidence, Params, Pick, Proposal, Reason, Why, pick

_NO_SUPPLY = (LineKind.GIFT_CERTIFICATE, LineKind.ROUNDING, LineKind.TAX)


@dataclass(frozen=True, slots=True)
class _Rule:
    value: Mapping[str, Any]
    found: Pick


def propose_vat(facts: Facts, *, entry: bool) -> Iterator[Proposal]:
    """Yield the VAT rules. A sales entry takes codes that exclude VAT, whatever the store's prices are."""
    rules = [
        *_no_supply(facts),
        *_sales_list(facts),
        *_taxes_apart(facts, entry=entry),
        *_outside(facts),
        *_with_vat(facts, entry=entry),
        *_home_without(facts),
    ]
    for place, rule in enumerate(rules):
        yield rule.found.as_proposal(f"vat.{place}", rule.value)


def _usable(facts: Facts) -> list[VatCode]:
    return [code for code in facts.chart.vat_codes.values() if code.usable]


def _free(facts: Facts) -> list[VatCode]:
    """The codes without VAT that are neither of a one-stop shop nor on the EU sales list."""
    return [code for code in _usable(facts) if not code.rate and not code.oss_country and not code.is_listed]


def _no_supply(facts: Facts) -> Iterator[_Rule]:
    """The rule for what is no supply, where the division's codes do not settle it."""
    free = _free(facts)
    none = [code for code in free if code.type == "N"]
    if len(none) == 1 or not free:
        return
    names = {each.code: hints.says(each.name, hints.EXEMPT) for each in free}
    chosen = pick([Candidate(each.code, each.name, named=names[each.code]) for each in none or free], what="vat_code")
    if chosen:
        when = {"line": [kind.value for kind in _NO_SUPPLY]}
        reason = Reason(Why.NO_SUPPLY, {"code": chosen.code})
        yield _Rule({"when": when, "code": chosen.code}, replace(chosen, reason=reason))


def _sales_list(facts: Facts) -> Iterator[_Rule]:
    """The rules for businesses of other member states, which owe the VAT themselves."""
    if facts.chart.country not in EU:
        return
    others = sorted(EU - {facts.chart.country})
    for listing, more in (("S", {"digital": True}), ("L", {})):
        codes = [code for code in _usable(facts) if not code.rate and code.eu_sales_listing == listing]
        count = sum(sale.business and sale.rate == ZERO and sale.digital == bool(more) for sale in facts.sales)
        candidates = [Candidate(code.code, code.name, _used(facts, code, abroad=True)) for code in codes]
        if chosen := pick(candidates, what="vat_code"):
            reason = Reason(Why.SALES_LIST, {"code": chosen.code, "count": count})
            when = {"country": others, "b2b": True, "rate": "0", **more}
            yield _Rule({"when": when, "code": chosen.code}, replace(chosen, reason=reason))


def _taxes_apart(facts: Facts, *, entry: bool) -> Iterator[_Rule]:
    """The rule for areas outside the EU whose tax was charged: it is no VAT of the division."""
    taxed = [sale for sale in facts.sales if sale.place is Place.OUTSIDE and sale.taxed and _has_name(sale)]
    code, account, item = _export(facts), tax_account(facts), "" if entry else tax_item(facts)
    if not taxed or code is None or account is None or not (item or entry):
        return
    own = {"gl_account": account.code, **({"item": item} if item else {})}
    areas = sorted({sale.area for sale in taxed})
    params: Params = {"countries": ", ".join(areas), "count": len(taxed), "gl_account": account.code}
    found = replace(account, reason=Reason(Why.NO_VAT_OF_DIVISION, params))
    yield _Rule({"when": {"country": areas}, "code": code.code, "tax_as_line": own}, found)


def _outside(facts: Facts) -> Iterator[_Rule]:
    """The rule for exports: one code for every area outside the EU."""
    sales = [sale for sale in facts.sales if sale.place is Place.OUTSIDE and not sale.taxed and _has_name(sale)]
    areas = sorted({sale.area for sale in sales})
    if areas and (code := _export(facts)):
        found = _with_country(code, ZERO, areas, len(sales))
        yield _Rule({"when": {"country": areas, "rate": "0"}, "code": code.code}, found)


def _export(facts: Facts) -> Pick | None:
    free = _free(facts)
    named = [code for code in free if hints.says(code.name, hints.EXPORTS)]
    own = named or [code for code in free if code.type != "N"] or free
    used = Counter(
        line.vat_code for line in facts.used if line.country and facts.place_of(line.country, EU) is Place.OUTSIDE
    )
    candidates = [Candidate(code.code, code.name, used[code.code], code in named) for code in own]
    found = pick(candidates, what="vat_code", by_name=len(own) < len(free))
    return found and found.beside(Candidate(code.code, code.name) for code in free)


def _with_vat(facts: Facts, *, entry: bool) -> Iterator[_Rule]:
    """The rules with VAT, at home and in other member states: one for each country and rate."""
    sold = Counter(
        (sale.area, sale.rate)
        for sale in facts.sales
        if sale.rate and sale.place is not Place.OUTSIDE and _has_name(sale)
    )
    if not any(area == facts.chart.country for area, _rate in sold):
        sold.update(dict.fromkeys(((facts.chart.country, rate) for rate in _home_rates(facts)), 0))
    home_first = sorted(sold, key=lambda key: (key[0] != facts.chart.country, key[0], -(key[1] or ZERO)))
    for area, rate in home_first:
        if rate and (rule := _of_rate(facts, area, rate, sold[area, rate], entry=entry)):
            yield rule


def _of_rate(facts: Facts, area: str, rate: Decimal, count: int, *, entry: bool) -> _Rule | None:
    home = facts.chart.country
    codes = [code for code in _usable(facts) if code.rate == rate and not code.is_listed]
    own = [code for code in codes if code.oss_country == ("" if area == home else area)]
    borrowed = not own and area != home
    if borrowed:
        own = [code for code in codes if not code.oss_country]
    used = Counter(line.vat_code for line in facts.used if line.country == area)
    own += [code for code in codes if used[code.code] and code not in own]
    inclusive = facts.inclusive and not entry
    right = [code for code in own if code.includes_vat == inclusive] or ([] if entry else own)
    goods = [code for code in right if not hints.says(code.name, hints.SERVICES)] or right
    chosen = pick([Candidate(code.code, code.name, used[code.code]) for code in goods], what="vat_code")
    if chosen is None:
        return None
    rest = (Candidate(code.code, code.name, used[code.code]) for code in own)
    found = _with_country(chosen.beside(rest), rate, [area], count)
    if borrowed:
        found = replace(found, reason=Reason(Why.HOME_VAT_ABROAD, found.reason.params), confidence=Confidence.LIKELY)
    return _Rule({"when": {"country": [area], "rate": shortest(rate)}, "code": chosen.code}, found)


def _home_without(facts: Facts) -> Iterator[_Rule]:
    """The rule for what was sold at home without VAT."""
    home = facts.chart.country
    count = sum(sale.place is Place.HOME and sale.rate == ZERO for sale in facts.sales)
    if not count:
        return
    free = [code for code in _free(facts) if not hints.says(code.name, hints.EXPORTS)] or _free(facts)
    used = Counter(line.vat_code for line in facts.used if line.country == home)
    named = {code.code: hints.says(code.name, hints.EXEMPT) for code in free}
    candidates = [Candidate(code.code, code.name, used[code.code], named[code.code]) for code in free]
    if chosen := pick(candidates, what="vat_code", by_name=len(free) < len(_free(facts))):
        rest = (Candidate(code.code, code.name) for code in _free(facts))
        found = _with_country(chosen.beside(rest), ZERO, [home], count)
        yield _Rule({"when": {"country": [home], "rate": "0"}, "code": chosen.code}, found)


def _home_rates(facts: Facts) -> set[Decimal]:
    """The rates of the division's own codes, for a store that sold nothing yet."""
    return {code.rate for code in _usable(facts) if code.rate and not code.oss_country and not code.is_listed}


def _used(facts: Facts, code: VatCode, *, abroad: bool) -> int:
    home = facts.chart.country
    return sum(line.vat_code == code.code and (line.country != home) == abroad for line in facts.used)


def _has_name(sale: Sale) -> bool:
    """Whether a rule can name the area."""
    return len(sale.area) == 2 and sale.area != ELSEWHERE


_IN_COUNTRY: Mapping[Why, Why] = {
    Why.ONLY_ONE: Why.ONLY_VAT_CODE,
    Why.USED: Why.USED_VAT_CODE,
    Why.NAME: Why.NAMED_VAT_CODE,
    Why.FIRST: Why.FIRST_VAT_CODE,
}


def _with_country(found: Pick, rate: Decimal, areas: Iterable[str], sold: int) -> Pick:
    """The pick with the reason of a VAT code: its rate, the countries, and on how many lines it was sold."""
    params = {**found.reason.params, "rate": shortest(rate), "countries": ", ".join(areas), "sold": sold}
    return replace(found, reason=Reason(_IN_COUNTRY[found.reason.why], params))
