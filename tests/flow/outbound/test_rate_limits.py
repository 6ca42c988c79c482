"""Budgets: asked before every call, in whatever part of the product it is made."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from connector.clients import errors
from connector.clients.transport import Call, Upstream
from connector.flow import leases
from connector.flow.actions.connections import pull_master_data
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory
from connector.flow.lane import due, waiting
from connector.flow.outbound import rate_limits
from connector.flow.outbound.clients import LaneClients, store_client
from connector.models import Breaker, Division, OrderSync, Store
from connector.sandbox.exact import limits
from tests.acme import DIVISION, Acme

MINUTE = timedelta(minutes=1)


@pytest.fixture
def strict(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """Exact as it really is: sixty calls a minute, five thousand a day. Provisioning is forgotten.

    A minute begins now, so that none ends while a test counts.
    """
    began, clock_window = datetime.now(UTC), limits.window_start

    def start(window: str, now: datetime) -> datetime:
        return began + (now - began) // MINUTE * MINUTE if window == "minute" else clock_window(window, now)

    monkeypatch.setattr(limits, "window_start", start)
    acme.sandbox.exact.set(enforce_limits=True, minute_limit=60, day_limit=5000)
    acme.sandbox.exact.limits.used.clear()
    Division.objects.update(minute_ends_at=None, day_ends_at=None, minute_calls_limit=60, day_calls_limit=5000)
    return acme


@pytest.fixture
def silent(strict: Acme, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """Answers without a word about limits."""
    monkeypatch.setattr("connector.clients.exact.answers.limits", lambda headers: None)
    return strict


def clients(acme: Acme, *, low_priority: bool = False) -> LaneClients:
    made = LaneClients(Division.objects.select_related("grant__tenant").get())
    made.document = None
    if low_priority:
        made.gate.low_priority = lambda: True
    return made


def lane(acme: Acme) -> Division:
    return Division.objects.get(pk=acme.connection.division_id)


def call_until_refused(made: LaneClients) -> tuple[int, errors.RateLimited]:
    for done in count():
        try:
            made.exact.find_invoices("NONE", 8020)
        except errors.RateLimited as refusal:
            return done, refusal
    raise AssertionError


def test_nine_tenths_of_the_minute_are_used_and_not_one_call_more(strict: Acme) -> None:
    before = strict.exact_calls()
    done, refusal = call_until_refused(clients(strict))
    assert done == strict.exact_calls() - before == 54
    assert (refusal.scope, refusal.status) == ("minute", 0)
    assert refusal.until is not None
    assert timedelta(0) < refusal.until - database_now() <= timedelta(minutes=1)


def test_our_own_count_holds_when_the_answers_tell_nothing(silent: Acme) -> None:
    end = database_now() + timedelta(minutes=5)  # a minute that does not end while we count
    Division.objects.update(minute_calls_left=60, minute_ends_at=end)
    assert call_until_refused(clients(silent))[0] == 54


def test_every_door_asks_the_same_count(strict: Acme) -> None:
    call_until_refused(clients(strict))
    before = strict.exact_calls()
    with pytest.raises(NotPossible, match="used its calls"):
        pull_master_data(lane(strict), None, "new codes")
    with pytest.raises(errors.RateLimited):
        directory.pull(lane(strict), clients(strict).exact)
    assert strict.exact_calls() == before


@pytest.mark.usefixtures("one_reading")
def test_an_answer_that_says_what_was_counted_writes_nothing(
    strict: Acme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = clients(strict)
    Breaker.objects.create(division=lane(strict), endpoint="salesinvoice/SalesInvoices")  # what it refused is forgotten
    made.exact.find_invoices("NONE", 8020)  # its answer corrects the windows, and the token was read
    with django_assert_num_queries(6):  # the transaction's two, the budget, the breaker, the call taken, its history
        made.exact.find_invoices("NONE", 8020)
    left = lane(strict).minute_calls_left
    strict.sandbox.exact.limits.used.clear()
    strict.sandbox.exact.set(minute_limit=30)  # another app used some, or Exact allows fewer
    made.exact.find_invoices("NONE", 8020)
    assert (lane(strict).minute_calls_limit, left) == (30, 58)


def test_each_call_of_a_lane_renews_its_lease_and_none_is_made_without_it(strict: Acme) -> None:
    division = lane(strict)
    lease = leases.acquire(Division, division.pk, seconds=1)
    assert lease is not None
    made = LaneClients(Division.objects.select_related("grant__tenant").get(), lease)
    made.exact.find_invoices("NONE", 8020)
    until = lane(strict).lease_until
    assert until is not None
    assert until - database_now() > timedelta(seconds=leases.LEASE_SECONDS - 5)
    before = strict.exact_calls()
    Division.objects.update(lease_token=F("lease_token") + 1)
    with pytest.raises(leases.LeaseLost):
        made.exact.find_invoices("NONE", 8020)
    assert strict.exact_calls() == before


def test_a_lane_begins_no_order_that_it_could_not_finish_this_minute(silent: Acme) -> None:
    now = database_now()
    Division.objects.update(minute_calls_left=11, minute_ends_at=now + timedelta(seconds=50), day_calls_left=4000)
    for order_id in (1001, 1002, 1012):
        silent.ring(order_id)
    silent.drain(rounds=1)
    assert len(silent.invoices()) == 1
    division = lane(silent)
    assert division.minute_calls_left is not None
    assert division.minute_calls_left >= 6
    assert division.closed_until == division.minute_ends_at
    assert waiting.lanes_with_work(now) == []
    assert OrderSync.objects.filter(state="pending", attempts=0).count() == 2


def test_how_long_a_window_lasts_is_taken_from_exacts_own_clock(strict: Acme) -> None:
    strict.sandbox.exact.advance(600)
    clients(strict).exact.find_invoices("NONE", 8020)
    ends_at = lane(strict).minute_ends_at
    assert ends_at is not None
    assert ends_at - database_now() <= timedelta(minutes=1)


def test_the_days_rest_is_for_live_orders(silent: Acme) -> None:
    end = database_now() + timedelta(hours=3)
    Division.objects.update(day_calls_left=1250, day_ends_at=end)
    with pytest.raises(errors.RateLimited) as refusal:
        clients(silent, low_priority=True).exact.find_invoices("NONE", 8020)
    assert (refusal.value.scope, refusal.value.until) == ("later", end)
    assert clients(silent).exact.find_invoices("NONE", 8020) == []
    assert rate_limits.calls_for_low_priority(lane(silent), database_now()) == 0


def test_live_orders_go_first_and_what_may_wait_waits_for_tomorrow(silent: Acme) -> None:
    for order_id in (1001, 1002):
        silent.ring(order_id)
    silent.connection.mode = "off"
    silent.connection.save()
    silent.drain()
    silent.connection.mode = "live"
    silent.connection.save()
    OrderSync.objects.filter(order_id=1001).update(low_priority=True)
    now = database_now()
    assert [row.order_id for row in due.due(lane(silent).pk, now)] == [1002, 1001]
    Division.objects.update(day_calls_left=1252, day_ends_at=now + timedelta(hours=3))
    silent.drain()
    assert (silent.document(1002).state, silent.document(1001).state) == ("posted", "pending")
    assert waiting.lanes_with_work(database_now()) == []


def test_the_days_end_closes_the_lane_until_midnight(silent: Acme) -> None:
    end = database_now() + timedelta(hours=3)
    Division.objects.update(day_calls_left=1, day_ends_at=end)
    silent.ring(1001)
    silent.drain()
    assert (silent.document(1001).state, silent.document(1001).attempts) == ("waiting", 0)
    assert lane(silent).closed_until == end
    silent.make_due()
    silent.drain()
    assert silent.document(1001).state == "posted"


@pytest.mark.parametrize("refusals", [1, 3])
def test_a_429_that_says_nothing_is_waited_out_longer_each_time(silent: Acme, refusals: int) -> None:
    silent.sandbox.exact.faults.add("429_minute", "GET", "*SalesInvoices*", times=-1)
    for _ in range(refusals):
        Division.objects.update(minute_ends_at=None)
        with pytest.raises(errors.RateLimited):
            clients(silent).exact.find_invoices("NONE", 8020)
    closed_until = lane(silent).closed_until
    assert closed_until is not None
    waited = (closed_until - database_now()).total_seconds()
    assert waited == pytest.approx(60 * 2 ** (refusals - 1), abs=5)
    silent.sandbox.exact.faults.clear()
    Division.objects.update(minute_ends_at=None)
    clients(silent).exact.find_invoices("NONE", 8020)
    assert lane(silent).refused_times == 0


class TestTheStoresQuota:
    """Thirty seconds' worth of calls, shared with every other app of the store."""

    def ask(self, acme: Acme) -> None:
        store_client(Store.objects.get()).coupons(1001)

    def ask_often(self, acme: Acme) -> None:
        for _ in range(40):
            self.ask(acme)

    def test_it_is_never_used_up(self, acme: Acme) -> None:
        acme.sandbox.stores.quota, acme.sandbox.stores.enforce_quota = 30, True
        Store.objects.update(calls_end_at=None)
        acme.sandbox.stores._window.clear()
        before = acme.store_calls()
        with pytest.raises(errors.RateLimited, match="used up for now"):
            self.ask_often(acme)
        assert acme.store_calls() - before <= 27

    def test_calls_of_other_apps_count(self, acme: Acme) -> None:
        self.ask(acme)
        Store.objects.update(calls_left=100, calls_end_at=database_now() + timedelta(seconds=30))
        acme.sandbox.stores.quota = 450
        began, _ = acme.sandbox.stores._window["nlshop1"]
        acme.sandbox.stores._window["nlshop1"] = (began, 440)  # another app made calls
        self.ask(acme)
        store = Store.objects.get()
        assert store.calls_left is not None
        assert store.calls_left < 10
        assert store.closed_until is not None
        with pytest.raises(errors.RateLimited):
            self.ask(acme)

    def test_a_good_answer_ends_a_row_of_refusals_also_when_it_says_what_was_counted(self, acme: Acme) -> None:
        Store.objects.update(refused_times=3)
        gate = rate_limits.StoreGate(acme.store.pk)
        gate.before("v2/orders")
        gate.after(Call(Upstream.BIGCOMMERCE, "GET", "v2/orders", 200, 5))
        assert Store.objects.get().refused_times == 0

    def test_a_429_without_headers_backs_off_and_the_orders_wait(self, acme: Acme) -> None:
        acme.sandbox.stores.faults.add("429_day", "GET", "*orders/1001*", times=2)
        acme.ring(1001)
        waits = []
        for _ in range(2):
            acme.drain()
            closed_until = Store.objects.get().closed_until
            assert closed_until is not None
            waits.append((closed_until - database_now()).total_seconds())
            assert (acme.document(1001).state, acme.document(1001).attempts) == ("waiting", 0)
            acme.make_due()
        assert waits == [pytest.approx(10, abs=3), pytest.approx(20, abs=3)]
        acme.drain()
        assert acme.document(1001).state == "posted"
        assert acme.invoices(1001)
        assert DIVISION == 100001
