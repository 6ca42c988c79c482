"""Documents that were typed in by hand find their orders: nothing is adopted twice, and what is in doubt is said."""

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.document.match import DAYS_APART, Match, PlacedOrder, Sign, Typed, match, numbers_in

DAY = date(2026, 3, 29)  # clocks change
JAN = frozenset({"name:jan jansen"})


def order(number: int = 1001, total: str = "12.10", **more: object) -> PlacedOrder:
    values = {"currency": "EUR", "day": DAY, "customers": JAN, **more}
    return PlacedOrder(number, f"SHOP-{number}", Decimal(total), **values)  # type: ignore[arg-type]


def typed(key: str = "a", your_ref: str = "", amount: str = "12.10", **more: object) -> Typed:
    values = {"description": "", "order_number": "", "currency": "EUR", "dated": DAY, "customers": JAN, **more}
    return Typed(key, your_ref, amount=Decimal(amount), **values)  # type: ignore[arg-type]


def of(one: PlacedOrder, *documents: Typed) -> Match:
    return match([one], documents)[one.id]


@pytest.mark.parametrize(
    ("document", "sign"),
    [
        (typed(your_ref=" shop-1001"), Sign.REFERENCE),
        (typed(your_ref="1001"), Sign.NUMBER),
        (typed(your_ref="Order #1001"), Sign.NUMBER),
        (typed(description="Webshop 1001, J. Jansen"), Sign.NUMBER),
        (typed(description="bestelling nr.1001."), Sign.NUMBER),
        (typed(order_number="1001"), Sign.NUMBER),
        (typed(your_ref="SHOP-1001-2"), Sign.NUMBER),
        (typed(your_ref="1001", dated=None, customers=frozenset()), Sign.NUMBER),
        (typed(your_ref="1001", dated=DAY + timedelta(days=90)), Sign.NUMBER),
    ],
)
def test_our_reference_or_the_number_with_the_amount_is_sure(document: Typed, sign: Sign) -> None:
    assert of(order(), document) == Match(True, (("a", sign),))


@pytest.mark.parametrize(
    ("document", "sign"),
    [
        (typed(your_ref="SHOP-1001", amount="12.11"), Sign.OTHER_AMOUNT),
        (typed(your_ref="1001", amount="12.11"), Sign.OTHER_AMOUNT),
        (typed(your_ref="1001", currency="USD"), Sign.OTHER_AMOUNT),
        (typed(order_number="1001", amount="5.00"), Sign.OTHER_AMOUNT),
        (typed(dated=DAY - timedelta(days=DAYS_APART)), Sign.ALIKE),
        (typed(dated=DAY + timedelta(days=1)), Sign.ALIKE),
    ],
)
def test_half_a_sign_is_for_a_person(document: Typed, sign: Sign) -> None:
    assert of(order(), document) == Match(False, (("a", sign),))


@pytest.mark.parametrize("document", [typed(), typed(description="12.10 of 2026-03-29")])
def test_the_customer_the_day_and_the_amount_are_sure_where_there_is_no_other_choice(document: Typed) -> None:
    assert of(order(), document) == Match(True, (("a", Sign.SAME),))


def test_a_second_document_of_that_customer_and_amount_leaves_it_to_a_person() -> None:
    near = typed("b", dated=DAY + timedelta(days=2))
    assert of(order(), typed("a"), near) == Match(False, (("a", Sign.SAME), ("b", Sign.ALIKE)))


def test_a_second_order_of_that_customer_and_amount_leaves_it_to_a_person() -> None:
    near = order(1002, day=DAY + timedelta(days=2))
    found = match([order(1001), near], [typed("a")])
    assert found == {1001: Match(False, (("a", Sign.SAME),)), 1002: Match(False, (("a", Sign.ALIKE),))}


def test_an_order_that_has_its_document_by_number_is_no_second_order() -> None:
    found = match([order(1001), order(1002)], [typed("a"), typed("b", "1002")])
    assert found == {1001: Match(True, (("a", Sign.SAME),)), 1002: Match(True, (("b", Sign.NUMBER),))}


@pytest.mark.parametrize(
    "document",
    [
        typed(your_ref="11001", customers=frozenset()),
        typed(your_ref="A1001", customers=frozenset()),
        typed(description="1001.50 paid", customers=frozenset()),
        typed(dated=DAY + timedelta(days=DAYS_APART + 1)),
        typed(dated=None),
        typed(customers=frozenset({"name:other"})),
        typed(amount="12.11"),
        typed(your_ref="1001", dated=DAY - timedelta(days=DAYS_APART + 1)),
        typed(order_number="1001", amount="5.00", customers=frozenset()),  # Exact's own number
    ],
)
def test_anything_less_is_none(document: Typed) -> None:
    assert of(order(), document) == Match()


def test_two_documents_of_one_order_are_for_a_person() -> None:
    found = of(order(), typed("b", "1001"), typed("a", "1001"))
    assert found == Match(False, (("a", Sign.NUMBER), ("b", Sign.NUMBER)))


def test_our_own_reference_is_stronger_than_a_number() -> None:
    assert of(order(), typed("a", "1001"), typed("b", "SHOP-1001")) == Match(True, (("b", Sign.REFERENCE),))


def test_a_document_that_names_two_orders_is_for_a_person() -> None:
    both = match([order(1001), order(1002)], [typed(your_ref="1001, 1002")])
    assert both == {number: Match(False, (("a", Sign.SHARED),)) for number in (1001, 1002)}


def test_two_orders_that_fit_one_document_are_for_a_person() -> None:
    both = match([order(1001), order(1002)], [typed()])
    assert both == {number: Match(False, (("a", Sign.SAME),)) for number in (1001, 1002)}


def test_two_orders_with_one_reference_are_for_a_person() -> None:
    orders = [dataclasses.replace(order(number), reference="SHOP-7") for number in (1001, 1002)]
    both = match(orders, [typed(your_ref="SHOP-7")])
    assert both == {number: Match(False, (("a", Sign.REFERENCE),)) for number in (1001, 1002)}


def test_a_document_that_names_an_order_is_no_other_orders() -> None:
    found = match([order(1001), order(1002)], [typed(your_ref="1001")])
    assert found == {1001: Match(True, (("a", Sign.NUMBER),)), 1002: Match()}


def test_exacts_own_order_number_does_not_stand_in_the_way_of_what_is_sure() -> None:
    found = match([order(1001), order(1002, "7.00")], [typed(your_ref="1001", order_number="1002")])
    assert found == {1001: Match(True, (("a", Sign.NUMBER),)), 1002: Match()}


def test_numbers_are_words() -> None:
    assert numbers_in("SHOP-0042 12,50 1-2-2026 v3", "2026-01-31 (7)") == {"42", "7"}


ORDERS = st.lists(
    st.builds(order, st.integers(1001, 1004), st.sampled_from(["5.00", "6.00"]), customers=st.just(JAN)),
    max_size=4,
    unique_by=lambda each: each.id,
)
TEXTS = st.sampled_from(["", "1001", "SHOP-1001", "1002", "1003 1004", "SHOP-1004", "1005"])
DOCUMENTS = st.lists(
    st.builds(
        typed,
        st.sampled_from("abcdef"),
        TEXTS,
        st.sampled_from(["5.00", "6.00"]),
        description=TEXTS,
        order_number=st.sampled_from(["", "1001", "1003"]),
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)


@given(ORDERS, DOCUMENTS, st.randoms(use_true_random=False))
def test_each_order_has_a_match_and_no_document_is_adopted_twice(
    orders: list[PlacedOrder], documents: list[Typed], chance: object
) -> None:
    found = match(orders, documents)
    assert found.keys() == {each.id for each in orders}
    adopted = [key for each in found.values() if each.is_sure for key, _sign in each.documents]
    assert len(adopted) == len(set(adopted))
    likely = {key for each in found.values() if not each.is_sure for key, _sign in each.documents}
    assert likely.isdisjoint(adopted)
    chance.shuffle(orders)  # type: ignore[attr-defined]
    chance.shuffle(documents)  # type: ignore[attr-defined]
    assert match(orders, documents) == found


@given(ORDERS, DOCUMENTS)
def test_what_is_adopted_has_the_orders_amount_and_its_number_or_day(
    orders: list[PlacedOrder], documents: list[Typed]
) -> None:
    by_order, by_id = {each.id: each for each in orders}, {each.id: each for each in documents}
    for number, found in match(orders, documents).items():
        if found.is_sure:
            ((key, sign),) = found.documents
            document = by_id[key]
            assert document.amount == by_order[number].total
            texts = (document.your_ref, document.description, document.order_number)
            assert (str(number) in numbers_in(*texts)) or (sign is Sign.SAME and document.dated == by_order[number].day)
        named = {each.id for each in documents if str(number) in numbers_in(each.your_ref, each.description)}
        settled = {key for other, each in found_elsewhere(orders, documents, number) for key, _sign in each.documents}
        assert named - settled <= {key for key, _sign in found.documents} | (named if found.is_sure else set())


def found_elsewhere(orders: list[PlacedOrder], documents: list[Typed], number: int) -> list[tuple[int, Match]]:
    """The other orders' sure matches."""
    found = match(orders, documents)
    return [(other, each) for other, each in found.items() if other != number and each.is_sure]
