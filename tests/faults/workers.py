"""Workers that tests can kill and stop: processes forked from a clean one.

The process that forks has no threads, no connection and no sandbox, so a child begins like a new worker,
only faster. A worker does one job after the other until it is killed or stopped. Then the next one begins.
"""

import gc
import os
import pickle
import select
import signal
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import cache
from typing import Any, NoReturn, Self
from unittest.mock import patch

import structlog
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from connector.clients import transport
from connector.flow import clock, fault_points
from connector.flow.pipeline import run_lane
from connector.models import Store
from connector.sandbox.bigcommerce.webhook_sender import Event, body_of
from tenants.sealed import seal
from tests.faults.documents import STORE

log = structlog.get_logger(__name__)

# The length of a vendor's second here: a deadline of 45 s is less than half a second.
SECOND = 0.01
STUCK_AFTER = 60  # seconds; every turn is much shorter
KEPT = {"done", "failed"}


@dataclass(frozen=True)
class Job:
    """A turn of a worker in a lane. Before it, the store delivers `events` to the web process."""

    lane: int
    events: tuple[Event, ...]
    armed: str
    skew: timedelta
    store_url: str
    exact_url: str
    quiet: bool = True
    warm_up: bool = False


@dataclass(frozen=True)
class Ending:
    """The end of a turn: "done", "failed", "killed", "stopped" or "stuck". `struck`: the armed point was reached."""

    how: str
    struck: bool
    pid: int


@dataclass(eq=False)
class Worker:
    """A process that takes jobs."""

    pid: int
    line: socket.socket


class WorkerProcesses:
    """Sends jobs to the forking process. Only one thread uses it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            _serve(theirs)
        theirs.close()
        self._line = ours

    def do(self, job: Job) -> Ending:
        """Let a worker do a job; returns how it ended."""
        return self._ask(job)

    def warm_up(self, job: Job) -> Ending:
        """Let the forking process do a job itself, so that its children begin with loaded code."""
        return self._ask(replace(job, warm_up=True))

    def wake(self, pid: int) -> Ending:
        """Let a stopped worker continue."""
        return self._ask(pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        os.waitpid(self.pid, 0)

    def _ask(self, what: Job | int) -> Ending:
        _send(self._line, what)
        ending = _receive(self._line)
        assert isinstance(ending, Ending)
        return ending


def _serve(line: socket.socket) -> None:
    """Give each job to the present worker, or to a new one when the last was killed or stopped."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that sends the jobs
    _shorten_deadlines()
    seal("", "nowhere")  # derives its keys, which takes a while
    child_signals = _child_signals()
    asleep: dict[int, Worker] = {}
    worker: Worker | None = None
    retired: list[int] = []
    while (what := _receive(line)) is not None:
        if isinstance(what, Job) and what.warm_up:
            _send(line, _warm_up(what))
            continue
        if isinstance(what, Job):
            busy = worker or _fork(line, child_signals)
            _send(busy.line, what)
        else:
            assert isinstance(what, int)
            busy = asleep.pop(what)
            os.kill(busy.pid, signal.SIGCONT)
        ending = _ending(busy, child_signals)
        if ending.how == "stopped":
            asleep[busy.pid] = busy
        elif ending.how in KEPT and (worker is None or worker is busy):
            worker = busy
        else:
            busy.line.close()  # it woke up and another worker took its place: without a line it ends
            retired += [busy.pid] if ending.how in KEPT else []
        retired = [pid for pid in retired if os.waitpid(pid, os.WNOHANG) == (0, 0)]
        if ending.how not in KEPT and busy is worker:
            worker = None
        _send(line, ending)
    for each in (worker, *asleep.values()):
        if each is not None:
            os.kill(each.pid, signal.SIGKILL)
    os._exit(0)


def _child_signals() -> socket.socket:
    """Return a socket that becomes readable when a child dies or stops."""
    listener, sender = socket.socketpair()
    listener.setblocking(False)
    sender.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(sender.detach())
    return listener


def _fork(line: socket.socket, child_signals: socket.socket) -> Worker:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return Worker(pid, ours)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for inherited in (ours, line, child_signals):
        inherited.close()
    return _run_worker(theirs)


def _ending(worker: Worker, child_signals: socket.socket) -> Ending:
    """Return how the job ended, from the worker or, when it died or stopped, from the system."""
    while True:
        ready, _, _ = select.select([worker.line, child_signals], [], [])
        if child_signals in ready:
            child_signals.recv(4096)
        pid, status = os.waitpid(worker.pid, os.WNOHANG | os.WUNTRACED)
        if pid and os.WIFSTOPPED(status):
            return Ending("stopped", True, pid)
        if pid and os.WIFSIGNALED(status):
            killed = os.WTERMSIG(status) == signal.SIGKILL
            return Ending("killed" if killed else "stuck", killed, pid)
        if pid:
            raise AssertionError(f"A worker left by itself: {status}.")
        if worker.line in ready and (said := _receive(worker.line)):
            assert isinstance(said, Ending)
            return said


def _warm_up(job: Job) -> Ending:
    """Do a job in this process, and leave nothing that a child would share."""
    ending = _do(job)
    connection.close()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()
    gc.collect()
    gc.freeze()  # a child copies fewer memory pages,
    gc.disable()  # and lives too short to need the garbage collector
    return ending


def _run_worker(line: socket.socket) -> NoReturn:
    """Do jobs until the line is closed."""
    clock.READING_SERVES = 0.0  # the database's time is moved between two jobs
    while isinstance(job := _receive(line), Job):
        signal.alarm(STUCK_AFTER)
        ending = _do(job)
        signal.alarm(0)
        _send(line, ending)
    os._exit(0)


def _do(job: Job) -> Ending:
    settings.BIGCOMMERCE_API_URL, settings.EXACT_ONLINE_URL = job.store_url, job.exact_url
    if job.quiet:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    Moved.skew = job.skew
    fault_points.arm(job.armed)
    how = "failed"
    try:
        how = "done" if _work(job) else "failed"
    except Exception:  # as in the queue: it is logged, and the next turn does the rest
        log.exception("turn_failed")
        connection.close()
    return Ending(how, not fault_points._armed, os.getpid())


def _work(job: Job) -> bool:
    if job.events and not _deliver(job.events):
        return False
    run_lane.drain_lane(job.lane)  # what the queue calls
    return True


@cache
def _web() -> Client:
    """The web application with its middleware, made once before a fork."""
    return Client(raise_request_exception=False)


def _deliver(events: tuple[Event, ...]) -> bool:
    """Deliver the events; returns whether every answer was 200."""
    store, client = Store.objects.get(store_hash=STORE), _web()
    address = reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})
    secret = {"X-Connector-Secret": store.hook_secret}
    bodies = [body_of(STORE, "1100001", event.order_id, event.scope, at=1_700_000_000) for event in events]
    answers = [client.post(address, body, content_type="application/json", headers=secret) for body in bodies]
    return all(answer.status_code == 200 for answer in answers)


def _shorten_deadlines() -> None:
    """Shorten the deadlines of calls to vendors."""
    patient: Callable[..., Any] = transport.Transport.send

    def send(self: transport.Transport, request: transport.Request, *, deadline: float) -> Any:
        return patient(self, request, deadline=deadline * SECOND)

    patch.object(transport.Transport, "send", send).start()
    patch.object(transport, "datetime", Moved).start()


class Moved(datetime):
    """The clock of a worker, which shows the moved time too."""

    skew = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return the moved time."""
        return cls.fromtimestamp((datetime.now(tz) + cls.skew).timestamp(), tz)


def _send(line: socket.socket, what: object) -> None:
    data = pickle.dumps(what)
    line.sendall(struct.pack("!I", len(data)) + data)


def _receive(line: socket.socket) -> object:
    """Return the next message; None when the other side closed."""
    size = line.recv(4, socket.MSG_WAITALL)
    return pickle.loads(line.recv(struct.unpack("!I", size)[0], socket.MSG_WAITALL)) if len(size) == 4 else None
