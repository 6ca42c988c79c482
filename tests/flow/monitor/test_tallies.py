"""Tallies: what is new is counted once, by one process, and only when it has settled."""

from datetime import timedelta

import pytest

from connector.flow.clock import database_now
from connector.flow.monitor import tallies
from connector.models import Tally
from tests.factories import DeliveryFactory, OrderSyncFactory, SyncEventFactory

pytestmark = pytest.mark.django_db
CALL = {"upstream": "exact", "status": 200, "failed": False}


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute has passed whenever it is asked for."""
    monkeypatch.setattr(tallies, "SETTLED", timedelta(0))


def calls() -> dict[str, int]:
    """The calls that were counted, after everybody who counts."""
    return tallies.by_label(tallies.add_up(), "calls")


def test_what_happened_before_the_first_time_is_not_counted(at_once: None) -> None:
    SyncEventFactory.create(data=CALL)
    assert [calls() for _ in range(3)] == [{}, {}, {}]


def test_a_row_is_counted_once_and_at_the_second_look(at_once: None) -> None:
    """What is seen now is counted next time: a row with a lower id may still be on its way."""
    tallies.add_up()
    SyncEventFactory.create(data=CALL)
    assert [calls() for _ in range(4)] == [{}, {"exact,ok": 1}, {"exact,ok": 1}, {"exact,ok": 1}]


def test_within_half_a_minute_it_only_reads() -> None:
    tallies.add_up()
    SyncEventFactory.create(data=CALL)
    assert [calls() for _ in range(3)] == [{}, {}, {}]


def test_of_two_processes_that_count_at_once_one_does(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tallies.add_up()
    SyncEventFactory.create(data=CALL)
    tallies.add_up()
    before = tallies.numbers()
    Tally.objects.filter(name="read_at").update(value=before[tallies.READ_AT] - 60)  # the other one has moved it
    monkeypatch.setattr(tallies, "numbers", lambda: before)
    assert tallies.add_up() is before
    monkeypatch.undo()
    assert tallies.numbers().get(("calls", "exact,ok")) is None


def test_a_backlog_is_counted_bit_by_bit(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    SyncEventFactory.create()
    tallies.add_up()
    SyncEventFactory.create_batch(5, document=OrderSyncFactory.create(), data=CALL)
    monkeypatch.setattr(tallies, "AT_ONCE", 2)
    assert [calls().get("exact,ok", 0) for _ in range(5)] == [0, 2, 4, 5, 5]


@pytest.mark.parametrize(
    ("status", "failed", "outcome"),
    [
        (200, False, "ok"),
        (204, False, "ok"),
        (200, True, "failed"),
        (0, True, "failed"),
        (503, True, "failed"),
        (302, False, "failed"),
        (404, True, "refused"),
        (429, True, "limited"),
    ],
)
def test_the_outcome_of_a_call(status: int, failed: bool, outcome: str) -> None:
    assert tallies.outcome(status, failed) == outcome


def test_an_event_without_a_move_or_a_call_counts_nowhere(at_once: None) -> None:
    tallies.add_up()
    SyncEventFactory.create(kind="action", data={"action": "skip"})
    SyncEventFactory.create(kind="action", data={"action": "skip", "from": "pending", "to": "skipped"})
    SyncEventFactory.create(kind="transition", data={"from": "pending", "to": "preparing"})
    tallies.add_up()
    known = tallies.add_up()
    assert tallies.by_label(known, "moves") == {"skipped": 1, "preparing": 1}
    assert tallies.by_label(known, "calls") == {}


def test_hours_long_past_are_forgotten(at_once: None) -> None:
    tallies.add_up()
    Tally.objects.create(name="accepted", label=tallies.hour_of(database_now() - timedelta(hours=30)), value=7)
    DeliveryFactory.create(proof="signature")
    tallies.add_up()
    tallies.add_up()
    assert tallies.by_label(tallies.numbers(), "accepted") == {tallies.hour_of(database_now()): 1}


def ended() -> dict[str, int]:
    return tallies.by_label(tallies.numbers(), "ended")


def test_the_documents_that_have_ended_follow_their_moves(at_once: None) -> None:
    OrderSyncFactory.create(posted=True)
    tallies.add_up()
    assert ended() == {"posted": 1, "skipped": 0}
    for came_from, to in (
        ("posting", "posted"),
        ("pending", "skipped"),
        ("pending", "skipped"),
        ("skipped", "pending"),
    ):
        SyncEventFactory.create(kind="transition", data={"from": came_from, "to": to})
    tallies.add_up()
    tallies.add_up()
    assert ended() == {"posted": 2, "skipped": 1}


def test_they_are_counted_in_full_once_a_day(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tallies.add_up()
    OrderSyncFactory.create(posted=True)  # by hand: without a move
    tallies.count_ended()
    assert ended()["posted"] == 0
    monkeypatch.setattr(tallies, "COUNT_AGAIN", timedelta(0))
    tallies.count_ended()
    assert ended()["posted"] == 1


def test_a_move_that_is_not_added_up_yet_is_counted_once(at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "COUNT_AGAIN", timedelta(0))
    tallies.add_up()
    document = OrderSyncFactory.create(posted=True)
    SyncEventFactory.create(document=document, kind="transition", data={"from": "posting", "to": "posted"})
    tallies.count_ended()
    tallies.add_up()
    tallies.add_up()
    assert ended()["posted"] == 1
