"""The master data is read again once a day, by a worker, with calls that live orders leave."""

from datetime import timedelta

import pytest

from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.flow.setup import daily_read, first_read
from connector.models import Connection, Division, ExactGrant, MasterData
from connector.sandbox.exact.invoice_checks import GL_ACCOUNTS, ITEMS
from tests.acme import DIVISION, Acme

A_DAY = timedelta(days=1)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(wakeup, "wake_first_read", found.append)
    return found


def a_day_passes() -> None:
    long_ago = database_now() - A_DAY - timedelta(seconds=1)
    for division in Division.objects.exclude(master_data_at=None):
        pull = {**division.pull, "began": long_ago.isoformat()} if division.pull.get("began") else division.pull
        Division.objects.filter(pk=division.pk).update(master_data_at=long_ago, pull=pull)


def read(acme: Acme) -> None:
    daily_read.begin()
    first_read.go_on(acme.connection.division_id)


def test_each_division_in_use_is_read_once_a_day(acme: Acme, sent: list[int]) -> None:
    assert daily_read.begin() == 0
    a_day_passes()
    assert [daily_read.begin(), daily_read.begin()] == [1, 0]
    assert sent == [acme.connection.division_id]
    before = acme.exact_calls()
    first_read.go_on(acme.connection.division_id)
    assert acme.exact_calls() == before + len(first_read.KINDS)
    assert daily_read.begin() == 0
    assert Division.objects.filter(master_data_at__gt=database_now() - A_DAY).count() == 1


@pytest.mark.parametrize("why", ["off", "reconnect", "suspended"])
def test_a_division_that_nobody_uses_is_not_read(acme: Acme, sent: list[int], why: str) -> None:
    a_day_passes()
    if why == "off":
        Connection.objects.update(mode="off")
    elif why == "reconnect":
        ExactGrant.objects.update(state="reconnect")
    else:
        tenant = acme.store.tenant
        tenant.suspended = True
        tenant.save()
    assert daily_read.begin() == 0


def test_a_read_that_failed_is_tried_the_next_day(acme: Acme, sent: list[int]) -> None:
    a_day_passes()
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "GET", "*/financial/GLAccounts*", times=-1)
    read(acme)
    assert Division.objects.get().pull_alive_at is None
    assert daily_read.begin() == 0
    a_day_passes()
    assert daily_read.begin() == 1


def test_calls_that_only_live_orders_may_use_are_left(acme: Acme, sent: list[int]) -> None:
    a_day_passes()
    now = database_now()
    Division.objects.update(day_calls_limit=100, day_calls_left=20, day_ends_at=now + timedelta(hours=5))
    before = acme.exact_calls()
    read(acme)
    assert acme.exact_calls() == before
    assert Division.objects.get().pull_alive_at is not None  # the sweep goes on with it


class TestWhatItSendsOn:
    """Held documents that a change may solve."""

    def held(self, acme: Acme, order_id: int) -> State:
        acme.ring(order_id)
        acme.drain()
        return State(acme.document(order_id).state)

    def test_a_code_that_came_back(self, acme: Acme, sent: list[int]) -> None:
        key = acme.sandbox.exact.id_of(DIVISION, ITEMS, "SHIP")
        row = acme.sandbox.exact.remove(DIVISION, ITEMS, key)
        assert self.held(acme, 1001) == State.BLOCKED
        acme.sandbox.exact.put_back(DIVISION, ITEMS, key, row)
        a_day_passes()
        read(acme)
        acme.drain()
        assert acme.document(1001).state == State.POSTED

    def test_another_code_sends_nothing_on(self, acme: Acme, sent: list[int]) -> None:
        acme.sandbox.exact.remove(DIVISION, ITEMS, acme.sandbox.exact.id_of(DIVISION, ITEMS, "SHIP"))
        assert self.held(acme, 1001) == State.BLOCKED
        key = acme.sandbox.exact.id_of(DIVISION, GL_ACCOUNTS, "8300")
        acme.sandbox.exact.change(DIVISION, GL_ACCOUNTS, key, IsBlocked=True)
        a_day_passes()
        lines = acme.document(1001).history.count()
        read(acme)
        assert MasterData.objects.get(kind="gl_account", code="8300").data["blocked"]
        assert acme.document(1001).history.count() == lines

    def test_a_period_stays_closed_until_the_periods_change(self, acme: Acme, sent: list[int]) -> None:
        Division.objects.update(closed_periods=[["2026-01-01", "2026-01-31"]])
        a_day_passes()
        read(acme)
        assert Division.objects.get().closed_periods
        MasterData.objects.filter(pk=MasterData.objects.filter(kind="period").values("pk")[:1]).delete()
        a_day_passes()
        read(acme)
        assert Division.objects.get().closed_periods == []
