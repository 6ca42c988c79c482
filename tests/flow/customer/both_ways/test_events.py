"""The history of a customer: a write's lines are there before it is sent, and say how it ended."""

import pytest

from connector.domain.choices import FieldGroup
from connector.domain.customer.in_step import Move, Step
from connector.domain.document.codes import Code
from connector.domain.document.result import problem
from connector.flow.customer.both_ways import events
from connector.flow.customer.both_ways.events import Kind, Origin
from connector.flow.customer.both_ways.pairs import pairs_of
from connector.models import CustomerEvent
from tests.acme import Acme
from tests.flow.customer.linked import Linked

WHY = problem(Code.STORE_NEEDS_EMAIL)


@pytest.fixture
def begun(acme: Acme) -> list[CustomerEvent]:
    (pair,) = pairs_of([Linked(acme).link])
    pair.moves = {FieldGroup.NAMES: Move(Step.TO_EXACT, {"name": "New"})}
    return events.begin([(pair, FieldGroup.NAMES, {"name": "Old"})], Kind.TO_EXACT, Origin.ORDER, None)


def kept() -> CustomerEvent:
    return CustomerEvent.objects.get()


def test_what_is_overwritten_stands_there_before_the_call(begun: list[CustomerEvent]) -> None:
    event = kept()
    assert (event.kind, event.group, event.before, event.after) == (
        "to_exact",
        "names",
        {"name": "Old"},
        {"name": "New"},
    )
    assert (event.origin, event.problems, event.tenant) == ("order", [], event.store.tenant)


def test_a_refused_write_says_so_in_its_own_line(begun: list[CustomerEvent]) -> None:
    events.refuse(begun, WHY)
    assert (kept().kind, kept().problems[0]["code"]) == ("refused", Code.STORE_NEEDS_EMAIL)


def test_an_unclear_write_keeps_its_line_with_the_doubt(begun: list[CustomerEvent]) -> None:
    events.leave_open(begun, WHY)
    assert (kept().kind, len(kept().problems)) == ("to_exact", 1)


def test_what_was_not_sent_leaves_no_line(begun: list[CustomerEvent]) -> None:
    events.take_back(begun)
    assert not CustomerEvent.objects.exists()


def test_a_line_has_the_account_of_that_time(acme: Acme) -> None:
    pair = Linked(acme)
    event = events.note(pair.link, Kind.UNLINKED, Origin.PERSON, before={"account": "1"})
    assert (event.account_id, event.customer_key) == (pair.account_id, str(pair.customer_id))
