"""The item of each kind of line, where documents are invoices."""

from collections import Counter
from collections.abc import Iterator

from connector.domain.choices import ItemStrategy
from connector.domain.order.model import LineKind
from connector.domain.rules.propose import hints
from connector.domain.rules.propose.facts import Facts
from connector.domain.rules.propose.proposal import Candidate, Confidence, Pick, Proposal, Reason, Why, pick

# The items of charges, each with the words of its name. The name of the setting is the kind's.
_WORDS = {
    LineKind.SHIPPING: hints.SHIPPING,
    LineKind.HANDLING: hints.HANDLING,
    LineKind.WRAPPING: hints.WRAPPING,
    LineKind.FEE: hints.FEE,
    LineKind.GIFT_CERTIFICATE: hints.GIFTS,
    LineKind.ROUNDING: hints.ROUNDING,
}
CHARGES = (LineKind.SHIPPING, LineKind.HANDLING, LineKind.WRAPPING, LineKind.FEE)
_SPECIAL = (*hints.SHIPPING, *hints.HANDLING, *hints.WRAPPING, *hints.GIFTS, *hints.ROUNDING, *hints.SALES_TAX)


def default_item(facts: Facts) -> Pick | None:
    """Return the item for products that are no items themselves; None when no item is meant for any goods."""
    used = Counter(line.item for line in facts.used)
    skus = {sale.sku for sale in facts.sales}
    found = [
        Candidate(item.code, item.name, used[item.code], hints.says(item.name, hints.WEB_SHOP))
        for item in facts.chart.items.values()
        if item.sellable
        and item.code not in skus
        and not _is(item.code, item.name, _SPECIAL)
        and (_is(item.code, item.name, hints.ANYTHING) or used[item.code])
    ]
    chosen = pick(found, what="item", name_first=True, by_name=True)
    return chosen and chosen.beside(_others(facts))


def item_of(facts: Facts, kind: LineKind) -> Pick | None:
    """Return the item that the division has for a kind of charge; None when it has none."""
    used = Counter(line.item for line in facts.used)
    found = [
        Candidate(item.code, item.name, used[item.code], named=True)
        for item in facts.chart.items.values()
        if item.sellable and _is(item.code, item.name, _WORDS[kind])
    ]
    chosen = pick(found, what="item", by_name=True)
    return chosen and chosen.beside(_others(facts))


def tax_item(facts: Facts) -> str:
    """Return the item for taxes that are no VAT: one of that name, else the one for any goods; "" for none."""
    items = facts.chart.items.values()
    named = (item.code for item in items if item.sellable and _is(item.code, item.name, hints.SALES_TAX))
    other = default_item(facts)
    return next(named, other.code if other else "")


def propose_items(facts: Facts) -> Iterator[Proposal]:
    """Yield the proposals of the items: those of their own names, else the item for other products."""
    default = default_item(facts)
    skus = [sale.sku for sale in facts.sales if sale.kind is LineKind.PRODUCT]
    known = sum(sku in facts.chart.items for sku in skus)
    reason = Reason(Why.FITS_SKUS, {"count": known, "of": len(skus)})
    yield Proposal("items.strategy", ItemStrategy.SKU_THEN_DEFAULT.value, reason, Confidence.CERTAIN)
    if default:
        yield default.as_proposal("items.default")
    for kind in _WORDS:
        key = f"items.{kind.value}"
        if own := item_of(facts, kind):
            yield own.as_proposal(key)
        elif default:
            sold = facts.sold(kind) and kind is LineKind.GIFT_CERTIFICATE
            sure = Confidence.CHOOSE if sold else Confidence.LIKELY
            yield Proposal(key, default.code, Reason(Why.AS_DEFAULT, {"code": default.code}), sure, default.others)


def _others(facts: Facts) -> Iterator[Candidate]:
    """The items that are no product that was sold."""
    skus = {sale.sku for sale in facts.sales}
    for item in facts.chart.items.values():
        if item.sellable and item.code not in skus:
            yield Candidate(item.code, item.name)


def _is(code: str, name: str, words: tuple[str, ...]) -> bool:
    return hints.says(name, words) or hints.says(code, words)
