"""A lease has one holder. A process that lost it writes nothing more, and a dead process blocks no other."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from connector.domain.document.states import State
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.lane import waiting
from connector.flow.ledger import transitions
from connector.flow.pipeline import run_lane
from connector.models import Division, SyncEvent
from connector.models.kept_words import english
from tests.acme import Acme


@pytest.fixture
def lane(acme: Acme) -> Division:
    return acme.connection.division


def test_one_holder_at_a_time(lane: Division) -> None:
    first = leases.acquire(Division, lane.pk)
    assert first is not None
    assert leases.acquire(Division, lane.pk) is None
    leases.release(first)
    assert leases.acquire(Division, lane.pk) is not None


def test_a_lease_that_has_ended_can_be_taken_and_the_old_holder_is_fenced_off(lane: Division) -> None:
    old = leases.acquire(Division, lane.pk, seconds=-1)
    new = leases.acquire(Division, lane.pk)
    assert old is not None
    assert new is not None
    assert new.token > old.token
    with pytest.raises(leases.LeaseLost):
        leases.renew(old)
    leases.release(old)  # does not release another's lease
    assert leases.acquire(Division, lane.pk) is None


def test_a_dead_process_of_this_machine_blocks_no_other(lane: Division) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    leases.acquire(Division, lane.pk)
    holder = Division.objects.get(pk=lane.pk).lease_holder
    host, _, started = holder.split("/")
    Division.objects.update(lease_holder=f"{host}/{int(gone.stdout)}/{started}")
    assert leases.acquire(Division, lane.pk) is not None


def test_another_process_with_the_same_number_is_not_the_holder(lane: Division) -> None:
    leases.acquire(Division, lane.pk)
    host, pid, _ = Division.objects.get(pk=lane.pk).lease_holder.split("/")
    assert int(pid) == os.getpid()
    Division.objects.update(lease_holder=f"{host}/{pid}/1")
    assert leases.acquire(Division, lane.pk) is not None


def test_of_another_machine_nothing_is_known_so_its_lease_runs_out(lane: Division) -> None:
    leases.acquire(Division, lane.pk)
    Division.objects.update(lease_holder="elsewhere/1/1")
    assert leases.acquire(Division, lane.pk) is None
    Division.objects.update(lease_until=database_now() - timedelta(seconds=1))
    assert leases.acquire(Division, lane.pk) is not None


def test_a_worker_that_wakes_up_after_its_lease_writes_nothing(acme: Acme) -> None:
    acme.ring(1001)
    acme.connection.mode = "off"
    acme.connection.save()
    acme.drain()
    slept = acme.document(1001)
    awake = acme.document(1001)
    transitions.move(awake, State.PREPARING, english("Taken by another."), lease_token=99)
    events = SyncEvent.objects.count()
    with pytest.raises(leases.LeaseLost):
        transitions.move(slept, State.PREPARING, english("Too late."), lease_token=98)
    assert SyncEvent.objects.count() == events
    assert acme.document(1001).lease_token == 99


def test_a_lane_that_somebody_holds_is_left_alone(acme: Acme) -> None:
    acme.ring(1001)
    leases.acquire(Division, acme.connection.division_id)
    Division.objects.update(lease_holder="elsewhere/1/1")
    assert run_lane.drain_lane(acme.connection.division_id) == 0
    assert acme.invoices() == []
    assert waiting.lanes_with_work(database_now()) == []


def test_one_that_loses_the_lane_in_the_middle_of_an_order_leaves_it_to_the_other(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep(*args: Any, **how: Any) -> None:
        Division.objects.update(lease_token=F("lease_token") + 1, lease_until=None)

    monkeypatch.setattr("connector.flow.invoice.post.template_id", sleep)
    acme.ring(1001)
    assert run_lane.drain_lane(acme.connection.division_id) == 0
    assert acme.invoices() == []
    monkeypatch.undo()
    acme.drain()
    acme.make_due()
    acme.drain()
    assert acme.document(1001).state == "posted"
    assert acme.invoice(1001)
