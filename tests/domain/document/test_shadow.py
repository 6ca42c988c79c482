"""Our drafts beside what a bookkeeper typed: what agrees, what differs, and whether posting may be switched on."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.document.shadow import (
    DECISIVE,
    ENOUGH,
    Agreement,
    Answer,
    Compared,
    Difference,
    Field,
    Side,
    Sum,
    Summary,
    add_up,
    compare,
    sums_of,
)

NET, VAT = Decimal("100.00"), Decimal("21.00")
OURS = Side(
    currency="EUR",
    gross=NET + VAT,
    vat_codes=sums_of([("2", NET, VAT, "VAT rule 1, version 3")]),
    gl_accounts=sums_of([("8000", NET, VAT, "rule 20, version 3")]),
    cost_centers=sums_of([("WEB", NET, VAT, "rule 20, version 3")]),
    accounts=frozenset({"anna"}),
    dated=date(2026, 1, 5),
    payment_condition="30",
    form="sales_invoice",
)


def sums(code: str, net: str = "100.00", vat: str = "21.00") -> dict[str, Sum]:
    return sums_of([(code, Decimal(net), Decimal(vat), "")])


def found(theirs: Side, ours: Side = OURS) -> tuple[Difference, ...]:
    return compare(1001, "x", ours, theirs).differences


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"gross": Decimal("121.01")}, Difference(Field.AMOUNT, "121.00", "121.01")),
        (
            {"vat_codes": sums("4")},
            Difference(Field.VAT, "2: 100.00 + 21.00", "4: 100.00 + 21.00", ("VAT rule 1, version 3",)),
        ),
        (
            {"vat_codes": sums("2", "101.00", "20.00")},
            Difference(Field.VAT, "2: 100.00 + 21.00", "2: 101.00 + 20.00", ("VAT rule 1, version 3",)),
        ),
        (
            {"gl_accounts": sums("8010")},
            Difference(Field.GL_ACCOUNT, "8000: 100.00", "8010: 100.00", ("rule 20, version 3",)),
        ),
        (
            {"cost_centers": sums("")},
            Difference(Field.COST_CENTER, "WEB: 100.00", "-: 100.00", ("rule 20, version 3",)),
        ),
        ({"accounts": frozenset({"bob"})}, Difference(Field.ACCOUNT, "anna", "bob")),
        ({"dated": date(2026, 1, 6)}, Difference(Field.DATE, "2026-01-05", "2026-01-06")),
        ({"payment_condition": "14"}, Difference(Field.PAYMENT_CONDITION, "30", "14")),
        ({"form": "sales_entry"}, Difference(Field.FORM, "sales_invoice", "sales_entry")),
        ({"currency": "USD"}, Difference(Field.CURRENCY, "EUR", "USD")),
    ],
)
def test_each_difference_is_named_alone_with_both_figures(change: dict[str, Any], difference: Difference) -> None:
    assert found(replace(OURS, **change)) == (difference,)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"gross": None}, Field.AMOUNT),
        ({"vat_codes": None}, Field.VAT),
        ({"gl_accounts": None}, Field.GL_ACCOUNT),
        ({"cost_centers": None}, Field.COST_CENTER),
        ({"accounts": frozenset()}, Field.ACCOUNT),
        ({"dated": None}, Field.DATE),
        ({"payment_condition": ""}, Field.PAYMENT_CONDITION),
        ({"form": ""}, Field.FORM),
    ],
)
def test_what_one_side_does_not_know_is_no_difference(change: dict[str, Any], field: Field) -> None:
    for ours, theirs in ((OURS, replace(OURS, **change)), (replace(OURS, **change), OURS)):
        pair = compare(1001, "x", ours, theirs)
        assert (pair.differences, pair.fields) == ((), frozenset(Field) - {field})


def test_less_than_half_a_cent_is_no_difference_and_half_a_cent_is_one() -> None:
    assert not found(replace(OURS, gross=Decimal("121.00499")))
    assert found(replace(OURS, gross=Decimal("121.005")))


def test_figures_have_the_decimals_of_their_currency() -> None:
    (found_one,) = found(replace(OURS, gross=Decimal("121.5000"), vat_codes=None, gl_accounts=None, cost_centers=None))
    assert found_one.theirs == "121.50"
    yen = Side("JPY", Decimal("121"), sums("2", "100", "21"))
    (in_yen,) = found(replace(yen, vat_codes=sums("4", "100.0000", "21")), yen)
    assert (in_yen.ours, in_yen.theirs) == ("2: 100 + 21", "4: 100 + 21")


def test_a_cent_in_the_amount_is_not_named_again_under_every_code() -> None:
    off = Side("EUR", Decimal("121.01"), sums("2", "100.01"), sums("8000", "100.01"))
    assert [each.field for each in found(off)] == [Field.AMOUNT]
    off = replace(off, vat_codes=sums("4", "100.01"))
    assert [each.field for each in found(off)] == [Field.AMOUNT, Field.VAT]


def test_codes_without_money_and_cost_centres_that_nobody_has_are_not_compared() -> None:
    free = sums_of([("2", NET, VAT, ""), ("0", Decimal(0), Decimal(0), "")])
    assert not found(replace(OURS, vat_codes=free))
    nobody = replace(OURS, cost_centers=sums(""))
    assert Field.COST_CENTER not in compare(1001, "x", nobody, nobody).fields


def test_ours_may_go_to_any_of_the_customers_accounts() -> None:
    assert not found(OURS, replace(OURS, accounts=frozenset({"anna", "collective"})))


def many(number: int, theirs: Side = OURS) -> list[Compared]:
    return [compare(1001 + at, str(at), OURS, theirs, sure=at % 2 == 0) for at in range(number)]


def test_the_answer_is_yes_when_enough_were_compared_and_all_decisive_fields_agree() -> None:
    summary = add_up(many(ENOUGH))
    assert (summary.answer, summary.compared, summary.sure, summary.missing) == (Answer.YES, ENOUGH, ENOUGH // 2, 0)
    assert summary.money == {"EUR": Agreement(121 * Decimal(ENOUGH), 121 * Decimal(ENOUGH))}
    assert set(summary.fields.values()) == {Agreement(Decimal(ENOUGH), Decimal(ENOUGH))}


def test_the_answer_says_how_many_more_are_needed() -> None:
    summary = add_up(many(ENOUGH - 3))
    assert (summary.answer, summary.missing) == (Answer.TOO_FEW, 3)
    assert add_up([]).missing == ENOUGH


@pytest.mark.parametrize("change", [{"gross": None}, {"vat_codes": None}])
def test_documents_without_amount_or_vat_prove_nothing(change: dict[str, Any]) -> None:
    assert add_up(many(ENOUGH, replace(OURS, **change))).answer is Answer.TOO_FEW


def test_one_decisive_difference_makes_it_no_and_the_most_frequent_field_stands_first() -> None:
    few, often = replace(OURS, vat_codes=sums("4")), replace(OURS, gl_accounts=sums("8010"))
    summary = add_up([*many(ENOUGH), *many(1, few), *many(2, often)])
    assert (summary.answer, summary.differ) == (Answer.NO, (Field.GL_ACCOUNT, Field.VAT))
    assert summary.fields[Field.VAT] == Agreement(Decimal(ENOUGH + 2), Decimal(ENOUGH + 3))
    assert summary.money["EUR"] == Agreement(121 * Decimal(ENOUGH), 121 * Decimal(ENOUGH + 3))


@pytest.mark.parametrize("rest", [{"unclear": 1}, {"held": 300}])
def test_orders_that_could_not_be_compared_make_it_no_plain_yes(rest: dict[str, int]) -> None:
    summary = add_up(many(ENOUGH, OURS), **rest)
    assert summary.answer is Answer.NOT_ALL
    assert Summary.from_json(summary.to_json()) == summary
    assert add_up(many(1, OURS), **rest).answer is Answer.TOO_FEW


def test_another_date_or_customer_does_not_hold_it_up() -> None:
    other = replace(OURS, dated=date(2026, 2, 1), accounts=frozenset({"bob"}), payment_condition="14")
    summary = add_up(many(ENOUGH, other))
    assert summary.answer is Answer.YES
    assert summary.fields[Field.DATE] == Agreement(Decimal(0), Decimal(ENOUGH))


amounts = st.decimals(Decimal(-5), Decimal(5), places=2)
codes = st.dictionaries(st.sampled_from(["", "1", "2"]), st.builds(Sum, amounts, amounts), max_size=2)
sides = st.builds(
    Side,
    currency=st.sampled_from(["", "EUR", "USD"]),
    gross=st.none() | amounts,
    vat_codes=st.none() | codes,
    gl_accounts=st.none() | codes,
    cost_centers=st.none() | codes,
    accounts=st.frozensets(st.sampled_from("ab")),
    dated=st.none() | st.just(date(2026, 1, 5)) | st.just(date(2026, 1, 6)),
    payment_condition=st.sampled_from(["", "14", "30"]),
    form=st.sampled_from(["", "sales_invoice", "sales_entry"]),
)


@given(sides)
def test_a_document_agrees_with_itself(side: Side) -> None:
    assert not found(side, side)


@given(sides, sides)
def test_only_what_was_compared_differs_and_each_field_once(ours: Side, theirs: Side) -> None:
    pair = compare(1, "x", ours, theirs)
    names = [each.field for each in pair.differences]
    assert len(set(names)) == len(names)
    assert set(names) <= pair.fields
    assert pair.fields == compare(1, "x", theirs, ours).fields
    assert all(each.ours != each.theirs for each in pair.differences)


@given(st.lists(st.tuples(sides, sides), max_size=30))
def test_a_summary_adds_up_and_is_read_as_it_was_written(pairs: list[tuple[Side, Side]]) -> None:
    compared = [compare(at, str(at), *pair) for at, pair in enumerate(pairs)]
    summary = add_up(compared)
    assert Summary.from_json(summary.to_json()) == summary
    assert add_up(compared[::-1]).fields == summary.fields
    assert all(0 <= each.agrees <= each.compared <= len(pairs) for each in summary.fields.values())
    assert sum(each.compared for each in summary.money.values()) == sum(pair.amount for pair in compared)
    assert (summary.answer is Answer.NO) == any(pair.decisive for pair in compared) == bool(summary.differ)
    assert set(summary.differ) <= set(DECISIVE)
