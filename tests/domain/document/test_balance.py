"""Both sides come to the same, but for what the noted differences explain; what is left over is a difference itself."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.document.balance import are_same, unexplained
from connector.domain.document.reconcile import Finding, Kind, Remedy
from connector.domain.document.sums import Entry, Totals

SOLD = Entry(None, "EUR", D("12.10"), D("10.00"), D("2.10"), "NL", "iDEAL", {"2": (D("10.00"), D("2.10"))})
CENT = D("0.01")


def totals(*entries: Entry) -> Totals:
    found = Totals()
    for each in entries:
        found.add(each)
    return found


def left(store: list[Entry], exact: list[Entry], *explained: Entry) -> list[tuple[str, Finding]]:
    return list(unexplained(totals(*store), totals(*exact), totals(*explained)))


def test_equal_sides_leave_nothing() -> None:
    assert left([SOLD, SOLD], [SOLD, SOLD]) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"gross": SOLD.gross + CENT}, Kind.AMOUNT),
        ({"net": SOLD.net + CENT}, Kind.AMOUNT),
        ({"vat": SOLD.vat + CENT}, Kind.AMOUNT),
        ({"count": 2}, Kind.AMOUNT),
        ({"codes": {"4": (D("10.00"), D("2.10"))}}, Kind.VAT),
        ({"country": "BE"}, Kind.VAT),
    ],
)
def test_whatever_differs_unexplained_is_left_over(change: dict[str, Any], kind: Kind) -> None:
    other = replace(SOLD, **change)
    ((currency, finding),) = left([SOLD], [other])
    assert (currency, finding.kind, finding.remedy) == ("EUR", kind, Remedy.EXPLAIN)
    assert finding.expected != finding.found
    assert left([SOLD], [other], other, -SOLD) == []


def test_what_is_left_over_is_shown_as_if_the_noted_differences_were_put_right() -> None:
    ((currency, finding),) = left([SOLD], [SOLD, SOLD, SOLD], SOLD)
    assert (currency, finding.expected, finding.found) == (
        "EUR",
        "1: 10.00 + 2.10 = 12.10, NL 2: 1: 10.00 + 2.10 = 12.10",
        "2: 20.00 + 4.20 = 24.20, NL 2: 2: 20.00 + 4.20 = 24.20",
    )


def test_each_currency_has_its_own() -> None:
    assert [currency for currency, _finding in left([SOLD], [replace(SOLD, currency="USD")])] == ["EUR", "USD"]


def test_documents_are_the_same_within_half_a_cent_and_by_code_where_both_have_codes() -> None:
    assert are_same([SOLD], [replace(SOLD, gross=SOLD.gross + D("0.004"))])
    assert not are_same([SOLD], [replace(SOLD, gross=SOLD.gross + D("0.005"))])
    assert not are_same([SOLD], [replace(SOLD, codes={"4": (D("10.00"), D("2.10"))})])
    assert are_same([SOLD], [replace(SOLD, codes={})])
    assert not are_same([SOLD], [])
