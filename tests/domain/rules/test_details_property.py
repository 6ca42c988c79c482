"""A decision made before a detail of the order is read does not change afterwards."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.document.result import Needs
from connector.domain.invoice.draft import Draft
from tests.domain.books import read_books
from tests.domain.shop import PLAIN

CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "line": st.sampled_from(["product", "shipping"]),
        "country": st.sampled_from(["NL", "DE"]),
        "customer_group": st.sampled_from(["Trade", "1"]),
        "category": st.sampled_from(["Mugs", "5"]),
    },
)
DETAILS = {
    "customer_group": st.sampled_from([[], ["1", "Friends"], ["2", "Trade"]]),
    "category": st.sampled_from([{"965": []}, {"965": ["5", "Mugs"]}, {"965": ["6", "Cups"]}]),
}


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(CONDITIONS, max_size=4), st.fixed_dictionaries(DETAILS))
def test_reading_the_details_changes_no_decision(conditions: list[dict[str, str]], details: dict[str, Any]) -> None:
    """Each detail is asked for once: an order with all its details needs nothing more."""
    then = {"cost_center": "EU-WEST"}
    rules = [
        {"priority": place, "when": when, "then": {**then, "gl_account": ["8000", "8200"][place % 2]}}
        for place, when in enumerate([*conditions, {}])
    ]
    books = read_books({"rules": rules})
    without, detailed = books.translate(PLAIN), books.translate({**PLAIN, "details": details})
    assert isinstance(detailed, Draft)
    if isinstance(without, Needs):
        known = {key: value for key, value in details.items() if key in without.what}
        assert known
        assert books.translate({**PLAIN, "details": known}) != without
    else:
        assert without == detailed
