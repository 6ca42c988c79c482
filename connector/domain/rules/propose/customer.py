"""The payment condition of each payment method, and the form fields in which customers give a VAT number."""

from collections.abc import Iterator

from connector.domain.rules.propose import hints
from connector.domain.rules.propose.facts import Facts
from connector.domain.rules.propose.proposal import Candidate, Confidence, Params, Pick, Proposal, Reason, Why


def propose_payment(facts: Facts) -> Iterator[Proposal]:
    """Yield the payment rules: those of methods that differ, then one for all others."""
    if not facts.chart.payment_conditions:
        return
    rest = _at_once(facts)
    place = 0
    for method, count in sorted(facts.payments.items(), key=lambda each: (-each[1], each[0])):
        found = _by_name(facts, method) or (_later(facts) if hints.says(method, hints.PAID_LATER) else None)
        if found and found.code != rest.code:
            reason = Reason(found.reason.why, {**found.reason.params, "method": method, "sold": count})
            value = {"when": {"payment_method": [method]}, "code": found.code}
            yield Proposal(f"payment_conditions.{place}", value, reason, found.confidence, found.others)
            place += 1
    yield rest.as_proposal(f"payment_conditions.{place}", {"when": {}, "code": rest.code})


def propose_customers(facts: Facts) -> Iterator[Proposal]:
    """Yield the customers' strategy, and the form fields that were seen to ask for a VAT number."""
    for key in ("customers.strategy", "customers.guests"):
        yield Proposal(key, "match_or_create", Reason(Why.USUAL), Confidence.LIKELY)
    if facts.vat_fields:
        names = sorted(facts.vat_fields, key=lambda name: (-facts.vat_fields[name], name))
        params = {"count": sum(facts.vat_fields.values()), "of": facts.orders}
        yield Proposal("vat_number_fields", names, Reason(Why.VAT_NUMBER_FIELDS, params), Confidence.CERTAIN)


def _by_name(facts: Facts, method: str) -> Pick | None:
    """The condition that has the method's name: PayPal."""
    for code, name in facts.chart.payment_conditions.items():
        if len(name) > 3 and (hints.says(method, (name.casefold(),)) or hints.says(name, (method.casefold(),))):
            others = tuple(each for each in _all(facts) if each.code != code)
            params: Params = {"code": code, "name": name}
            return Pick(code, Reason(Why.CONDITION_BY_NAME, params), Confidence.CERTAIN, others)
    return None


def _at_once(facts: Facts) -> Pick:
    """The condition of what was paid in the shop: cash, else that of the fewest days."""
    found = sorted(_all(facts), key=lambda each: (facts.payment_days.get(each.code, 0), not each.named))
    best = found[0]
    days = facts.payment_days.get(best.code, 0)
    same = [each for each in found if facts.payment_days.get(each.code, 0) == days]
    sure = len(same) == 1 or best.named
    params: Params = {"code": best.code, "name": best.name, "days": days}
    confidence = Confidence.LIKELY if sure and not days else Confidence.CHOOSE
    why = Why.FEWEST_DAYS if days else Why.PAID_AT_ONCE
    return Pick(best.code, Reason(why, params), confidence, tuple(found[1:]))


def _later(facts: Facts) -> Pick | None:
    """The condition of what is paid after the delivery: the fewest days above none."""
    found = sorted(
        (each for each in _all(facts) if facts.payment_days.get(each.code, 0)),
        key=lambda each: (abs(facts.payment_days[each.code] - 30), each.code),
    )
    if not found:
        return None
    params: Params = {"code": found[0].code, "name": found[0].name, "days": facts.payment_days[found[0].code]}
    return Pick(found[0].code, Reason(Why.PAID_LATER, params), Confidence.LIKELY, tuple(found[1:]))


def _all(facts: Facts) -> list[Candidate]:
    conditions = facts.chart.payment_conditions.items()
    return [Candidate(code, name, named=hints.says(name, hints.CASH)) for code, name in conditions]
