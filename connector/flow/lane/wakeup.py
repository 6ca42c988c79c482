"""Wake-ups: the only place that knows django-q2. A wake-up carries the id of a row and nothing else.

The ledger is the real queue. A lost or repeated wake-up only costs time, because the sweep finds every lane with due
work. `Division.woken_at` says since when a lane stands in the queue, so that it stands there once. The queue is first
in, first out: the lane that waited longest comes first, and one that hands itself back goes to the end.
"""

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from string import Template
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django_q.brokers import Broker, get_broker
from django_q.brokers.orm import ORM
from django_q.brokers.redis_broker import Redis
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import BadSignature, SignedPackage
from django_q.tasks import async_task
from redis.exceptions import RedisError

from connector.flow import clock, stopping
from connector.flow.clock import database_now
from connector.flow.isolate import AWAY
from connector.models import Division

log = structlog.get_logger(__name__)

DRAIN_LANE = "connector.tasks.drain_lane"
TRY_ORDERS = "connector.tasks.try_orders"
READ_MASTER_DATA = "connector.tasks.read_master_data"
PROPOSE_MAPPING = "connector.tasks.propose_mapping"
BACKFILL = "connector.tasks.backfill"
COMPARE_BOOKS = "connector.tasks.compare_books"
COMPARE_SHADOW = "connector.tasks.compare_shadow"
CUSTOMERS = "connector.tasks.customers"
# Redis shows a wake-up no more once a process has taken it. One that is not there, and was sent so many sweeps ago, is
# lost. The ORM broker shows it until its turn has begun.
LOST_AFTER_SWEEPS = 0.5

# django-q2 gives out a row that is locked until a time that has passed. This one has passed by every machine's clock.
_FREE = datetime(2000, 1, 1, tzinfo=UTC)
# Written out, because a delivery pays for them: building these two queries cost more than running them.
_MARK = Template("UPDATE connector_division SET woken_at = $now WHERE id IN ($lanes) AND woken_at IS NULL RETURNING id")
_PUT_IN = Template("INSERT INTO django_q_ormq (key, payload, lock) VALUES $rows")


def in_order(list_key: str) -> Broker:
    """Return the broker that reads the queue's table from its front. django-q2 leaves the order to the database.

    A process that asks it would end with the first error of a database that is away. It finds nothing, and asks again.
    What cannot be removed is given out once more later, which does no harm.
    """
    broker = ORM(list_key)
    broker.get_connection = lambda: ORM.get_connection().order_by("pk")
    broker.dequeue = partial(_unless_away, "dequeue", broker.dequeue)
    broker.delete = partial(_unless_away, "delete", broker.delete)
    return broker


def _unless_away(name: str, act: Callable[..., Any], *args: Any) -> Any:
    """Return what the broker's function gives; None, after the time between two looks, while the database is away."""
    try:
        return act(*args)
    except AWAY as error:
        log.warning("database_away", act=f"queue.{name}", error=type(error).__name__)
        connection.close()
        time.sleep(Conf.POLL)
        return None


@dataclass(slots=True)
class _Table:
    """The queue's table, as django-q2 puts wake-ups into it, but many of them with one statement."""

    list_key: str = str(settings.Q_CLUSTER["name"])
    payloads: list[str] = field(default_factory=list)

    def enqueue(self, payload: str) -> None:
        """Take one that is to be put in."""
        self.payloads.append(payload)

    def put_in(self) -> None:
        """Put in those that were taken."""
        free = connection.ops.adapt_datetimefield_value(_FREE)
        rows = ", ".join(["(%s, %s, %s)"] * len(self.payloads))
        values = [value for payload in self.payloads for value in (self.list_key, payload, free)]
        with connection.cursor() as cursor:
            cursor.execute(_PUT_IN.substitute(rows=rows), values)


def wake(division_ids: Iterable[int]) -> int:
    """Send a wake-up to each lane that has none yet, in the caller's transaction. Returns how many were sent.

    They go into the queue in the order given, by two statements for any number of lanes.
    """
    lanes = list(dict.fromkeys(division_ids))
    if not lanes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_MARK.substitute(now=clock.in_sql(), lanes=", ".join(["%s"] * len(lanes))), lanes)
        marked = {lane for (lane,) in cursor.fetchall()}
    if marked:
        _send(DRAIN_LANE, *(lane for lane in lanes if lane in marked))
    return len(marked)


def take(division_id: int) -> bool:
    """Take a lane out of the queue, because its turn begins. False when the wake-up came twice."""
    return _out_of_line(Division.objects.filter(pk=division_id))


def hand_back(division_id: int) -> None:
    """Put a lane at the end of the queue after its turn, unless it stands there; note that it was served."""
    with transaction.atomic():
        wake([division_id])
        Division.objects.filter(pk=division_id, woken_at__isnull=False).update(handed_back=True)


def put_back(task: str, row_id: int) -> None:
    """Put a wake-up back that was taken, and whose work was not begun."""
    _send(task, row_id)


def new_lane_waits() -> bool:
    """Whether a lane waits for its first turn since it has work. One that is being served does not wait."""
    waiting = Division.objects.filter(woken_at__isnull=False, handed_back=False)
    return waiting.filter(Q(lease_until=None) | Q(lease_until__lte=database_now())).exists()


def forget_lost(division_ids: Iterable[int]) -> None:
    """Forget the wake-ups that the queue does not have any more, so that these lanes can be woken."""
    waiting = _in_line(division_ids)
    if not waiting:
        return
    try:
        lost = waiting.keys() - set(_standing())
    except RedisError as error:
        log.warning("queue_not_read", error=type(error).__name__)
        return
    newest = max(waiting.values())  # one that was sent since then is not lost
    if settings.QUEUE_BROKER == "redis":
        newest = min(newest, database_now() - timedelta(seconds=LOST_AFTER_SWEEPS * settings.CONNECTOR_SWEEP_SECONDS))
    _out_of_line(Division.objects.filter(pk__in=lost, woken_at__lte=newest))


def _in_line(division_ids: Iterable[int]) -> dict[int, datetime]:
    rows = Division.objects.filter(pk__in=division_ids).values_list("pk", "woken_at")
    return {pk: woken_at for pk, woken_at in rows if woken_at}


def _out_of_line(lanes: QuerySet[Division]) -> bool:
    return bool(lanes.filter(woken_at__isnull=False).update(woken_at=None, handed_back=False))


def _standing() -> Iterator[int]:
    """Yield the lanes whose wake-ups the broker has, those included that a process took and has not begun."""
    for payload in _payloads():
        try:
            package: dict[str, Any] = SignedPackage.loads(payload)
        except (BadSignature, TypeError):  # of a former key: the cluster drops it
            continue
        if package["func"] == DRAIN_LANE:
            yield from package["args"]


def _payloads() -> list[str]:
    broker = get_broker()
    if isinstance(broker, Redis):
        return [text.decode() for text in broker.connection.lrange(broker.list_key, 0, -1)]
    return list(OrmQ.objects.values_list("payload", flat=True))


def wake_fit_run(run_id: int) -> None:
    """Have a worker go on with a run, in the caller's transaction. The sweep finds a run whose wake-up is lost."""
    _send(TRY_ORDERS, run_id)


def wake_backfill(run_id: int) -> None:
    """Have a worker go on with a backfill, in the caller's transaction. The sweep finds a lost wake-up."""
    _send(BACKFILL, run_id)


def wake_comparison(run_id: int) -> None:
    """Have a worker compare a period with Exact, in the caller's transaction. The sweep finds a lost wake-up."""
    _send(COMPARE_BOOKS, run_id)


def wake_customers(run_id: int) -> None:
    """Have a worker go on with a run over all customers, in the caller's transaction. The sweep finds a lost one."""
    _send(CUSTOMERS, run_id)


def wake_shadow(run_id: int) -> None:
    """Have a worker go on with a comparison, in the caller's transaction. The sweep finds a lost wake-up."""
    _send(COMPARE_SHADOW, run_id)


def wake_first_read(division_id: int) -> None:
    """Have a worker read a division's master data, in the caller's transaction. The sweep finds a lost wake-up."""
    _send(READ_MASTER_DATA, division_id)


def wake_proposal(division_id: int) -> None:
    """Have a worker propose the mapping of a division, in the caller's transaction. A page asks for a lost one."""
    _send(PROPOSE_MAPPING, division_id)


def _send(task: str, *row_ids: int) -> None:
    if settings.QUEUE_BROKER == "orm":
        table = _Table()
        for row_id in row_ids:
            async_task(task, row_id, broker=table)
        table.put_in()  # in the same transaction
    else:
        transaction.on_commit(partial(_send_to_redis, task, *row_ids))


def _send_to_redis(task: str, *row_ids: int) -> None:
    """Send after the commit. When the broker is away, the next sweep sends the wake-up again."""
    for row_id in row_ids:
        try:
            async_task(task, row_id)
        except RedisError as error:
            log.warning("wake_up_lost", task=task, row=row_id, error=type(error).__name__)
            if task == DRAIN_LANE:
                Division.objects.filter(pk=row_id).update(woken_at=None)


def free_taken() -> None:
    """Give out again what a cluster that died had taken and not begun. Redis has no copy: see `forget_lost`."""
    if settings.QUEUE_BROKER == "orm":
        OrmQ.objects.filter(lock__gt=_FREE).update(lock=_FREE)


def broker_answers() -> bool:
    """Whether wake-ups can be sent. The ORM broker is the database, which has answered already."""
    if settings.QUEUE_BROKER == "orm":
        return True
    try:
        return bool(get_broker().ping())
    except RedisError:
        return False


def run_cluster() -> None:
    """Run django-q2's cluster in this process until SIGTERM, however many of its processes get that signal.

    A process of the cluster that died of it would leave the others waiting. So all of them but this one have it
    blocked, and learn from `stopping` that a stop was asked for.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    cluster = Cluster()
    signal.signal(signal.SIGTERM, partial(_stop, cluster))
    cluster.start()  # forks
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    if cluster.sentinel is not None:
        cluster.sentinel.join()


def _stop(cluster: Cluster, number: int, frame: object) -> None:
    if not stopping.is_asked():
        stopping.ask()
        cluster.sig_handler(number, frame)
