"""What a queue process does with a wake-up that its threads cannot do."""

import pytest
from django_q.models import OrmQ
from structlog.testing import capture_logs

from connector.flow import stopping
from connector.flow.lane import slots, wakeup
from connector.flow.worker import turns


def stop(row: int) -> None:
    stopping.ask()
    stopping.pause(60)


@pytest.mark.usefixtures("db")
def test_work_that_a_stop_interrupts_goes_back_into_the_queue() -> None:
    turns.do_long(wakeup.READ_MASTER_DATA, stop, 7)
    (package,) = OrmQ.objects.all()
    assert (package.func(), package.args()) == (wakeup.READ_MASTER_DATA, (7,))


@pytest.mark.usefixtures("db")
def test_work_that_waits_for_a_thread_is_not_begun_after_a_stop_was_asked_for() -> None:
    begun: list[int] = []
    stopping.ask()
    turns.do_long(wakeup.TRY_ORDERS, begun.append, 7)
    assert (begun, OrmQ.objects.count()) == ([], 1)


def test_the_log_names_the_fault_of_a_turn_and_quotes_nothing() -> None:
    quoted = ValueError("anna@shopper.example")

    def fail(row: int) -> None:
        raise quoted

    with capture_logs() as logged:
        turns.give_long(wakeup.TRY_ORDERS, fail, 7)
        slots.long().shutdown()
        slots.long.cache_clear()
    (entry,) = logged
    assert [entry[name] for name in ("event", "row", "error")] == ["turn_failed", 7, "ValueError"]
    assert "anna" not in str(entry)
