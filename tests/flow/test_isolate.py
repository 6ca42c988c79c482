"""A fault strikes one, is logged and shown, and the next one gets its turn."""

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from structlog.testing import capture_logs

from connector.flow.isolate import isolate

SECRET = "the order of Anna"


def failing(error: Exception) -> None:
    raise error


def endless() -> None:
    endless()


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), MemoryError(), IntegrityError(SECRET)])
def test_any_fault_is_logged_by_its_class_and_place_and_shown(error: Exception) -> None:
    shown: list[Exception] = []
    with capture_logs() as logs:
        assert isolate(lambda: failing(error), "store_not_looked_after", show=shown.append, store=3) is None
    (line,) = logs
    assert (line["event"], line["error"], line["store"]) == ("store_not_looked_after", type(error).__name__, 3)
    assert "test_isolate.py" in line["where"]
    assert SECRET not in str(line)
    assert shown == [error]


def test_a_recursion_without_end_is_a_short_line() -> None:
    with capture_logs() as logs:
        isolate(endless, "failed")
    assert logs[0]["error"] == "RecursionError"
    assert len(logs[0]["where"]) < 5000


@pytest.mark.parametrize("error", [OperationalError(), InterfaceError()])
def test_a_database_that_is_away_is_away_for_all(error: Exception) -> None:
    with pytest.raises(type(error)):
        isolate(lambda: failing(error), "failed")


def test_a_fault_that_cannot_be_shown_keeps_nobody_waiting_either() -> None:
    with capture_logs() as logs:
        isolate(lambda: failing(ValueError()), "failed", show=failing)
    assert [line["event"] for line in logs] == ["failed", "failed_not_shown"]


def test_what_goes_well_gives_its_value() -> None:
    assert isolate(lambda: 7, "failed") == 7
