"""Finds the edits of an order that move money or VAT: amounts, quantities, currency, and where each line is taxed.

Who buys, what things are called and which ids they have is no part of it. A guest is claimed by an account, a product
is renamed, a store gives fees other ids, a marketplace removes the buyer's data: the invoice stays right.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.money import shortest
from connector.domain.order.buyer import is_redacted
from connector.domain.order.model import Order, OrderLine
from connector.domain.order.vat_area import vat_area

Facts = Mapping[str, str]
Pairs = dict[str, OrderLine]  # the present line of an old one, by the old one's key
_AMOUNTS = ("quantity", "net", "tax", "gross")
_PLACES = ("country", "VAT area")


def edits(old: Order, new: Order, *, single_purpose: bool = False) -> list[Problem]:
    """Return each edit that moves money or VAT; empty when there is none.

    `single_purpose`: gift certificates are of a single purpose, so the invoice is less what they paid.
    """
    # Where it went is not known any more once a marketplace has removed the addresses.
    compared = _AMOUNTS if _was_redacted_since(old, new) else _AMOUNTS + _PLACES
    head = _head_less_redeemed if single_purpose else _head
    changed = [problem(Code.ORDER_FIELD_CHANGED, **fields) for fields in _changes(head(old), head(new))]
    return [*changed, *_line_edits(old.lines, new.lines, compared)]


def _was_redacted_since(old: Order, new: Order) -> bool:
    places = zip((old.billing, *old.ship_to), (new.billing, *new.ship_to), strict=False)
    return any(is_redacted(now) and not is_redacted(was) for was, now in places)


def _head(order: Order) -> Facts:
    return {"currency": order.currency, "total": shortest(order.total_inc), "tax": shortest(order.total_tax)}


def _head_less_redeemed(order: Order) -> Facts:
    return {**_head(order), "gift certificate": shortest(order.gift_certificate)}


def _facts(line: OrderLine, compared: Iterable[str]) -> Facts:
    facts = {
        "quantity": shortest(line.quantity),
        "net": shortest(line.net),
        "tax": shortest(line.tax),
        "gross": shortest(line.gross),
        "country": line.ship_to.country,
        "VAT area": vat_area(line.ship_to, goods=not line.digital),
    }
    return {name: facts[name] for name in compared}


def _line_edits(old: Sequence[OrderLine], new: Sequence[OrderLine], compared: Sequence[str]) -> Iterator[Problem]:
    partner = _partners(old, new, lambda line: _facts(line, compared))
    for line in old:
        if line.key not in partner:
            yield problem(Code.LINE_REMOVED, key=line.key, **_sold(line))
        else:
            for fields in _changes(_facts(line, compared), _facts(partner[line.key], compared)):
                yield problem(Code.LINE_FIELD_CHANGED, key=line.key, **fields)
    found = {line.key for line in partner.values()}
    for line in new:
        if line.key not in found:
            yield problem(Code.LINE_ADDED, key=line.key, **_sold(line))


def _partners(old: Sequence[OrderLine], new: Sequence[OrderLine], facts: Callable[[OrderLine], Facts]) -> Pairs:
    """Return the present line of each old line, by its key. An order that is edited may give its lines other ids."""
    equal = _by(lambda line: (line.kind, *facts(line).values()))
    same_key, same_product = _by(lambda line: line.key), _by(lambda line: (line.kind, line.sku, line.name))
    everything = equal(old, new)
    if len(everything) == len(old) == len(new):
        return everything
    partners: Pairs = {}
    for pair in (same_key, equal, same_product):
        taken = {line.key for line in partners.values()}
        partners |= pair(
            [line for line in old if line.key not in partners], [line for line in new if line.key not in taken]
        )
    return partners


def _by(mark: Callable[[OrderLine], object]) -> Callable[[Sequence[OrderLine], Sequence[OrderLine]], Pairs]:
    """Return what pairs the lines whose marks are the same, in their order."""

    def pair(old: Sequence[OrderLine], new: Sequence[OrderLine]) -> Pairs:
        free = defaultdict[object, deque[OrderLine]](deque)
        for line in new:
            free[mark(line)].append(line)
        return {line.key: free[mark(line)].popleft() for line in old if free[mark(line)]}

    return pair


def _sold(line: OrderLine) -> Facts:
    return {"quantity": shortest(line.quantity), "name": line.name, "gross": shortest(line.gross)}


def _changes(old: Facts, new: Facts) -> Iterator[dict[str, str]]:
    """Yield what differs. An area is named only where the country is the same. No country is not another country."""
    for name in (name for name in old if old[name] != new[name]):
        if name not in _PLACES or (new["country"] and (name == "country" or old["country"] == new["country"])):
            yield {"changed": name, "before": old[name], "after": new[name]}
