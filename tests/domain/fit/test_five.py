"""The orders to look at show as much as five orders can."""

from connector.domain.document.codes import Code
from connector.domain.fit.five import most_different
from tests.domain.fit.orders import fits, without


def test_each_next_one_shows_what_those_before_it_do_not() -> None:
    usual = [fits(number, traits="NL 21") for number in range(10, 30)]
    odd = [fits(1, traits="NL 21 9"), fits(2, traits="DE 19"), fits(3, traits="US 0 USD"), fits(4, traits="BE 21")]
    assert most_different([*usual, *odd], 4) == ("3", "1", "2", "4")


def test_of_equals_the_rarer_and_then_the_larger_one_is_shown() -> None:
    assert most_different([fits(1, "9.00", traits="a"), fits(2, "8.00", traits="a"), fits(3, traits="b")], 2) == (
        "3",
        "1",
    )


def test_only_orders_that_would_be_posted_are_shown() -> None:
    assert most_different([without(1, Code.NO_ITEM), fits(2), without(3, Code.TEST_ORDER)]) == ("2",)
