"""Workers that can really be killed, and stopped: processes forked from one that holds nothing.

The process that forks has no threads, no connection and no sandbox, so a child begins as clean as a fresh worker,
only faster. A worker does one job after the other until it is killed or stopped; then the next begins.
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
from connector.flow import fault_points
from connector.flow.pipeline import run_lane
from connector.models import Store
from connector.sandbox.bigcommerce.webhook_sender import Event, body_of
from tenants.fields import cipher
from tests.faults.documents import STORE

log = structlog.get_logger(__name__)

# A vendor's second lasts so long here: what takes 45 s of patience there is given up after less than half a second.
SECOND = 0.01
STUCK_AFTER = 60  # seconds in which any turn has long ended
LIVES_ON = {"done", "failed"}


@dataclass(frozen=True)
class Job:
    """A turn of a worker in a lane; before it, the store tells at the web's door what happened to orders."""

    lane: int
    rung: tuple[Event, ...]
    armed: str
    skew: timedelta
    store_url: str
    exact_url: str
    quiet: bool = True
    practice: bool = False


@dataclass(frozen=True)
class Ending:
    """How a turn came out: "done", "failed", "killed", "stopped" or "stuck"; `struck`: the armed point was reached."""

    how: str
    struck: bool
    pid: int


@dataclass(eq=False)
class Worker:
    """A process that takes jobs."""

    pid: int
    line: socket.socket


class Workers:
    """Asks the forking process; used by one thread."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            _serve(theirs)
        theirs.close()
        self._line = ours

    def do(self, job: Job) -> Ending:
        """Let a fresh process do a job, and see how it ends or stops."""
        return self._ask(job)

    def practise(self, job: Job) -> Ending:
        """Let the forking process itself do a job, so that what it forks has found its way before."""
        return self._ask(replace(job, practice=True))

    def wake(self, pid: int) -> Ending:
        """Let a stopped process go on."""
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
    """Hand each job to the worker that is there, or to a fresh one where the last was killed or stopped."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks
    _hurry()
    cipher()  # derives its keys, which takes a while
    bell = _bell()
    asleep: dict[int, Worker] = {}
    worker: Worker | None = None
    retired: list[int] = []
    while (what := _receive(line)) is not None:
        if isinstance(what, Job) and what.practice:
            _send(line, _practise(what))
            continue
        if isinstance(what, Job):
            busy = worker or _fork(line, bell)
            _send(busy.line, what)
        else:
            assert isinstance(what, int)
            busy = asleep.pop(what)
            os.kill(busy.pid, signal.SIGCONT)
        ending = _ending(busy, bell)
        if ending.how == "stopped":
            asleep[busy.pid] = busy
        elif ending.how in LIVES_ON and (worker is None or worker is busy):
            worker = busy
        else:
            busy.line.close()  # it was woken up, and there is another by now: it ends when nobody asks any more
            retired += [busy.pid] if ending.how in LIVES_ON else []
        retired = [pid for pid in retired if os.waitpid(pid, os.WNOHANG) == (0, 0)]
        if ending.how not in LIVES_ON and busy is worker:
            worker = None
        _send(line, ending)
    for each in (worker, *asleep.values()):
        if each is not None:
            os.kill(each.pid, signal.SIGKILL)
    os._exit(0)


def _bell() -> socket.socket:
    """Rings when a child dies or stops."""
    rung, ringer = socket.socketpair()
    rung.setblocking(False)
    ringer.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(ringer.detach())
    return rung


def _fork(line: socket.socket, bell: socket.socket) -> Worker:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return Worker(pid, ours)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for inherited in (ours, line, bell):
        inherited.close()
    return _be_a_worker(theirs)


def _ending(worker: Worker, bell: socket.socket) -> Ending:
    """How the job ends, as the worker says, or as the system does of a worker that cannot."""
    while True:
        ready, _, _ = select.select([worker.line, bell], [], [])
        if bell in ready:
            bell.recv(4096)
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


def _practise(job: Job) -> Ending:
    """Do a job here, and leave nothing behind that a child would share."""
    ending = _do(job)
    connection.close()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()
    gc.collect()
    gc.freeze()  # a child touches no page that it need not,
    gc.disable()  # nor lives so long that circles would matter
    return ending


def _be_a_worker(line: socket.socket) -> NoReturn:
    """Do jobs until nobody asks any more."""
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
    except Exception:  # as the queue does: told, and what is left is for the next turn
        log.exception("turn_failed")
        connection.close()
    return Ending(how, not fault_points.is_armed(), os.getpid())


def _work(job: Job) -> bool:
    if job.rung and not _ring(job.rung):
        return False
    run_lane.drain_lane(job.lane)  # what the queue calls
    return True


@cache
def _web() -> Client:
    """The web, with its middleware: made once, before anything is forked."""
    return Client(raise_request_exception=False)


def _ring(events: tuple[Event, ...]) -> bool:
    """The store tells what happened; whether all was answered with 200."""
    store, client = Store.objects.get(store_hash=STORE), _web()
    address = reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})
    secret = {"X-Connector-Secret": store.hook_secret}
    bodies = [body_of(STORE, "1100001", event.order_id, event.scope, at=1_700_000_000) for event in events]
    answers = [client.post(address, body, content_type="application/json", headers=secret) for body in bodies]
    return all(answer.status_code == 200 for answer in answers)


def _hurry() -> None:
    """Shorten the patience with vendors."""
    patient: Callable[..., Any] = transport.Transport.send

    def send(self: transport.Transport, request: transport.Request, *, deadline: float) -> Any:
        return patient(self, request, deadline=deadline * SECOND)

    patch.object(transport.Transport, "send", send).start()
    patch.object(transport, "datetime", Moved).start()


class Moved(datetime):
    """A worker's own clock shows the moved time, too."""

    skew = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """The time that the runs have come to."""
        return cls.fromtimestamp((datetime.now(tz) + cls.skew).timestamp(), tz)


def _send(line: socket.socket, what: object) -> None:
    data = pickle.dumps(what)
    line.sendall(struct.pack("!I", len(data)) + data)


def _receive(line: socket.socket) -> object:
    """The next message; None when the other side is gone."""
    size = line.recv(4, socket.MSG_WAITALL)
    return pickle.loads(line.recv(struct.unpack("!I", size)[0], socket.MSG_WAITALL)) if len(size) == 4 else None
