"""Whether both sides of a period come to the same, but for what the noted differences explain. Pure.

What differs is added up while the sides are read. What is left over at the end has no difference of its own: it is
shown as one of its currency, so that nobody calls a period complete above figures that are not equal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from connector.domain.document.reconcile import Finding, Kind, Remedy
from connector.domain.document.sums import Currency, Entry, Sum, Totals
from connector.domain.money import plain, tidy

Cells = Mapping[str, Sum]
NOTHING = Sum()
WHOLE = ""


def are_same(ours: Sequence[Entry], theirs: Sequence[Entry]) -> bool:
    """Whether documents come to the same on both sides. Where the codes of one are not known, no codes are compared."""
    rest = Totals()
    for each in (*theirs, *(-each for each in ours)):
        rest.add(each)
    by_code = all(each.codes or not each.gross for each in (*ours, *theirs))
    return all(each.is_nothing for sums in rest.by_currency.values() for each in _cells(sums, by_code).values())


def unexplained(store: Totals, exact: Totals, explained: Totals) -> Iterator[tuple[str, Finding]]:
    """Yield each currency in which Exact's side less the store's is not what `explained` comes to.

    Count, net, VAT and gross are compared as a whole, and by country and VAT code. `found` has what Exact's side would
    come to if each noted difference were put right.
    """
    for currency in sorted({*store.by_currency, *exact.by_currency, *explained.by_currency}):
        ours, theirs, noted = (
            _cells(side.by_currency.get(currency) or Currency()) for side in (store, exact, explained)
        )
        names = sorted({*ours, *theirs, *noted})
        righted = {name: theirs.get(name, NOTHING) - noted.get(name, NOTHING) for name in names}
        differ = [name for name in names if not (righted[name] - ours.get(name, NOTHING)).is_nothing]
        if differ:
            kind = Kind.AMOUNT if WHOLE in differ else Kind.VAT
            yield currency, Finding(kind, _in_words(ours, differ), _in_words(righted, differ), Remedy.EXPLAIN)


def _cells(sums: Currency, by_code: bool = True) -> Cells:
    """The whole by "", and the parts by country and code."""
    countries = sums.parts["countries"].items()
    by_country = ((country, code, each) for country, codes in sums.by_country.items() for code, each in codes.items())
    parts = (
        {f"{country or '-'} {code or '-'}": each for country, code, each in by_country} if by_code else dict(countries)
    )
    return {**parts, WHOLE: sums.whole}


def _in_words(cells: Cells, names: Iterable[str]) -> str:
    """Write some sums as a person reads them: `12: 744.46 + 72.30 = 816.76, NL 2: 1: 14.79 + 3.11 = 17.90`."""
    return ", ".join(f"{name}: {_sum_in_words(cells.get(name, NOTHING))}".removeprefix(": ") for name in names)


def _sum_in_words(each: Sum) -> str:
    net, vat, gross = (plain(tidy(amount, 2)) for amount in (each.net, each.vat, each.gross))
    return f"{each.count}: {net} + {vat} = {gross}"
