"""The report says what a pull would come to, and writes to neither side."""

import pytest

from connector.flow.customer.runs import report
from connector.models import CustomerLink, CustomerMatch
from tests.acme import Acme
from tests.bench.customers.placed import writes
from tests.flow.customer.pulling import begin, furnish, turns
from tests.flow.customer.shop import Shop

pytestmark = pytest.mark.django_db


def test_it_works_before_the_first_pull_and_says_what_that_comes_to(acme: Acme) -> None:
    furnish(acme)
    written = writes(acme)
    report.read_both_sides(acme.connection, lambda line: None)
    found = report.report_of(acme.connection)
    assert (CustomerLink.objects.count(), CustomerMatch.objects.count(), writes(acme)) == (0, 0, written)
    assert found.customers == found.linked + found.new + len(found.ambiguous) == 40
    run = turns(begin(acme))
    assert len(found.ambiguous) == run.ambiguous
    assert found.linked + found.new == run.linked + run.created


def test_an_entry_has_the_candidates_and_why() -> None:
    shop = Shop()
    shop.customer("1", email="twin@customers.example")
    for code in ("41", "42"):
        shop.account(email="twin@customers.example", code=code)
    found = report.report_of(shop.connection)
    (entry,) = found.ambiguous
    assert (entry["customer"], entry["name"]) == ("1", "Jane Doe")
    assert [(each["code"], each["reason"]) for each in entry["candidates"]] == [
        ("41", "email_and_name"),
        ("42", "email_and_name"),
    ]
    assert "2 accounts in Exact" in entry["why"]
    assert (found.customers, found.linked, found.new) == (1, 0, 0)
