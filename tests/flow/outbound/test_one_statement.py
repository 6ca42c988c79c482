"""A call is taken with one statement when nothing changed since the last one, and else under a lock."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.clients import errors
from connector.clients.transport import Call, Limits, Upstream
from connector.flow import clock, leases
from connector.flow.clock import database_now
from connector.flow.outbound.one_statement import Written, quota_of
from connector.flow.outbound.rate_limits import ExactGate, StoreGate
from connector.models import Breaker, Division, OrderSync, Store
from tests.factories import DivisionFactory, OrderSyncFactory, StoreFactory

INVOICES = "salesinvoice/SalesInvoices"
pytestmark = pytest.mark.usefixtures("one_reading")


@pytest.fixture
def gate(db: None) -> ExactGate:
    """The gate of a lane that has made one call."""
    division = DivisionFactory.create()
    lease = leases.acquire(Division, division.pk)
    assert lease is not None
    gate = ExactGate(division.pk, lease=lease)
    gate.before(INVOICES)
    gate.after(answer())
    return gate


def answer(limits: Limits | None = None) -> Call:
    return Call(Upstream.EXACT, "POST", INVOICES, 201, 5, limits=limits)


def statements(gate: ExactGate | StoreGate, document: OrderSync | None = None) -> list[str]:
    """Take a call; return the first words of the statements that it took."""
    with CaptureQueriesContext(database) as made:
        if isinstance(gate, StoreGate):
            gate.before("v2/orders")
        else:
            gate.before(INVOICES, document)
    return [query["sql"].split()[0] for query in made.captured_queries]


def left() -> tuple[int | None, int | None]:
    return Division.objects.values_list("minute_calls_left", "day_calls_left").get()


def test_one_statement_takes_a_call_and_renews_the_lease(gate: ExactGate) -> None:
    Division.objects.update(lease_until=database_now() - timedelta(seconds=1))
    assert statements(gate) == ["UPDATE"]
    assert left() == (58, 4998)
    until = Division.objects.get().lease_until
    assert until is not None
    assert timedelta(seconds=55) < until - clock.read_clock() <= timedelta(seconds=leases.LEASE_SECONDS)


def begun_with(division: Division) -> ExactGate:
    """The gate of a lane's next turn, which begins with the row as it was read."""
    lease = leases.acquire(Division, division.pk)
    assert lease is not None
    return ExactGate(division.pk, lease=lease, written=Written.of(division))


def test_the_first_call_of_a_turn_is_taken_with_one_statement_too(gate: ExactGate) -> None:
    Division.objects.update(lease_until=None)
    assert statements(begun_with(Division.objects.get())) == ["UPDATE"]
    assert left() == (58, 4998)


def test_it_looks_when_a_call_was_taken_since_the_row_was_read(gate: ExactGate) -> None:
    division = Division.objects.get()
    gate.before(INVOICES)
    Division.objects.update(lease_until=None)
    assert len(statements(begun_with(division))) > 1
    assert left() == (57, 4997)


def test_a_division_without_a_call_is_looked_at(gate: ExactGate) -> None:
    assert Written.of(Division(code=1)) is None


def test_a_gate_without_a_lease_always_looks(gate: ExactGate) -> None:
    gate.lease = None
    assert len(statements(gate)) > 1


def test_a_call_that_another_process_took_is_counted_too(gate: ExactGate) -> None:
    ExactGate(gate.division_id).before(INVOICES)
    assert len(statements(gate)) > 1
    assert left() == (57, 4997)
    assert statements(gate) == ["UPDATE"]
    assert left() == (56, 4996)


@pytest.mark.parametrize("column", ["minute_calls_left", "day_calls_left"])
def test_a_count_that_somebody_changed_is_read_again(gate: ExactGate, column: str) -> None:
    Division.objects.update(**{column: 40})
    assert len(statements(gate)) > 1
    assert 39 in left()


def test_another_worker_with_the_lane_is_noticed(gate: ExactGate) -> None:
    Division.objects.update(lease_token=99)
    with pytest.raises(leases.LeaseLost):
        gate.before(INVOICES)
    assert left() == (59, 4999)


def test_a_refusal_of_the_division_is_made_good_by_the_next_answer(gate: ExactGate) -> None:
    Division.objects.update(refused_times=1)
    assert len(statements(gate)) > 1
    gate.after(answer())
    assert Division.objects.get().refused_times == 0


def test_a_window_that_has_ended_begins_again(gate: ExactGate, monkeypatch: pytest.MonkeyPatch) -> None:
    later = database_now() + timedelta(days=1)
    monkeypatch.setattr("connector.flow.outbound.rate_limits.database_now", lambda: later)
    assert statements(gate) == ["UPDATE"]
    assert left() == (59, 4999)


@pytest.mark.parametrize(("minute", "day"), [(6, 4000), (40, 0)])
def test_an_empty_budget_is_refused_after_a_look(gate: ExactGate, minute: int, day: int) -> None:
    Division.objects.update(minute_calls_left=minute, day_calls_left=day + 1)
    gate.before(INVOICES) if minute > 6 else None
    with pytest.raises(errors.RateLimited):
        gate.before(INVOICES)


def test_what_bulk_work_may_not_use_is_kept(gate: ExactGate) -> None:
    Division.objects.update(day_calls_left=1251)
    gate.before(INVOICES)
    gate.low_priority = lambda: True
    with pytest.raises(errors.RateLimited) as refused:
        gate.before(INVOICES)
    assert refused.value.scope == "later"


class TestBreaker:
    """An endpoint that refused is looked at under the lock."""

    def test_one_that_is_closed_is_not_called(self, gate: ExactGate) -> None:
        until = database_now() + timedelta(hours=1)
        Breaker.objects.create(division_id=gate.division_id, endpoint=INVOICES, open_until=until)
        with pytest.raises(errors.EndpointClosed):
            gate.before(f"{INVOICES}(guid)")
        assert left() == (59, 4999)

    def test_one_that_refused_last_counts_the_next_good_answer(self, gate: ExactGate) -> None:
        Breaker.objects.create(division_id=gate.division_id, endpoint=INVOICES, cause="write 400", documents=[1])
        assert len(statements(gate)) > 1
        gate.after(answer())
        assert Breaker.objects.get().cause == ""
        assert statements(gate) == ["UPDATE"]

    def test_a_document_that_was_refused_is_looked_at_and_others_are_not(self, gate: ExactGate) -> None:
        refused, other = OrderSyncFactory.create_batch(2)
        at = database_now().isoformat()
        Breaker.objects.create(division_id=gate.division_id, endpoint=INVOICES, refused={str(refused.pk): at})
        assert statements(gate, other) == ["UPDATE"]
        assert len(statements(gate, refused)) > 1

    def test_that_of_another_endpoint_or_division_is_not_looked_at(self, gate: ExactGate) -> None:
        Breaker.objects.create(division_id=gate.division_id, endpoint="crm/Accounts", cause="write 400")
        Breaker.objects.create(division=DivisionFactory.create(), endpoint=INVOICES, cause="write 400")
        assert statements(gate) == ["UPDATE"]


class TestWhatAnAnswerSays:
    """Other apps use the budget too."""

    def test_it_is_written_with_the_next_call(self, gate: ExactGate) -> None:
        gate.before(INVOICES)
        with CaptureQueriesContext(database) as made:
            gate.after(answer(Limits(minute_left=30, minute_limit=60, day_left=4000, day_limit=5000)))
        assert not made.captured_queries
        assert statements(gate) == ["UPDATE"]
        assert left() == (29, 3999)

    def test_also_when_the_next_call_must_look(self, gate: ExactGate) -> None:
        gate.before(INVOICES)
        gate.after(answer(Limits(minute_left=30, minute_limit=60)))
        ExactGate(gate.division_id).before(INVOICES)
        gate.before(INVOICES)
        assert left() == (29, 4996)

    def test_it_is_said_once(self, gate: ExactGate) -> None:
        gate.before(INVOICES)
        gate.after(answer(Limits(minute_left=30, minute_limit=60)))
        gate.before(INVOICES)
        gate.before(INVOICES)
        assert left() == (28, 4996)

    def test_a_lane_that_must_wait_is_closed_at_once(self, gate: ExactGate) -> None:
        gate.before(INVOICES)
        gate.after(answer(Limits(minute_left=7, minute_limit=60)))
        division = Division.objects.get()
        assert division.closed_until == division.minute_ends_at
        assert division.closed_until is not None

    def test_a_gate_without_a_lease_writes_it_at_once(self, gate: ExactGate) -> None:
        gate.lease = None
        gate.before(INVOICES)
        gate.after(answer(Limits(minute_left=30, minute_limit=60)))
        assert left()[0] == 30


@pytest.mark.django_db
class TestStore:
    """The quota of a store."""

    def test_one_statement_takes_a_call(self) -> None:
        gate = StoreGate(StoreFactory.create().pk)
        gate.before("v2/orders")
        assert statements(gate) == ["UPDATE"]
        assert Store.objects.get().calls_left == 148
        assert statements(StoreGate(gate.store_id, quota_of(Store.objects.get()))) == ["UPDATE"]
        assert Store.objects.get().calls_left == 147

    def test_a_call_that_another_lane_took_is_counted_too(self) -> None:
        gate = StoreGate(StoreFactory.create().pk)
        gate.before("v2/orders")
        StoreGate(gate.store_id).before("v2/orders")
        assert len(statements(gate)) > 1
        assert Store.objects.get().calls_left == 147

    def test_a_refusal_is_made_good_by_the_next_answer(self) -> None:
        gate = StoreGate(StoreFactory.create().pk)
        gate.before("v2/orders")
        gate.after(Call(Upstream.BIGCOMMERCE, "GET", "v2/orders", 429, 5))
        Store.objects.update(closed_until=None, calls_left=100)
        gate.before("v2/orders")
        gate.after(Call(Upstream.BIGCOMMERCE, "GET", "v2/orders", 200, 5))
        assert Store.objects.get().refused_times == 0

    def test_an_empty_quota_is_refused(self) -> None:
        gate = StoreGate(StoreFactory.create().pk)
        gate.before("v2/orders")
        Store.objects.update(calls_left=15)
        with pytest.raises(errors.RateLimited):
            gate.before("v2/orders")


class TestClock:
    """The statement also tells the database's time."""

    @pytest.mark.usefixtures("gate")
    def test_it_is_a_reading_of_the_clock(self, gate: ExactGate, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "_last", clock._Last(clock._last.reading))
        before = clock._last.reading
        gate.before(INVOICES)
        assert clock._last.reading is not before
        assert abs(database_now() - clock.read_clock()) < timedelta(seconds=1)

    def test_one_that_had_to_wait_is_not(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "_last", clock._Last())
        clock.keep_reading(database_now(), clock.begin_reading() - clock.READING_IS_EXACT)
        kept = clock._last.reading
        clock.keep_reading(database_now() + timedelta(hours=1), clock.begin_reading() - clock.READING_IS_EXACT)
        assert clock._last.reading is kept
