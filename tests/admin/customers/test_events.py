"""A line of the history in words."""

import pytest

from connector.admin.customers.events import in_words
from connector.models import CustomerEvent


def event(**given: object) -> CustomerEvent:
    return CustomerEvent(**{"kind": "to_exact", "origin": "order", "group": "contact"} | given)


def test_only_what_changed_is_said() -> None:
    said = in_words(event(before={"email": "a@b.example", "phone": "1"}, after={"email": "", "phone": "1"}))
    assert said.title == "Written to Exact: E-mail and phone"
    assert said.changes == ["E-mail: a@b.example → nothing"]


def test_why_something_was_refused_is_said() -> None:
    problems = [{"code": "customer_without_name", "line": "", "params": {"search_code": "SHOP-2"}}]
    assert "has no name and no e-mail address" in in_words(event(kind="refused", problems=problems)).said[0]


@pytest.mark.parametrize("odd", [None, [], "x", {"a": {"b": 1}}])
def test_odd_values_say_nothing(odd: object) -> None:
    said = in_words(event(before=odd, after=odd, problems={"a": 1}))
    assert (said.changes, said.said) == ([], [])
