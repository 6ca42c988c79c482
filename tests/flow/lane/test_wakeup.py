"""Wake-ups: one per lane for any number of deliveries, and a lost one does no harm."""

from datetime import timedelta

from django_q.models import OrmQ

from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.flow.worker import sweep
from connector.models import Connection, Division
from tests.acme import Acme


def test_many_deliveries_wake_a_lane_once(acme: Acme) -> None:
    for order_id in (1001, 1002, 1003):
        acme.ring(order_id)
    assert OrmQ.objects.count() == 1


def test_a_lane_that_has_begun_is_woken_again(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    acme.ring(1002)
    assert OrmQ.objects.count() == 2


def test_the_sweep_replaces_a_lost_wake_up(acme: Acme) -> None:
    acme.ring(1001)
    OrmQ.objects.all().delete()  # the broker was emptied
    assert sweep.sweep() == 0  # it may still be on its way
    Division.objects.update(woken_at=database_now() - timedelta(seconds=31))
    assert sweep.sweep() == 1
    assert OrmQ.objects.count() == 1


def test_a_new_cluster_does_not_rely_on_earlier_wake_ups(acme: Acme) -> None:
    acme.ring(1001)
    OrmQ.objects.all().delete()
    wakeup.clear_wake_ups()
    assert sweep.sweep() == 1


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
