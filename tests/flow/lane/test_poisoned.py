"""Work that always fails or kills its worker is blocked, and the rest of the lane goes on."""

from datetime import timedelta

from connector.domain.document.states import State
from connector.flow.actions import bulk_repost
from connector.flow.clock import database_now
from connector.flow.lane import due
from connector.flow.ledger import transitions
from connector.flow.pipeline import failure
from connector.models import BulkRun, Division, OrderSync
from tests.acme import Acme


def posted(acme: Acme, *order_ids: int) -> bool:
    return {acme.document(n).state for n in order_ids} == {"posted"}


def die(acme: Acme, order_id: int, state: State = State.PREPARING) -> OrderSync:
    """A worker begins the order and dies. The next one finds it."""
    acme.make_due()
    document = acme.document(order_id)
    transitions.move(document, State.PREPARING, "A worker has started on it.")
    if state == State.POSTING:
        transitions.move(document, state, "About to create.", sent_at=database_now())
    failure.recover(acme.connection.division_id)
    return acme.document(order_id)


def wait_all(acme: Acme, *order_ids: int) -> None:
    """Rows that nobody has worked on yet."""
    Division.objects.update(closed_until=database_now() + timedelta(minutes=1))
    for order_id in order_ids:
        acme.ring(order_id)
    acme.drain()


def test_an_order_that_always_fails_is_blocked_after_its_attempts_and_the_others_are_posted(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("503_html", "GET", "*orders/1001*", times=-1)
    acme.ring(1001)
    acme.ring(1002)
    acme.drain()
    assert posted(acme, 1002)
    for _ in range(failure.MAX_ATTEMPTS - 1):
        assert acme.document(1001).state == "waiting"
        acme.make_due()
        acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason, document.attempts) == ("blocked", "internal", failure.MAX_ATTEMPTS)


def test_an_order_whose_worker_died_goes_behind_the_others_and_waits_longer_each_time(acme: Acme) -> None:
    wait_all(acme, 1001, 1002)
    waits = []
    for _ in range(failure.MAX_DEATHS - 1):
        document = die(acme, 1001)
        assert document.next_attempt_at is not None
        waits.append(document.next_attempt_at - database_now())
    assert document.state == "waiting"
    assert [round(wait.total_seconds(), -1) for wait in waits] == [10, 20, 40, 80]
    Division.objects.update(closed_until=None)
    assert due.due(acme.connection.division_id, database_now()).get().order_id == 1002
    acme.drain()
    assert posted(acme, 1002)
    document = die(acme, 1001)
    assert (document.state, document.reason, document.worker_deaths) == ("blocked", "exhausted", failure.MAX_DEATHS)


def test_one_that_kills_while_it_is_sent_is_looked_up_each_time_and_then_blocked(acme: Acme) -> None:
    wait_all(acme, 1001)
    OrderSync.objects.update(worker_deaths=failure.MAX_DEATHS - 2)
    wanted = acme.document(1001)
    OrderSync.objects.filter(pk=wanted.pk).update(draft=None)
    for _ in range(2):
        OrderSync.objects.update(state="pending", next_attempt_at=database_now())
        document = die(acme, 1001, State.POSTING)
        assert document.state == "uncertain"
    assert document.worker_deaths == failure.MAX_DEATHS
    transitions.move(document, State.WAITING, "Exact does not have it: it was not found twice. Sending it again.")
    acme.make_due()
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason, acme.invoices()) == ("blocked", "exhausted", [])


class TestABulkRePostOfFiveThousand:
    """It spends its budget sensibly."""

    def hold(self, acme: Acme, reason: str, first: int, many: int) -> None:
        OrderSync.objects.bulk_create(
            OrderSync(
                connection=acme.connection,
                division=acme.connection.division,
                order_id=n,
                state="blocked",
                reason=reason,
                message=f"Exact refused it for {reason}: order {n}",
            )
            for n in range(first, first + many)
        )

    def test_only_one_document_of_an_unfixed_cause_is_sent(self, acme: Acme) -> None:
        self.hold(acme, "rejected", 50_000, 4_990)
        self.hold(acme, "mapping", 60_000, 10)
        run = bulk_repost.start(acme.store.tenant, OrderSync.objects.all(), None, "put right")
        assert (run.total, len(run.causes)) == (5_000, 2)
        sent = 0
        while rows := list(OrderSync.objects.filter(state="pending")):
            sent += len(rows)
            for row in rows:
                bad = row.order_id < 60_000
                message = f"Exact refused it for rejected: order {row.order_id}" if bad else ""
                state = {"state": "blocked", "reason": "rejected"} if bad else {"state": "posted", "exact_id": row.pk}
                OrderSync.objects.filter(pk=row.pk).update(message=message, next_attempt_at=None, **state)
            bulk_repost.advance()
        assert sent == 11
        assert BulkRun.objects.get().message == (
            "10 went through, 1 came back, 4989 were not sent because their cause is not fixed."
        )

    def test_live_orders_go_first_and_a_share_of_the_day_is_theirs(self, acme: Acme) -> None:
        self.hold(acme, "mapping", 50_000, 3)
        bulk_repost.start(acme.store.tenant, OrderSync.objects.all(), None, "put right")
        wait_all(acme, 1001)
        now = database_now()
        Division.objects.update(closed_until=None)
        lane = acme.connection.division_id
        assert list(due.due(lane, now).values_list("order_id", "low_priority")) == [(1001, False), (50_000, True)]
        Division.objects.update(day_calls_left=1200, day_calls_limit=5000, day_ends_at=now + timedelta(hours=6))
        assert list(due.due(lane, now).values_list("order_id", flat=True)) == [1001]

    def test_it_says_that_it_takes_days(self, acme: Acme) -> None:
        now = database_now()
        Division.objects.update(day_calls_left=5000, day_calls_limit=5000, day_ends_at=now + timedelta(hours=6))
        time = bulk_repost.estimate(5_000, Division.objects.get(), now)
        assert bulk_repost.in_words(time) == "3 days"
        assert bulk_repost.in_words(timedelta(minutes=50)) == "50 minutes"
        assert bulk_repost.in_words(timedelta(hours=7)) == "7 hours"
        assert bulk_repost.in_words(timedelta(seconds=3)) == "less than a minute"
