"""Wake-ups: one per lane for any number of deliveries, sweeps and turns, and a lost one does no harm."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from redis import Redis

from connector.flow import stopping
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.flow.worker import sweep, turns
from connector.models import Connection, Division
from tests.acme import Acme
from tests.factories import DivisionFactory


def in_the_queue() -> Counter[int]:
    """How often each lane stands in the ORM broker's queue."""
    return Counter(package.task["args"][0] for package in OrmQ.objects.all())


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """The queue is in Redis, under a name of this test."""
    if not settings.REDIS_URL:
        pytest.skip("needs TEST_REDIS_URL")
    monkeypatch.setattr(settings, "QUEUE_BROKER", "redis")
    monkeypatch.setattr(Conf, "BROKER_CLASS", None)
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", settings.REDIS_URL)
    monkeypatch.setattr(Conf, "CLUSTER_NAME", "test-of-wake-ups")
    broker = get_broker()
    broker.delete_queue()
    yield broker.connection
    broker.delete_queue()


def in_redis() -> list[int]:
    """The lanes that stand in the queue in Redis, from the front."""
    broker = get_broker()
    return [SignedPackage.loads(text)["args"][0] for text in broker.connection.lrange(broker.list_key, 0, -1)]


def test_many_deliveries_wake_a_lane_once(acme: Acme) -> None:
    for order_id in (1001, 1002, 1003):
        acme.ring(order_id)
    assert OrmQ.objects.count() == 1


def test_a_lane_whose_turn_has_begun_is_woken_again(acme: Acme) -> None:
    acme.ring(1001)
    assert wakeup.take(acme.connection.division_id)
    acme.ring(1002)
    assert OrmQ.objects.count() == 2


def test_a_wake_up_that_comes_twice_is_taken_once(acme: Acme) -> None:
    acme.ring(1001)
    assert wakeup.take(acme.connection.division_id)
    assert not wakeup.take(acme.connection.division_id)


def test_no_sweep_sends_a_wake_up_for_a_lane_that_stands_in_the_queue(acme: Acme) -> None:
    """However long it stands there: the queue is asked, not the clock."""
    acme.ring(1001)
    Division.objects.update(woken_at=database_now() - timedelta(days=1))
    assert sweep.sweep() == 0
    assert in_the_queue() == {acme.connection.division_id: 1}


def test_the_sweep_replaces_a_lost_wake_up_at_once(acme: Acme) -> None:
    acme.ring(1001)
    OrmQ.objects.all().delete()  # the broker was emptied
    assert sweep.sweep() == 1
    assert OrmQ.objects.count() == 1


def test_a_wake_up_under_a_former_key_counts_as_lost(acme: Acme) -> None:
    acme.ring(1001)
    OrmQ.objects.update(payload="signed:by:another")
    assert sweep.sweep() == 1


def test_a_wake_up_that_a_dead_cluster_had_taken_is_given_out_again_and_not_doubled(acme: Acme) -> None:
    acme.ring(1001)
    assert get_broker().dequeue()
    assert not get_broker().dequeue()
    assert sweep.sweep() == 0
    wakeup.free_taken()  # a cluster starts
    assert get_broker().dequeue()
    assert OrmQ.objects.count() == 1


def test_a_lane_that_hands_itself_back_goes_to_the_end_once(acme: Acme) -> None:
    wakeup.hand_back(acme.connection.division_id)
    wakeup.hand_back(acme.connection.division_id)
    assert in_the_queue() == {acme.connection.division_id: 1}
    assert Division.objects.get().handed_back
    assert wakeup.take(acme.connection.division_id)
    assert not Division.objects.get().handed_back


@pytest.mark.django_db(transaction=True)
def test_the_lanes_come_in_the_order_in_which_they_began_to_wait(acme: Acme) -> None:
    first, second = DivisionFactory.create_batch(2, grant=acme.connection.division.grant)
    wakeup.wake([second.pk])
    wakeup.wake([first.pk, second.pk])
    wakeup.hand_back(acme.connection.division_id)
    OrmQ.objects.filter(pk=OrmQ.objects.order_by("pk").values("pk")[:1]).update(
        key=F("key")
    )  # PostgreSQL moves the row
    given = [SignedPackage.loads(get_broker().dequeue()[0][1])["args"][0] for _ in range(3)]
    assert given == [second.pk, first.pk, acme.connection.division_id]


def test_a_turn_that_is_not_begun_goes_back_into_the_queue(acme: Acme) -> None:
    acme.ring(1001)
    OrmQ.objects.all().delete()  # a process took it
    stopping.ask()
    turns.give_lane(acme.connection.division_id)
    assert in_the_queue() == {acme.connection.division_id: 1}
    assert Division.objects.get().woken_at is not None


@pytest.mark.django_db(transaction=True)
def test_no_sweep_doubles_a_wake_up_in_redis_and_a_lost_one_is_replaced(acme: Acme, redis: Redis) -> None:
    lane = acme.connection.division_id
    acme.ring(1001)
    acme.ring(1002)
    Division.objects.update(woken_at=database_now() - timedelta(days=1))
    assert sweep.sweep() == 0
    assert in_redis() == [lane]
    get_broker().delete_queue()
    wakeup.wake([lane])
    Division.objects.update(woken_at=database_now())
    assert sweep.sweep() == 0  # a process may have taken it a moment ago
    Division.objects.update(woken_at=database_now() - timedelta(seconds=31))
    assert sweep.sweep() == 1
    assert in_redis() == [lane]


@pytest.mark.django_db(transaction=True)
def test_a_sweep_goes_on_when_the_queue_cannot_be_read(
    acme: Acme, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.ring(1001)
    monkeypatch.setattr(Conf, "REDIS", "redis://127.0.0.1:1/0")
    assert sweep.sweep() == 0
    assert Division.objects.get().woken_at is not None


def test_what_waits_is_woken_when_it_is_due(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("503_html", "GET", "*orders/1001*")
    acme.ring(1001)
    acme.drain()
    OrmQ.objects.all().delete()
    assert sweep.sweep() == 0
    acme.make_due()
    assert sweep.sweep() == 1


def test_the_sweep_is_quiet_when_there_is_nothing_to_do(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    OrmQ.objects.all().delete()
    assert sweep.sweep() == 0


def test_a_lane_with_nothing_but_a_switched_off_connection_is_not_woken_again_and_again(acme: Acme) -> None:
    Connection.objects.update(mode="off")
    acme.ring(1001)
    acme.drain()
    assert sweep.sweep() == 0


def test_who_reads_the_queue_outlives_a_database_that_is_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """django-q2's processes end with an error of their broker, and are started again ten seconds later."""
    asked: list[str] = []

    def refuse(execute: object, sql: str, *_: object) -> None:
        asked.append(sql.split(maxsplit=1)[0])
        raise OperationalError("connection refused")

    lane = DivisionFactory.create().pk
    wakeup.wake([lane])
    monkeypatch.setattr("connector.flow.lane.wakeup.connection.close", lambda: None)
    monkeypatch.setattr(Conf, "POLL", 0)
    broker = get_broker()
    with connection.execute_wrapper(refuse):
        assert broker.dequeue() is None
        broker.acknowledge(1)
    transaction.set_rollback(False)  # outside a test there is no transaction around it
    assert set(asked) == {"SELECT", "DELETE"}
    ((task_id, _payload),) = broker.dequeue()
    broker.acknowledge(task_id)
    assert not in_the_queue()
