"""The first read of a division's master data: list by list, by one worker, until it is done."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from structlog.testing import capture_logs

from connector.clients import errors
from connector.clients.exact.client import ExactClient
from connector.clients.exact.master import MasterRecord
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.flow.order import master_rows
from connector.flow.setup import first_read, progress
from connector.flow.setup.progress import StepState
from connector.models import Division, MasterData
from tenants.models import Tenant
from tests.factories import DivisionFactory, MasterDataFactory

pytestmark = pytest.mark.django_db
RECORDS = 130


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(wakeup, "wake_first_read", found.append)
    return found


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """Exact has 130 items and one record of each other kind; what is named here fails."""
    faults: dict[str, Exception] = {}

    def read(self: ExactClient, kind: str, odd: Any = None) -> Any:
        for number in range(RECORDS if kind == "item" else 1):
            if number == 70 or kind != "item":
                _raise(faults.get(kind))
            yield MasterRecord(kind, f"{kind}-{number}", "", "", {})

    monkeypatch.setattr(ExactClient, "master_data", read)
    return faults


def _raise(error: Exception | None) -> None:
    if error is not None:
        raise error


@pytest.fixture
def division(sent: list[int]) -> Division:
    """A division whose read was asked for."""
    found = DivisionFactory.create()
    first_read.ask(found)
    found.refresh_from_db()
    return found


def state(division: Division) -> StepState:
    return progress.read(division.grant.tenant).states["division"]


def test_it_is_asked_for_once(division: Division, sent: list[int]) -> None:
    first_read.ask(division)
    assert sent == [division.pk]
    assert state(division) == StepState.RUNNING
    Division.objects.update(master_data_at=database_now(), pull_alive_at=None)
    division.refresh_from_db()
    first_read.ask(division)
    assert sent == [division.pk]


def test_it_stores_each_list_and_says_how_many(division: Division, failing: dict[str, Exception]) -> None:
    MasterDataFactory.create(division=division, kind="item", code="gone")
    first_read.go_on(division.pk)
    division.refresh_from_db()
    found = first_read.so_far(division)
    assert (found.records, found.done, found.lists, found.left) == (RECORDS + 12, 13, 13, 0)
    assert MasterData.objects.filter(kind="item").count() == RECORDS
    assert (division.pull_alive_at, state(division)) == (None, StepState.DONE)


def test_an_outage_keeps_what_was_read_and_goes_on(
    division: Division, failing: dict[str, Exception], sent: list[int]
) -> None:
    failing["item"] = errors.Unavailable("Exact is away")
    first_read.go_on(division.pk)
    division.refresh_from_db()
    found = first_read.so_far(division)
    assert (found.done, found.problem) == (7, "Exact is away")
    assert found.records == 7 + 60  # of the items, those of the first call are counted
    assert state(division) == StepState.RUNNING
    first_read.wake_lost()
    assert len(sent) == 1
    Division.objects.update(pull_alive_at=database_now() - first_read.SILENT_AFTER - timedelta(seconds=1))
    first_read.wake_lost()
    assert len(sent) == 2
    failing.clear()
    first_read.go_on(division.pk)
    assert state(division) == StepState.DONE


def test_the_mapping_begins_before_the_last_lists(division: Division, failing: dict[str, Exception]) -> None:
    failing["currency"] = errors.Unavailable("Exact is away")
    first_read.go_on(division.pk)
    division.refresh_from_db()
    assert division.master_data_at is None
    assert state(division) == StepState.DONE


def test_a_right_that_everything_needs_is_trouble(division: Division, failing: dict[str, Exception]) -> None:
    failing["cost_center"] = errors.Forbidden("no cost centres for you")
    failing["vat_code"] = errors.Forbidden("no VAT codes for you")
    first_read.go_on(division.pk)
    division.refresh_from_db()
    assert first_read.so_far(division).problem == "no VAT codes for you"
    assert state(division) == StepState.TROUBLE
    failing.clear()
    first_read.ask(division)
    first_read.go_on(division.pk)
    assert state(division) == StepState.DONE


def test_a_fault_of_this_program_is_shown_and_a_person_goes_on(
    division: Division, failing: dict[str, Exception], sent: list[int]
) -> None:
    failing["item"] = AttributeError("the name of a customer")
    with capture_logs() as log:
        first_read.go_on(division.pk)
    division.refresh_from_db()
    assert first_read.so_far(division).problem == "A fault of this program: AttributeError. Its log says where."
    assert [(line["event"], line["error"]) for line in log] == [("first_read_failed", "AttributeError")]
    assert (division.pull_alive_at, division.master_data_at) == (None, None)
    first_read.wake_lost()
    assert len(sent) == 1
    failing.clear()
    first_read.ask(division)
    first_read.go_on(division.pk)
    assert state(division) == StepState.DONE


def test_a_database_that_is_away_is_no_fault_of_the_read(division: Division, failing: dict[str, Exception]) -> None:
    failing["item"] = OperationalError("away")
    with pytest.raises(OperationalError):
        first_read.go_on(division.pk)
    assert Division.objects.get().pull_alive_at is not None  # the sweep finds it


def test_a_suspension_between_two_lists_ends_the_calls_until_it_is_over(
    division: Division, failing: dict[str, Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = master_rows.replace

    def suspend(*given: Any, **named: Any) -> Any:
        Tenant.objects.update(suspended=True)
        return stored(*given, **named)

    monkeypatch.setattr(master_rows, "replace", suspend)
    first_read.go_on(division.pk)
    division.refresh_from_db()
    found = first_read.so_far(division)
    assert (found.done, found.problem) == (1, "The organisation is suspended: nothing is called for it.")
    Tenant.objects.update(suspended=False)
    Division.objects.update(pull_alive_at=database_now() - first_read.SILENT_AFTER - timedelta(seconds=1))
    lost: list[int] = []
    monkeypatch.setattr(wakeup, "wake_first_read", lost.append)
    first_read.wake_lost()
    assert lost == [division.pk]


def test_two_workers_do_not_read_the_same(division: Division, failing: dict[str, Exception]) -> None:
    Division.objects.update(pull={"at": database_now().isoformat()})
    first_read.go_on(division.pk)
    assert not MasterData.objects.exists()


def test_nobody_asked(failing: dict[str, Exception]) -> None:
    first_read.go_on(DivisionFactory.create().pk)
    first_read.go_on(1)
    assert not MasterData.objects.exists()
