"""The sums over what many orders would become, and the causes that hold the others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.fit.outcome import KINDS, Outcome, Verdict
from connector.domain.money import ZERO, minor_digits, plain, round_half_up

Amounts = dict[str, Decimal]
"""By currency."""


@dataclass(slots=True)
class CodeSum:
    """What the documents with a code come to: how many there are, and their money by currency."""

    documents: int = 0
    net: Amounts = field(default_factory=lambda: defaultdict(Decimal))
    vat: Amounts = field(default_factory=lambda: defaultdict(Decimal))


@dataclass(frozen=True, slots=True)
class Cause:
    """The orders without a document that have the same code. `example` is the problem of the first one."""

    code: Code
    example: Problem
    orders: tuple[str, ...]
    totals: Amounts


@dataclass(frozen=True, slots=True)
class MonthSum:
    """A month of one currency: what the shop took, and what becomes of it. Nothing else is left of the shop's total.

    `shop` = `posted` + `redeemed` + `held` + `skipped` + `difference`.
    """

    month: str
    currency: str
    orders: int
    shop: Decimal
    posted: Decimal
    redeemed: Decimal
    held: Decimal
    skipped: Decimal

    @property
    def difference(self) -> Decimal:
        """What is not accounted for: 0."""
        return self.shop - self.posted - self.redeemed - self.held - self.skipped


@dataclass(frozen=True, slots=True)
class Fit:
    """What many orders would become: `orders` = `fit` + `held` + `skipped`. `totals` is the money of those that fit.

    `currency` is that of most orders that fit, else of most orders; "" without orders.
    """

    orders: int
    fit: int
    held: int
    skipped: int
    currency: str
    totals: Amounts
    by_code: dict[str, dict[str, CodeSum]]
    months: tuple[MonthSum, ...]
    causes: tuple[Cause, ...]
    skips: tuple[Cause, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the sums as a JSON object: amounts in `currency`, and beside them by currency."""
        return {
            "orders": self.orders,
            "fit": self.fit,
            "held": self.held,
            "skipped": self.skipped,
            "currency": self.currency,
            **self._money("total", self.totals),
            **{f"by_{kind}": self._codes(kind) for kind in KINDS},
            "months": [_month(each) for each in self.months],
            "causes": [self._cause(each) for each in self.causes],
            "skips": [self._cause(each) for each in self.skips],
        }

    def _codes(self, kind: str) -> dict[str, Any]:
        return {
            code: {"documents": found.documents, **self._money("net", found.net), **self._money("vat", found.vat)}
            for code, found in self.by_code[kind].items()
        }

    def _cause(self, cause: Cause) -> dict[str, Any]:
        return {
            "code": str(cause.code),
            "params": dict(cause.example.params),
            "line": cause.example.line,
            "count": len(cause.orders),
            **self._money("total", cause.totals),
            "orders": list(cause.orders),
        }

    def _money(self, name: str, amounts: Amounts) -> dict[str, Any]:
        by_currency = {currency: amount(amounts[currency], currency) for currency in sorted(amounts)}
        return {name: amount(amounts.get(self.currency, ZERO), self.currency), f"{name}s": by_currency}


def amount(value: Decimal, currency: str) -> str:
    """Return an amount as text, with the currency's decimals."""
    return plain(round_half_up(value, minor_digits(currency)))


def add_up(outcomes: Iterable[Outcome]) -> Fit:
    """Add up what orders would become."""
    found = list(outcomes)
    by = {verdict: [each for each in found if each.verdict is verdict] for verdict in Verdict}
    fits = by[Verdict.FIT]
    return Fit(
        orders=len(found),
        fit=len(fits),
        held=len(by[Verdict.HELD]),
        skipped=len(by[Verdict.SKIPPED]),
        currency=_usual(fits) or _usual(found),
        totals=_totals((each.currency, each.gross) for each in fits),
        by_code={kind: _by_code(kind, fits) for kind in KINDS},
        months=_months(found),
        causes=_causes(by[Verdict.HELD]),
        skips=_causes(by[Verdict.SKIPPED]),
    )


def _usual(outcomes: Sequence[Outcome]) -> str:
    """Return the currency of most of the orders; the first in the alphabet of equally many."""
    named = [each.currency for each in outcomes if each.currency]
    return min(set(named), key=lambda currency: (-named.count(currency), currency), default="")


def _totals(amounts: Iterable[tuple[str, Decimal]]) -> Amounts:
    found = defaultdict[str, Decimal](Decimal)
    for currency, value in amounts:
        found[currency] += value
    return dict(found)


def _by_code(kind: str, fits: Iterable[Outcome]) -> dict[str, CodeSum]:
    found = defaultdict[str, CodeSum](CodeSum)
    for each in fits:
        for code, share in each.shares.get(kind, {}).items():
            found[code].documents += 1
            found[code].net[each.currency] += share.net
            found[code].vat[each.currency] += share.vat
    return dict(sorted(found.items()))


def _months(outcomes: Iterable[Outcome]) -> tuple[MonthSum, ...]:
    grouped = defaultdict[tuple[str, str], list[Outcome]](list)
    for each in outcomes:
        grouped[each.month, each.currency].append(each)
    return tuple(_month_sum(*key, found) for key, found in sorted(grouped.items()) if key[0])


def _month_sum(month: str, currency: str, outcomes: list[Outcome]) -> MonthSum:
    def of(verdict: Verdict, name: str) -> Decimal:
        return sum((getattr(each, name) for each in outcomes if each.verdict is verdict), ZERO)

    return MonthSum(
        month,
        currency,
        orders=len(outcomes),
        shop=sum((each.total for each in outcomes), ZERO),
        posted=of(Verdict.FIT, "gross"),
        redeemed=of(Verdict.FIT, "redeemed"),
        held=of(Verdict.HELD, "total"),
        skipped=of(Verdict.SKIPPED, "total"),
    )


def _month(sums: MonthSum) -> dict[str, Any]:
    names = ("shop", "posted", "redeemed", "held", "skipped", "difference")
    amounts = {name: amount(getattr(sums, name), sums.currency) for name in names}
    return {"month": sums.month, "currency": sums.currency, "orders": sums.orders, **amounts}


def _causes(outcomes: Iterable[Outcome]) -> tuple[Cause, ...]:
    """Return the causes, that of most orders first. An order counts once, under its most serious problem."""
    grouped = defaultdict[Code, list[Outcome]](list)
    for each in outcomes:
        grouped[each.cause.code].append(each)
    causes = (
        Cause(
            code,
            found[0].cause,
            tuple(each.order_id for each in found),
            _totals((each.currency, each.total) for each in found if each.currency),
        )
        for code, found in grouped.items()
    )
    return tuple(sorted(causes, key=lambda cause: (-len(cause.orders), cause.code)))
