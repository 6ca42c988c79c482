"""Workers that can really be killed: each turn is a process of its own, forked from one that holds nothing.

The process that forks has no threads, no connection and no sandbox, so a child begins as clean as a fresh worker,
only faster. It says how each child came out.
"""

import gc
import os
import pickle
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self
from unittest.mock import patch
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.urls import reverse

from connector.clients import transport
from connector.flow import fault_points, lane_work, leases, sync
from connector.models import Store
from connector.sandbox.sender import body_of
from tenants.fields import cipher
from tests.faults.plan import STORE

# A vendor's second lasts so long here: what takes 45 s of patience there is given up after less than half a second.
SECOND = 0.01
STUCK_AFTER = 60  # seconds in which any turn has long ended
FAILED, STILL_ARMED = 1, 2


@dataclass(frozen=True)
class Job:
    """A turn of a worker; before it, orders are rung at the web's door."""

    rung: tuple[int, ...]
    armed: str
    skew: timedelta
    store_url: str
    exact_url: str
    quiet: bool = True


@dataclass(frozen=True)
class Ending:
    """How a turn came out: "done", "failed", "killed", "stopped" or "stuck"; `struck`: the armed point was reached."""

    how: str
    struck: bool
    pid: int


class Hands:
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
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks
    _hurry()
    _warm_up()
    while (what := _receive(line)) is not None:
        if isinstance(what, Job):
            pid = os.fork()
            if pid == 0:
                line.close()
                _be_a_worker(what)
        else:
            assert isinstance(what, int)
            pid = what
            os.kill(pid, signal.SIGCONT)
        _send(line, _ending(pid))
    os._exit(0)


def _ending(pid: int) -> Ending:
    _, status = os.waitpid(pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        return Ending("stopped", True, pid)
    if os.WIFSIGNALED(status):
        killed = os.WTERMSIG(status) == signal.SIGKILL
        return Ending("killed" if killed else "stuck", killed, pid)
    code = os.WEXITSTATUS(status)
    return Ending("failed" if code & FAILED else "done", not code & STILL_ARMED, pid)


def _be_a_worker(job: Job) -> None:
    """Never returns."""
    signal.alarm(STUCK_AFTER)
    settings.BIGCOMMERCE_API_URL, settings.EXACT_ONLINE_URL = job.store_url, job.exact_url
    if job.quiet:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    code = FAILED
    try:
        _at(job.skew)
        fault_points.arm(job.armed)
        code = 0 if _work(job) else FAILED
    finally:  # as the queue does: told, and what is left is for the next turn
        if sys.exc_info()[0]:
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(code | (STILL_ARMED if fault_points.is_armed() else 0))


def _work(job: Job) -> bool:
    return (not job.rung or _ring(job.rung)) and _drain()


def _ring(orders: tuple[int, ...]) -> bool:
    """The store tells of orders; whether all were answered with 200."""
    store, client = Store.objects.get(store_hash=STORE), Client(raise_request_exception=False)
    address = reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})
    secret = {"X-Connector-Secret": store.hook_secret}
    bodies = [body_of(STORE, "1100001", order, "store/order/created", at=1_700_000_000) for order in orders]
    answers = [client.post(address, body, content_type="application/json", headers=secret) for body in bodies]
    return all(answer.status_code == 200 for answer in answers)


def _drain() -> bool:
    for _ in range(8):
        lanes = lane_work.lanes_with_work(leases.database_now())
        if not lanes:
            break
        for lane in lanes:
            sync.drain_lane(lane)
    return True


def _warm_up() -> None:
    """What every process does once, done once for all of them."""
    cipher()
    Client().get("/healthz")
    reverse("bigcommerce-webhook", kwargs={"webhook_uuid": UUID(int=0)})
    gc.collect()
    gc.freeze()  # a child touches no page that it need not


def _hurry() -> None:
    """Shorten the patience with vendors."""
    patient: Callable[..., Any] = transport.Transport.send

    def send(self: transport.Transport, request: transport.Request, *, deadline: float) -> Any:
        return patient(self, request, deadline=deadline * SECOND)

    patch.object(transport.Transport, "send", send).start()


def _at(skew: timedelta) -> None:
    """This process's own clock shows the moved time, too."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp((datetime.now(tz) + skew).timestamp(), tz)

    patch.object(transport, "datetime", Moved).start()


def _send(line: socket.socket, what: object) -> None:
    data = pickle.dumps(what)
    line.sendall(struct.pack("!I", len(data)) + data)


def _receive(line: socket.socket) -> object:
    """The next message; None when the other side is gone."""
    size = line.recv(4, socket.MSG_WAITALL)
    return pickle.loads(line.recv(struct.unpack("!I", size)[0], socket.MSG_WAITALL)) if len(size) == 4 else None
