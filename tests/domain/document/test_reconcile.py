"""How a document in Exact differs from ours: one kind for its money, and what else is not as it was posted."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.document.reconcile import (
    BUCKET_OF,
    BY_US,
    REMEDY_WORDS,
    Bucket,
    Finding,
    Kind,
    Remedy,
    Side,
    compare,
    missing,
)
from connector.domain.document.states import State

OURS = Side(
    currency="EUR",
    gross=D("29.66"),
    net=D("25.50"),
    vat=D("4.16"),
    codes={"2": (D("15.50"), D("3.26")), "4": (D("10"), D("0.90"))},
    gl_accounts={"8000": D("20.00"), "8100": D("5.50")},
    lines=3,
    account="a",
    invoice_to="b",
    dated=date(2026, 3, 2),
    final=True,
    vat_number="DE812345673",
    your_ref="SHOP-1001",
)
RECODED = {"2": (D("25.50"), D("4.16"))}


def kinds(**change: object) -> list[str]:
    return [str(each.kind) for each in compare(OURS, replace(OURS, **change))]  # type: ignore[arg-type]


def test_equal_sides_have_no_difference() -> None:
    assert compare(OURS, OURS) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"gross": D("29.67")}, "amount"),
        ({"gross": D("29.665")}, "amount"),
        ({"gross": D("29.65"), "net": D("25.49"), "codes": {**OURS.codes, "2": (D("15.49"), D("3.26"))}}, "amount"),
        ({"currency": "USD", "gross": D("99")}, "currency"),
        ({"codes": RECODED}, "vat"),
        ({"codes": RECODED, "gross": D("31.00"), "vat": D("5.50")}, "vat"),
        ({"vat": D("4.17"), "net": D("25.49")}, "vat"),
        ({"codes": {"2": (D("15.49"), D("3.27")), "4": (D("10"), D("0.90"))}}, "vat"),
        ({"account": "b"}, "account"),
        ({"invoice_to": "a"}, "account"),
        ({"gl_accounts": {"8000": D("25.50")}}, "account"),
        ({"gl_accounts": {"8000": D("15.00"), "8100": D("10.50")}}, "account"),
        ({"vat_number": "DE298765435"}, "account"),
        ({"vat_number": ""}, "account"),
        ({"account": "b", "vat_number": "", "gl_accounts": {"8200": D("25.50")}}, "account"),
        ({"dated": date(2026, 4, 1)}, "date"),
        ({"your_ref": "SHOP-1002"}, "reference"),
        ({"your_ref": ""}, "reference"),
        ({"final": False}, "state"),
    ],
)
def test_each_difference_has_the_one_kind_that_tells_most(change: dict[str, object], kind: str) -> None:
    assert kinds(**change) == [kind]


def test_money_and_facts_are_different_kinds() -> None:
    assert kinds(gross=D("30"), dated=date(2026, 4, 1), final=False) == ["amount", "date", "state"]


@pytest.mark.parametrize(
    "change",
    [
        {"gross": D("29.664")},
        {"gross": None, "vat": None, "currency": ""},
        {"codes": {**OURS.codes, "0": (D(0), D(0))}},
        {"account": "", "invoice_to": "", "dated": None, "final": None, "vat_number": None},
        {"gl_accounts": {}},
        {"gl_accounts": {"8000": D("20.03"), "8100": D("5.47")}},  # three lines, each rounded by itself
    ],
)
def test_what_is_not_known_or_smaller_than_half_a_cent_does_not_differ(change: dict[str, object]) -> None:
    assert kinds(**change) == []


def test_codes_that_one_side_does_not_know_are_not_compared() -> None:
    assert compare(replace(OURS, codes={}), OURS) == []


def test_a_document_left_open_may_be_final_now() -> None:
    assert compare(replace(OURS, final=False), replace(OURS, final=True)) == []


def test_an_order_without_a_number_may_go_to_an_account_that_has_one() -> None:
    assert compare(replace(OURS, vat_number=""), OURS) == []
    assert compare(replace(OURS, vat_number=None), OURS) == []


def test_the_figures_say_all_that_differs_so_that_more_is_another_difference() -> None:
    cent, more = replace(OURS, gross=D("29.67")), replace(OURS, gross=D("29.67"), vat=D("7.16"))
    (first,), (second,) = compare(OURS, cent), compare(OURS, more)
    assert (first.kind, second.kind) == (Kind.AMOUNT, Kind.AMOUNT)
    assert first.found == "29.67 EUR"
    assert second.found.startswith("29.67 EUR; 2: ")
    (coded,) = compare(OURS, replace(OURS, codes=RECODED, gross=D("31.00")))
    assert (coded.kind, coded.found) == (Kind.VAT, "2: 25.50 + 4.16; 31.00 EUR")
    (account,) = compare(OURS, replace(OURS, account="c", vat_number="", gl_accounts={"8200": D("25.50")}))
    assert (account.expected, account.found) == (
        "a, b; DE812345673; 8000: 20.00, 8100: 5.50",
        "c, b; ; 8200: 25.50",
    )


def test_a_difference_shows_both_figures() -> None:
    (amount,) = compare(OURS, replace(OURS, gross=D("29.67")))
    assert amount == Finding(Kind.AMOUNT, "29.66 EUR", "29.67 EUR", Remedy.CORRECT)
    (vat,) = compare(OURS, replace(OURS, codes=RECODED))
    assert (vat.expected, vat.found) == ("2: 15.50 + 3.26, 4: 10.00 + 0.90", "2: 25.50 + 4.16")


def test_every_state_has_a_bucket_and_every_action_its_words() -> None:
    assert set(BUCKET_OF) == set(State)
    assert set(REMEDY_WORDS) == set(Remedy)
    assert set(REMEDY_WORDS) > BY_US


def test_what_puts_a_missing_document_right_depends_on_where_its_order_is() -> None:
    assert [missing(each) for each in (Bucket.MISSING, Bucket.HELD, Bucket.WAITING)] == [
        Remedy.TAKE_IN,
        Remedy.RE_POST,
        Remedy.WAIT,
    ]
    assert missing(Bucket.MISSING, undecided=True) == Remedy.DECIDE


CENTS = st.integers(-100_000, 100_000).map(lambda number: D(number).scaleb(-2))
SIDES = st.builds(
    Side,
    currency=st.sampled_from(["", "EUR", "USD"]),
    gross=st.none() | CENTS,
    vat=st.none() | CENTS,
    codes=st.dictionaries(st.sampled_from(["", "2", "4"]), st.tuples(CENTS, CENTS), max_size=3),
    gl_accounts=st.dictionaries(st.sampled_from(["8000", "8100"]), CENTS, max_size=2),
    lines=st.integers(0, 3),
    account=st.sampled_from(["", "a", "b"]),
    invoice_to=st.sampled_from(["", "a", "b"]),
    dated=st.none() | st.dates(),
    final=st.none() | st.booleans(),
    vat_number=st.none() | st.sampled_from(["", "DE812345673", "DE298765435"]),
)


@given(SIDES)
def test_a_side_never_differs_from_itself(side: Side) -> None:
    assert compare(side, side) == []


@given(SIDES, SIDES)
def test_no_kind_comes_twice_and_money_has_one_at_most(ours: Side, theirs: Side) -> None:
    found = [each.kind for each in compare(ours, theirs)]
    assert len(found) == len(set(found))
    assert len({Kind.AMOUNT, Kind.VAT, Kind.CURRENCY} & set(found)) <= 1


@given(st.builds(replace, st.just(OURS), gross=CENTS))
def test_a_total_that_is_a_cent_or_more_off_is_never_missed(theirs: Side) -> None:
    assert bool(compare(OURS, theirs)) == (theirs.gross != OURS.gross)
