"""Wake-ups: the only place that knows django-q2. A wake-up carries the id of a row and nothing else.

The ledger is the real queue. A lost or repeated wake-up only costs time, because the sweep finds every lane with due
work.
"""

from collections.abc import Iterable
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django_q.brokers import get_broker
from django_q.cluster import Cluster
from django_q.tasks import async_task
from redis.exceptions import RedisError

from connector.flow.clock import database_now
from connector.models import Division

log = structlog.get_logger(__name__)

DRAIN_LANE = "connector.tasks.drain_lane"
TRY_ORDERS = "connector.tasks.try_orders"
READ_MASTER_DATA = "connector.tasks.read_master_data"
PROPOSE_MAPPING = "connector.tasks.propose_mapping"
# Seconds that a worker may take for these, which wait for Exact's next minute.
LONG = {READ_MASTER_DATA: 1800, PROPOSE_MAPPING: 900}


def wake(division_ids: Iterable[int]) -> int:
    """Send a wake-up to each lane that has none yet, in the caller's transaction. Returns how many were sent."""
    sent = 0
    for division_id in division_ids:
        if Division.objects.filter(pk=division_id, woken_at=None).update(woken_at=database_now()):
            _send(DRAIN_LANE, division_id)
            sent += 1
    return sent


def wake_fit_run(run_id: int) -> None:
    """Have a worker go on with a run, in the caller's transaction. The sweep finds a run whose wake-up is lost."""
    _send(TRY_ORDERS, run_id)


def wake_first_read(division_id: int) -> None:
    """Have a worker read a division's master data, in the caller's transaction. The sweep finds a lost wake-up."""
    _send(READ_MASTER_DATA, division_id)


def wake_proposal(division_id: int) -> None:
    """Have a worker propose the mapping of a division, in the caller's transaction. A page asks for a lost one."""
    _send(PROPOSE_MAPPING, division_id)


def _send(task: str, row_id: int) -> None:
    if settings.QUEUE_BROKER == "orm":
        _queue(task, row_id)  # a row of the same transaction
    else:
        transaction.on_commit(partial(_send_to_redis, task, row_id))


def _send_to_redis(task: str, row_id: int) -> None:
    """Send after the commit. When the broker is away, the next sweep sends the wake-up again."""
    try:
        _queue(task, row_id)
    except RedisError as error:
        log.warning("wake_up_lost", task=task, row=row_id, error=type(error).__name__)
        if task == DRAIN_LANE:
            Division.objects.filter(pk=row_id).update(woken_at=None)


def _queue(task: str, row_id: int) -> None:
    async_task(task, row_id, **({"timeout": LONG[task]} if task in LONG else {}))


def clear_wake_ups() -> None:
    """Forget every wake-up that was sent: a cluster that has just started has none of them."""
    Division.objects.exclude(woken_at=None).update(woken_at=None)


def broker_answers() -> bool:
    """Whether wake-ups can be sent. The ORM broker is the database, which has answered already."""
    if settings.QUEUE_BROKER == "orm":
        return True
    try:
        return bool(get_broker().ping())
    except RedisError:
        return False


def run_cluster() -> None:
    """Run django-q2's cluster in this process until it is asked to stop."""
    cluster = Cluster()
    cluster.start()
    if cluster.sentinel is not None:
        cluster.sentinel.join()
