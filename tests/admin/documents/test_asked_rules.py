"""An address of the page of rules is read as it was written, and nothing else is."""

from urllib.parse import urlsplit

import pytest
from django.http import QueryDict

from connector.admin.documents.asked_rules import Asked, new_rule_page, read, uses_page
from connector.models import Connection


def asked(address: str) -> Asked | None:
    parts = urlsplit(address)
    assert parts.fragment == "asked"
    return read(QueryDict(parts.query))


def test_it_is_read_as_it_was_written() -> None:
    connection = Connection(pk=7)
    assert asked(uses_page(connection, "cost_center", "A&B #1")) == Asked("cost_center", "A&B #1")
    new = Asked(section="vat", when={"country": "FR", "rate": "20"})
    assert asked(new_rule_page(connection, "vat", country="FR", rate="20", line="")) == new


@pytest.mark.parametrize("query", ["", "uses=", "uses=item", "uses=colour:red", "add=payment_conditions", "rate=20"])
def test_anything_else_asks_for_nothing(query: str) -> None:
    assert read(QueryDict(query)) is None


def test_only_conditions_of_a_rule_are_taken_and_are_short() -> None:
    found = read(QueryDict(f"add=rules&sku=A&line={'x' * 300}%00"))
    assert found == Asked(section="rules", when={"line": "x" * 100})
