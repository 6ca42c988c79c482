from itertools import combinations

import pytest

from connector.domain.document.lengths import (
    LONGEST_DESCRIPTION,
    LONGEST_PAYMENT_REFERENCE,
    LONGEST_REFERENCE,
    cut,
    length,
    shorten,
    shorten_reference,
)

LONG = "WEBSHOPNL1-12345678-C7654321"


@pytest.mark.parametrize("longest", [LONGEST_REFERENCE, LONGEST_PAYMENT_REFERENCE])
def test_a_reference_that_fits_is_kept(longest: int) -> None:
    assert shorten_reference("SHOP-1001-C31", longest) == "SHOP-1001-C31"


def test_a_longer_one_keeps_the_numbers_of_the_order_and_the_refund() -> None:
    assert shorten_reference(LONG) == LONG
    assert shorten_reference(LONG, LONGEST_PAYMENT_REFERENCE) == "3F52CA-12345678-C7654321"


def test_shortened_references_fit_and_differ() -> None:
    """The largest numbers that there are, of several shops whose prefixes have the same end or beginning."""
    prefixes = [f"{letter}WEBSHOPNL"[:10] for letter in "ABCDEFGH"] + [f"WEBSHOPNL{letter}" for letter in "ABCDEFGH"]
    long = [
        f"{prefix}-{order}-C{refund}"
        for prefix in prefixes
        for order in (1234567890, 2234567890)
        for refund in (1234567890, 1234567891)
    ]
    for longest in (LONGEST_REFERENCE, LONGEST_PAYMENT_REFERENCE):
        found = [shorten_reference(each, longest) for each in long]
        assert all(len(each) <= longest for each in found)
        assert all(one != other for one, other in combinations(found, 2))


def test_a_description_is_cut_with_an_ellipsis() -> None:
    assert shorten("Mug") == "Mug"
    assert shorten("x" * LONGEST_DESCRIPTION) == "x" * LONGEST_DESCRIPTION
    assert shorten("x" * 61) == "x" * 59 + "…"
    assert shorten("a " * 31) == "a " * 29 + "a…"


def test_an_emoji_counts_as_two() -> None:
    assert length("Mug 🎉") == 6
    assert length("\uffff\U00010000") == 3  # the last character of one unit, and the first of two
    assert cut("🎉🎉🎉", 5) == "🎉🎉"
    assert length(shorten("🎉" * 60)) <= LONGEST_DESCRIPTION
