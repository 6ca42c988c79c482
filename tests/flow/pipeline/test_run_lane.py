"""A turn of a lane: it is short while others wait, ends at a stop, and a fault in one document stops no other."""

import gc
from collections import Counter

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from connector.flow import stopping
from connector.flow.lane import slots, wakeup
from connector.flow.pipeline import run_lane
from connector.flow.pipeline.lane import Work
from connector.flow.pipeline.post_document import post_document
from connector.models import Division, OrderSync
from tests.acme import Acme
from tests.bench.test_document import TRANSACTIONS, deliver, place
from tests.factories import DivisionFactory

ORDERS = 3
Counted = tuple[int, int]
"""Statements, and those that begin or end a transaction."""


@pytest.fixture
def other(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> Division:
    """A second lane, which waits for a thread of this process; Acme has three orders."""
    for order_id in range(1001, 1001 + ORDERS):
        acme.ring(order_id)
    wakeup.take(acme.connection.division_id)
    monkeypatch.setattr(slots.Slots, "a_lane_waits", True)
    monkeypatch.setattr(run_lane, "SHARED_DOCUMENTS", 2)
    return DivisionFactory.create(grant=acme.connection.division.grant)


def turn(acme: Acme) -> int:
    """How many documents one turn of Acme's lane takes."""
    return run_lane.drain_lane(acme.connection.division_id)


def test_a_turn_ends_behind_the_document_when_a_lane_with_new_work_waits(acme: Acme, other: Division) -> None:
    wakeup.wake([other.pk])
    assert turn(acme) == 1
    assert Division.objects.get(pk=acme.connection.division_id).handed_back


def test_lanes_that_were_served_already_take_longer_turns(acme: Acme, other: Division) -> None:
    wakeup.hand_back(other.pk)
    assert [turn(acme), turn(acme)] == [2, 1]


def test_a_turn_is_short_by_seconds_too(acme: Acme, other: Division, monkeypatch: pytest.MonkeyPatch) -> None:
    wakeup.hand_back(other.pk)
    monkeypatch.setattr(run_lane, "SHARED_SECONDS", 0)
    assert turn(acme) == 1


@pytest.mark.usefixtures("other")
def test_a_turn_goes_on_while_nobody_waits(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots.Slots, "a_lane_waits", False)
    assert turn(acme) == ORDERS


def test_a_lane_that_is_woken_in_its_own_turn_does_not_end_it(acme: Acme, other: Division) -> None:
    wakeup.hand_back(other.pk)
    acme.ring(1004)
    assert turn(acme) == 2


def test_no_document_begins_after_a_stop_was_asked_for(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    for order_id in (1001, 1002):
        acme.ring(order_id)

    def post(work: Work) -> None:
        stopping.ask()
        post_document(work)

    monkeypatch.setattr(run_lane, "post_document", post)
    assert turn(acme) == 1
    assert turn(acme) == 0
    stopping.forget()
    assert sorted(OrderSync.objects.values_list("state", flat=True)) == ["pending", "posted"]


def test_the_log_of_a_fault_says_where_and_quotes_no_order(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    quoted = ValueError("Anna de Wit, anna@shopper.example")

    def fail(work: object) -> None:
        raise quoted

    monkeypatch.setattr("connector.flow.pipeline.lane.Work.fetch", fail)
    acme.ring(1001)
    with capture_logs() as logged:
        acme.drain(1)
    (entry,) = [entry for entry in logged if entry["event"] == "unexpected"]
    assert entry["error"] == "ValueError"
    assert "in translate_order" in entry["where"]
    assert "exc_info" not in entry
    assert "anna" not in str(entry).casefold()
    assert acme.document(1001).state == "waiting"


@pytest.mark.usefixtures("one_reading")
@pytest.mark.parametrize(("new", "of_a_turn", "of_a_document"), [(False, (27, 8), (15, 8)), (True, (27, 8), (29, 14))])
def test_a_document_takes_exactly_so_many_statements(
    acme: Acme, new: bool, of_a_turn: Counted, of_a_document: Counted
) -> None:
    deliver(acme, place(acme, 1, 8001))
    acme.drain()
    (turn_of_one, begun), (turn_of_two, also_begun) = (
        statements_of(acme, place(acme, count, 9000 + count * 10, new=new)) for count in (1, 2)
    )
    more = (turn_of_two - turn_of_one, also_begun - begun)
    assert (turn_of_one - more[0], begun - more[1], *more) == (*of_a_turn, *of_a_document)


def statements_of(acme: Acme, orders: list[int]) -> Counted:
    """What a turn with these orders asks the database, without their deliveries, and without the cache's table."""
    deliver(acme, orders)
    with CaptureQueriesContext(database) as captured:
        assert turn(acme) == len(orders)
    assert all(acme.document(order).state == "posted" for order in orders)
    # SQLite moves the head of a chain apart from the lines that are added.
    left_out = (' "cache" ', 'UPDATE "connector_chain"')
    queries = [query["sql"] for query in captured.captured_queries]
    asked = [sql for sql in queries if not any(part in sql for part in left_out)]
    kinds = Counter(sql.split(" ", 1)[0] in TRANSACTIONS for sql in asked)
    return kinds[False], kinds[True]


def test_a_worker_keeps_nothing_of_the_documents_that_it_has_posted(acme: Acme) -> None:
    """So its memory is flat, however many there are."""
    deliver(acme, place(acme, 2, 8001))
    acme.drain()
    before = objects_of_ours()
    deliver(acme, place(acme, 8, 9001))
    assert turn(acme) == 8
    kept = objects_of_ours() - before
    assert not {name: number for name, number in kept.items() if number >= 8}


def objects_of_ours() -> Counter[str]:
    """How many objects of each class of the product live, but for the fakes, who keep what they were sent."""
    gc.collect()
    classes = (type(each) for each in gc.get_objects())
    names = Counter(f"{each.__module__}.{each.__qualname__}" for each in classes)
    return Counter({n: c for n, c in names.items() if n.startswith("connector.") and "sandbox" not in n})
