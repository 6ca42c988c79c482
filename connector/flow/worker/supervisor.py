"""The worker: a process that supervises django-q2's cluster.

The cluster can stop taking work while it still says "Working"; a killed idle worker wedges it. So the supervisor
checks only whether due work grows old. The supervisor also runs the sweep, outside the queue, so that an emptied broker
costs a minute and no order.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from connector.flow import leases
from connector.flow.actions import bulk_repost
from connector.flow.clock import database_now
from connector.flow.isolate import isolate
from connector.flow.lane import waiting, wakeup
from connector.flow.monitor import division_duties, store_duties
from connector.flow.worker import heartbeat, sweep, worker_missing
from connector.models import Division

log = structlog.get_logger(__name__)

# Seconds between two looks at the cluster, and between two looks for old work while there is none.
LOOK_SECONDS, LOOK_FOR_WORK_SECONDS = 1.0, 10.0
# The cluster is wedged when work has been due for so many sweeps, and for so many seconds at least, while no lane was
# held at so many looks in a row.
WEDGED_AFTER_SWEEPS, WEDGED_AT_LEAST_SECONDS, WEDGED_LOOKS = 1.25, 20.0, 5
# Seconds that the cluster has to stop. A wedged one has less, so that it is replaced within two minutes.
STOP_SECONDS = 60.0
WEDGED_STOP_SECONDS = 15.0
MANAGE = Path(settings.BASE_DIR) / "manage.py"


class Supervisor:
    """Keeps one cluster running and sweeps, until it is asked to stop."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell = tell
        # A queue takes signals: in a handler that a second signal interrupts, an Event would wait for its own lock.
        self.signals: SimpleQueue[int] = SimpleQueue()
        self.stopping = threading.Event()
        self.cluster: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.next_sweep = 0.0
        self.next_look = 0.0
        self.idle_looks = 0  # looks in a row at which old work was due and no lane was held
        self.store_thread: threading.Thread | None = None

    def run(self) -> None:
        """Run until SIGTERM or SIGINT. The cluster finishes the orders that it works on."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.take_signal)
        self.tell(_("The worker runs; stop it with Ctrl-C or SIGTERM."))
        _at_the_database(store_duties.begin)
        _at_the_database(heartbeat.begin)
        patience = 0.0
        try:
            while not self._is_asked_to_stop(patience):
                patience = LOOK_SECONDS
                self._watch()
                self._keep_store_thread()
                if time.monotonic() >= self.next_sweep:
                    self.next_sweep = time.monotonic() + settings.CONNECTOR_SWEEP_SECONDS
                    _at_the_database(bulk_repost.advance)
                    _at_the_database(sweep.sweep)
                    _at_the_database(heartbeat.beat)
                    _at_the_database(worker_missing.look)
        finally:
            self._stop()
            _at_the_database(heartbeat.end)
        self.tell(_("The worker has stopped."))

    def take_signal(self, number: int, _frame: object) -> None:
        """Handle a signal that asks for a stop. It takes no lock."""
        self.signals.put(number)

    def _is_asked_to_stop(self, seconds: float) -> bool:
        """Wait so many seconds for a signal; whether one came."""
        try:
            self.signals.get(timeout=seconds)
        except Empty:
            return False
        self.stopping.set()
        return True

    def _keep_store_thread(self) -> None:
        """Start the thread for the stores' duties. A thread that ended with a fault is replaced at the next sweep."""
        if self.store_thread is None or (not self.store_thread.is_alive() and time.monotonic() >= self.next_sweep):
            self.store_thread = threading.Thread(target=self._look_after_stores, daemon=True)
            self.store_thread.start()

    def _look_after_stores(self) -> None:
        try:
            while not self.stopping.is_set():
                _at_the_database(partial(store_duties.look_after, self.stopping))
                _at_the_database(partial(division_duties.look_after, self.stopping))
                self.stopping.wait(settings.CONNECTOR_SWEEP_SECONDS)
        finally:
            connection.close()

    def _watch(self) -> None:
        """Start the cluster, and restart it when it has died or is wedged."""
        if self.cluster is not None and self.cluster.poll() is not None:
            log.error("cluster_died", code=self.cluster.returncode)
            self.cluster = None
        if self.cluster is not None and self._is_wedged():
            log.error("cluster_wedged", text="Due work was not taken; the cluster is restarted.")
            self._stop(WEDGED_STOP_SECONDS)
        if self.cluster is None:
            self.cluster = _start_cluster()
            self.started_at = time.monotonic()
            self.next_sweep, self.idle_looks = 0.0, 0
            _at_the_database(wakeup.free_taken)

    def _is_wedged(self) -> bool:
        """Whether due work has grown old while no lane is held. Many lanes for few workers are no fault."""
        patience = max(WEDGED_AFTER_SWEEPS * settings.CONNECTOR_SWEEP_SECONDS, WEDGED_AT_LEAST_SECONDS)
        moment = time.monotonic()
        if moment - self.started_at <= patience or moment < self.next_look:
            return False
        self.idle_looks = self.idle_looks + 1 if _work_is_old(patience) else 0
        self.next_look = 0.0 if self.idle_looks else moment + LOOK_FOR_WORK_SECONDS
        return self.idle_looks >= WEDGED_LOOKS

    def _stop(self, patience: float = STOP_SECONDS) -> None:
        """Ask the cluster to finish, then kill what is left of it."""
        cluster, self.cluster = self.cluster, None
        if cluster is None:
            return
        if cluster.poll() is None:
            cluster.send_signal(signal.SIGTERM)
            try:
                cluster.wait(patience)
            except subprocess.TimeoutExpired:
                log.error("cluster_killed", text="It did not stop in time; the orders that it worked on are recovered.")
        _kill_group(cluster.pid)
        cluster.wait()
        if cluster.stdin:
            cluster.stdin.close()


def _at_the_database(act: Callable[[], object]) -> None:
    """Do something that can be repeated later. When the database is away, or it fails, the worker goes on without."""
    try:
        isolate(act, "worker_task_failed", task=_name(act))
    except DatabaseError as error:
        log.warning("database_away", act=_name(act), error=type(error).__name__)
        connection.close()


def _name(act: Callable[[], object]) -> str:
    function = act.func if isinstance(act, partial) else act
    return f"{function.__module__}.{function.__qualname__}"


def _start_cluster() -> subprocess.Popen[bytes]:
    # It has its own session, so that a signal to our process group does not reach it; we stop it in order.
    # Its standard input is a pipe that ends when we die for any reason.
    return subprocess.Popen(
        [sys.executable, str(MANAGE), "worker", "--cluster"], stdin=subprocess.PIPE, start_new_session=True
    )


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _work_is_old(seconds: float) -> bool:
    try:
        now = database_now()
        if not waiting.lanes_with_work(now - timedelta(seconds=seconds)):
            return False
        return not Division.objects.exclude(leases.free(Division, now)).exists()
    except DatabaseError:
        connection.close()
        return False


def run_cluster() -> None:
    """Run the cluster in this process. When the supervisor dies, all processes of the cluster die at once."""
    threading.Thread(target=_die_with_supervisor, daemon=True).start()
    wakeup.run_cluster()


def _die_with_supervisor() -> None:
    # The read returns when the supervisor's end of the pipe is gone. sys.stdin is not used: its lock would be held
    # while the cluster forks, and the child, which closes its copy, would wait for the lock for ever.
    os.read(0, 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)
