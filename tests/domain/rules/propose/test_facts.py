"""What is known of a division and of the store's sales."""

import pytest

from connector.domain.order.model import LineKind
from connector.domain.order.vat_area import EU
from connector.domain.rules.propose.facts import Place
from tests.domain.rules.propose.division import facts_of

DUTCH = facts_of("nl_with_items")


@pytest.mark.parametrize(("country", "place"), [("NL", Place.HOME), ("DE", Place.EU), ("CH", Place.OUTSIDE)])
def test_a_place_is_seen_from_the_division(country: str, place: Place) -> None:
    assert DUTCH.place_of(country, EU) is place


def test_what_the_store_sold_is_known_by_kind() -> None:
    assert DUTCH.sold(LineKind.SHIPPING)
    assert not DUTCH.sold(LineKind.WRAPPING)
