"""The only access to the network: a single HTTP exchange with a total deadline and a limit for the body.

The time-outs of sockets (and so of `requests`) start again with every byte: a peer that sends one byte a second
can hold its caller for ever. So each exchange has a watch, which shuts the socket down at the deadline. Only the
look-up of a host name cannot be cut short; the resolver's own limits bound it.

Each call has its own connection (`Connection: close`). The peer can close a kept connection while it is idle. The
next request on it then fails after it was sent, which for a POST means "outcome unknown". Exact allows sixty calls
a minute, so one handshake per call costs less.
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from http.client import HTTPException
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from connector.clients import strict_json
from connector.clients.errors import ClientError, Interrupted, NotSent
from connector.clients.wording import Given
from connector.clients.wording import marked as _

_CHUNK = 64 * 1024
_USER_AGENT = "ml-connector"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. Its body is `json` (with Decimals) or `form`. No error about it shows one of `secrets`. Its
    repr shows the method and the address without the query."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: object = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def full_url(self) -> str:
        """The address with its query. Spaces are `%20` and `$` stays: OData servers read both literally."""
        if not self.params:
            return self.url
        query = urlencode(self.params, quote_via=quote, safe="$'(),")
        return f"{self.url}{'&' if '?' in self.url else '?'}{query}"

    def body(self) -> bytes | None:
        """The bytes to send. Raises ValueError when an amount is not finite."""
        if self.form is not None:
            return urlencode(self.form).encode("ascii")
        return None if self.json is None else strict_json.dump(self.json)


@dataclass(frozen=True, slots=True)
class Response:
    """One whole answer. `sent_at` (UTC) is the time just before the request was sent, `milliseconds` the time until
    the last byte arrived."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    sent_at: datetime
    milliseconds: int = 0

    @property
    def is_json(self) -> bool:
        """Whether the answer says that it is JSON. A maintenance page is HTML with status 200."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))

    def json(self) -> object:
        """The body as JSON with Decimals. Raises `strict_json.Unreadable` (a ValueError)."""
        return strict_json.load(self.body.removeprefix(b"\xef\xbb\xbf"))


@dataclass(frozen=True, slots=True)
class Limits:
    """The call budget that an answer reported; None = not reported. BigCommerce reports the first three, Exact the
    others. Resets are UTC by the vendor's clock, which showed `answered_at` at that time."""

    left: int | None = None
    quota: int | None = None
    reset_ms: int | None = None
    minute_left: int | None = None
    minute_limit: int | None = None
    minute_reset: datetime | None = None
    day_left: int | None = None
    day_limit: int | None = None
    day_reset: datetime | None = None
    answered_at: datetime | None = None


class Upstream(StrEnum):
    """The vendor that is called. The history and the figures keep these words."""

    BIGCOMMERCE = "bigcommerce"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP call, for the history and the budgets. `endpoint` is a path template without ids. `status` is 0 when
    no answer came. `error` is "" or the error's class and sentence, `detail` the vendor's own text of a refusal.
    `unclear`: a write that may have happened or not. `sent` and `answered` are the bodies as text, of calls that are
    kept as evidence; "" of all others."""

    upstream: Upstream
    method: str
    endpoint: str
    status: int
    milliseconds: int
    error: str = ""
    limits: Limits | None = None
    detail: str = ""
    unclear: bool = False
    sent: str = field(default="", repr=False)
    answered: str = field(default="", repr=False)


OnCall = Callable[[Call], None]


class Transport:
    """Sends requests. It keeps nothing between them, so threads may share it."""

    def __init__(
        self, *, allow_insecure: bool = False, connect_timeout: float = 5.0, max_body: int = 16 * 1024 * 1024
    ) -> None:
        self._schemes = {"https", "http"} if allow_insecure else {"https"}
        self._connect_timeout = connect_timeout
        self._max_body = max_body

    def send(self, request: Request, *, deadline: float) -> Response:
        """Make one exchange within `deadline` seconds. A redirect is an answer. Proxies and netrc are ignored.

        Raises NotSent when certainly no byte was given to a connection, and Interrupted for every later failure: a
        cut, a time-out, a body above the limit. Raises ValueError when an amount is not finite.
        """
        self._check(request, deadline)
        body = request.body()
        watch = _Watch(deadline)
        started, sent_at = time.monotonic(), datetime.now(UTC)
        try:
            status, headers, content = self._exchange(request, body, watch)
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            failure = _failure(request, error, watch, f"{deadline:g}")
        else:
            return Response(status, headers, content, sent_at, round((time.monotonic() - started) * 1000))
        finally:
            watch.stop()
        # Raised outside the except block, so that it does not carry the library's error, which holds the headers.
        raise failure

    def _check(self, request: Request, deadline: float) -> None:
        scheme = urlsplit(request.url).scheme.lower()
        if scheme not in self._schemes:
            raise NotSent(
                _(
                    "The address of %(host)s is not https. Use an https address, or set ALLOW_INSECURE_UPSTREAMS for a "
                    "sandbox."
                ),
                given={"host": _host(request)},
            )
        if deadline <= 0:
            raise NotSent(_("The time for this call was over before it began"))

    def _exchange(self, request: Request, body: bytes | None, watch: "_Watch") -> tuple[int, Mapping[str, str], bytes]:
        token = _watch.set(watch)
        adapter = _Adapter(max_retries=0)
        try:
            timeout = (min(self._connect_timeout, watch.left), watch.left)
            answer = adapter.send(_prepare(request, body), stream=True, timeout=timeout)
            return answer.status_code, answer.headers, self._read(answer, watch)
        finally:
            adapter.close()
            _watch.reset(token)

    def _read(self, answer: requests.Response, watch: "_Watch") -> bytes:
        body = bytearray()
        with answer:
            for chunk in answer.iter_content(_CHUNK):
                body += chunk
                if len(body) > self._max_body:
                    raise _TooLarge(self._max_body)
        if watch.expired:  # a body without a length just ends when the socket is shut down
            raise TimeoutError
        return bytes(body)


class _TooLarge(OSError):
    """The answer is larger than so many bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


class _Watch:
    """Shuts an exchange's socket down at the deadline, and knows whether anything was given to it."""

    def __init__(self, deadline: float) -> None:
        self.sent = False
        self.expired = False
        self._sock: socket.socket | None = None
        self._ends = time.monotonic() + deadline
        self._timer = threading.Timer(deadline, self._cut)
        self._timer.daemon = True
        self._timer.start()

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed; a socket's own time-out may notice it before the timer does."""
        return self.expired or time.monotonic() >= self._ends

    @property
    def left(self) -> float:
        return max(self._ends - time.monotonic(), 0.001)

    def begin(self, sock: socket.socket | None) -> None:
        """Count the request as sent from now on. Raises TimeoutError when the time is over: connecting took too long,
        or the process was stopped for a while, and another one may do its work now."""
        self._sock = sock
        if self.is_over:
            raise TimeoutError
        self.sent = True

    def stop(self) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.expired = True
        if self._sock is not None:
            # SSLSocket.shutdown would remove the TLS state while a reader uses it, so this calls socket's own.
            with suppress(OSError):
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


_watch: ContextVar[_Watch] = ContextVar("watch")


class _PlainConnection(HTTPConnection):
    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Connect first, then start the request: what fails before this step was not sent."""
        if self.sock is None:
            self.connect()
        _watch.get().begin(self.sock)
        super().putrequest(method, url, skip_host, skip_accept_encoding)


class _TlsConnection(_PlainConnection, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    """The adapter of requests, with connections that report to the watch when they start to send. It works without a
    Session, so there are no redirects, cookies, proxies, netrc or retries to switch off."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


def _prepare(request: Request, body: bytes | None) -> requests.PreparedRequest:
    headers = {"User-Agent": _USER_AGENT, "Accept": "application/json", "Connection": "close"}
    if body is not None:
        form = request.form is not None
        headers["Content-Type"] = "application/x-www-form-urlencoded" if form else "application/json"
    return requests.Request(request.method, request.full_url, {**headers, **request.headers}, data=body).prepare()


def _host(request: Request) -> str:
    return urlsplit(request.url).hostname or "?"


def _failure(request: Request, error: Exception, watch: _Watch, seconds: str) -> ClientError:
    """The error of an exchange that broke off: NotSent when no byte was given to a connection."""
    given: Given
    if watch.is_over:
        given = {"host": _host(request), "seconds": seconds}
        if watch.sent:
            text = _("The exchange with %(host)s broke off: no whole answer within %(seconds)s s")
            return Interrupted(text, given=given)
        return NotSent(_("No connection to %(host)s: no whole answer within %(seconds)s s"), given=given)
    if isinstance(error, _TooLarge):
        given = {"host": _host(request), "bytes": error.most}
        text = _("The exchange with %(host)s broke off: the answer is larger than %(bytes)s bytes")
        return Interrupted(text, given=given)
    given = {"host": _host(request), "cause": _cause(error)}
    if watch.sent:
        return Interrupted(_("The exchange with %(host)s broke off: %(cause)s"), given=given)
    return NotSent(_("No connection to %(host)s: %(cause)s"), given=given)


def _cause(error: BaseException) -> str:
    """The operating system's word for the first cause, else the kind of failure. Never a library's own text, which
    can quote a header."""
    cause: BaseException | None = error
    word = ""
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            word = cause.strerror
        cause = cause.__context__
    return word or type(error).__name__
