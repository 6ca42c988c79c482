"""The base of both fakes: an HTTP server on loopback with a call log, faults and a control interface."""

from __future__ import annotations

import logging
import select
import socket
import sys
from abc import ABC, abstractmethod
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, RLock, Thread
from time import monotonic, sleep
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from connector.sandbox.http.faults import Fault, Faults
from connector.sandbox.http.messages import Call, CallLog, Headers, Incoming, Reply

__all__ = ["Call", "CallLog", "FakeService", "Fault", "Faults", "Headers", "Incoming", "Reply"]

log = logging.getLogger("sandbox")

MAINTENANCE = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>We will be back soon.</body></html>"
_Socket = socket.socket | tuple[bytes, socket.socket]

BAD_GATEWAY = "<html><head><title>503</title></head><body><h1>Service Temporarily Unavailable</h1></body></html>"


class FakeService(ABC):
    """A fake of one vendor's service. A subclass answers in `handle`, under `lock` and one request at a time.

    `start` binds 127.0.0.1 (port 0: any free port, which later starts use again). `stop` ends requests that hang.
    """

    own_faults: tuple[str, ...] = ()

    def __init__(self, name: str, port: int = 0) -> None:
        self.name = name
        self.port = port
        self.lock = RLock()
        self.calls = CallLog()
        self.faults = Faults(self.own_faults)
        self.stopping = Event()
        self._skew = timedelta()
        self._server: _Server | None = None

    # Life

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT, without a slash at the end. It is known after `start`."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        self.stopping.clear()
        self._server = _Server(self)
        self.port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, args=(0.01,), name=self.name, daemon=True).start()
        return self

    def stop(self) -> None:
        """End requests that hang, close every connection and stop listening. `start` continues with the same state."""
        server, self._server = self._server, None
        if server is None:
            return
        self.stopping.set()
        server.shutdown()
        server.server_close()
        server.hang_up()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # Time

    def now(self) -> datetime:
        """The fake's clock, in UTC."""
        return datetime.now(UTC) + self._skew

    def advance(self, seconds: float) -> None:
        """Move the fake's clock forward."""
        self._skew += timedelta(seconds=seconds)

    def settle(self, seconds: float = 10.0) -> None:
        """Wait until every request that was sent is handled, also late commits. Raises TimeoutError."""
        give_up = monotonic() + seconds
        # The server accepts this connection after all others.
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as last:
            last.sendall(b"GET /_sandbox/faults HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            while last.recv(65536):
                pass
        while self._server is not None and self._server.is_busy():
            if monotonic() > give_up:
                raise TimeoutError(f"{self.name} still handles something.")
            sleep(0.002)

    # For subclasses

    @abstractmethod
    def handle(self, request: Incoming) -> Reply:
        """Answer an API call."""

    @abstractmethod
    def own_fault(self, fault: Fault, request: Incoming) -> Reply:
        """Answer a call that has one of `own_faults`."""

    def server_error(self) -> Reply:
        return Reply.json(500, {"error": "Internal Server Error"})

    def refused(self, status: int, text: str) -> Reply:
        return Reply.json(status, {"error": text})

    def unauthorized(self) -> Reply:
        return Reply.json(401, {"error": "unauthorized"})

    def forbidden(self, reason: str) -> Reply:
        return Reply.json(403, {"error": reason})

    def rate_limited(self, window: str) -> Reply:
        """The refusal for too many calls; `window` is "minute" or "day"."""
        return Reply.empty(429)

    def state(self) -> dict[str, Any]:
        """The answer to /_sandbox/state."""
        return {}

    def control(self, request: Incoming) -> Reply:
        """Answer the service's own control calls below /_sandbox/."""
        return Reply.json(404, {"error": "There are calls, faults and state."})

    # For the connection

    def process(self, request: Incoming) -> Reply:
        """Handle one request under the lock. A bug of the fake is logged, and the answer is a server error."""
        with self.lock:
            try:
                return self.handle(request)
            except Exception:
                log.exception("%s failed on %s %s", self.name, request.method, request.path)
                return self.server_error()

    def steer(self, request: Incoming) -> Reply:
        """Answer a control call. The answer to a wrong one is 400."""
        try:
            return self._steer(request)
        except (KeyError, TypeError, ValueError) as error:
            return Reply.json(400, {"error": f"{type(error).__name__}: {error}"})

    def _steer(self, request: Incoming) -> Reply:
        what = (request.method, request.path.removeprefix("/_sandbox/").rstrip("/"))
        with self.lock:
            if what == ("GET", "calls"):
                return Reply.json(200, [call.to_json() for call in self.calls])
            if what == ("GET", "state"):
                return Reply.json(200, self.state())
            if what == ("GET", "faults"):
                return Reply.json(200, self.faults.to_json())
            if what == ("DELETE", "faults"):
                self.faults.clear()
                return Reply.empty(204)
            if what == ("POST", "faults"):
                self.faults.add(**request.json_object())
                return Reply.json(201, self.faults.to_json())
            return self.control(request)

    def canned(self, kind: str) -> Reply | None:
        """The answer of a fault that replaces handling; None for other kinds."""
        if kind.startswith("403:"):
            return self.forbidden(kind.removeprefix("403:"))
        if kind.startswith(("400:", "500:")):
            return self.refused(int(kind[:3]), kind[4:])
        if kind.startswith("429_"):
            return self.rate_limited(kind.removeprefix("429_"))
        if kind == "401":
            return self.unauthorized()
        if kind == "500_before":
            return self.server_error()
        pages = {"503_html": (503, BAD_GATEWAY), "200_html": (200, MAINTENANCE)}
        return Reply.html(*pages[kind]) if kind in pages else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, service: FakeService) -> None:
        self.service = service
        self._open: set[_Socket] = set()
        super().__init__(("127.0.0.1", service.port), _Connection)

    def process_request(self, request: _Socket, client_address: object) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Socket) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def is_busy(self) -> bool:
        return bool(self._open)

    def hang_up(self) -> None:
        """Close connections that are kept alive, so that no thread waits in a read."""
        for connection in list(self._open):
            with suppress(OSError):
                assert isinstance(connection, socket.socket)
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: _Socket, client_address: object) -> None:
        """Ignore a client that went away. Any other error is a bug of the fake."""
        if not isinstance(sys.exc_info()[1], OSError):
            log.exception("%s failed", self.service.name)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    server: _Server

    def _serve(self) -> None:
        request = self._read()
        if request.path.startswith("/_sandbox/"):
            self._send(self._control(request))
            return
        service = self.server.service
        call = service.calls.add(request, service.now())
        fault = service.faults.take(request.method, request.path, request.body)
        reply = service.process(request) if fault is None else self._strike(fault, request)
        call.status = 0 if reply is None else reply.status
        if reply is None:
            self.close_connection = True
        elif fault is not None and fault.kind == "truncated":
            self._send(reply, cut=True)
        elif fault is not None and fault.kind == "slow_drip":
            self._send(reply, drip=fault.seconds)
        else:
            self._send(reply)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _read(self) -> Incoming:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        return Incoming(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            query_raw=parts.query,
            headers=Headers(self.headers.items()),
            body=self.rfile.read(length),
        )

    def _control(self, request: Incoming) -> Reply:
        host = request.headers.text("Host").partition(":")[0]
        if self.client_address[0] != "127.0.0.1" or host not in ("127.0.0.1", "localhost"):
            return Reply.json(403, {"error": "The sandbox is steered from this machine only."})
        return self.server.service.steer(request)

    def _strike(self, fault: Fault, request: Incoming) -> Reply | None:
        """Produce a fault. None closes the connection without an answer."""
        service, kind = self.server.service, fault.kind
        if kind in service.own_faults:
            with service.lock:
                return service.own_fault(fault, request)
        if kind == "late_commit":
            if not service.stopping.wait(fault.seconds):
                service.process(request)
            return None
        if kind in ("timeout_before", "close_before"):
            self._hang(fault)
            return None
        reply = service.canned(kind)
        return reply if reply is not None else self._spoil(fault, service.process(request))

    def _spoil(self, fault: Fault, reply: Reply) -> Reply | None:
        """The answer of a fault to a request that was handled. None closes the connection without an answer."""
        if fault.kind in ("timeout_after", "close_after"):
            self._hang(fault)
            return None
        if fault.kind == "delay":
            self.server.service.stopping.wait(fault.seconds)
        if fault.kind == "500_after":
            return self.server.service.server_error()
        if fault.kind == "garbage_201":
            return Reply(201, {"Content-Type": "application/json; charset=utf-8"}, b'{"d" : \x00\xff<garbage')
        return reply

    def _hang(self, fault: Fault) -> None:
        """Send nothing until the time is over, the client is gone or the server stops."""
        end = monotonic() + fault.seconds
        while fault.kind.startswith("timeout") and monotonic() < end:
            if self.server.service.stopping.wait(0.02) or self._client_gone():
                return

    def _client_gone(self) -> bool:
        try:
            readable, _, _ = select.select([self.connection], [], [], 0)
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def _send(self, reply: Reply, cut: bool = False, drip: float = 0.0) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if cut:
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True
        elif drip:
            self._drip(reply.body, drip)
        else:
            self.wfile.write(reply.body)

    def _drip(self, body: bytes, seconds: float) -> None:
        for index in range(len(body)):
            if self.server.service.stopping.wait(seconds):
                self.close_connection = True
                return
            self.wfile.write(body[index : index + 1])

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header follows the fake's clock."""
        return format_datetime(self.server.service.now(), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the fake has its own call log."""
