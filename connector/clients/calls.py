"""One call to a vendor: it is sent, read and recorded, and every failure becomes the error of its consequence."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from connector.clients.errors import ClientError, Interrupted, OutcomeUnknown, Unavailable, UnexpectedResponse
from connector.clients.strict_json import Unreadable
from connector.clients.transport import Call, Limits, OnCall, Request, Response, Transport, Upstream
from connector.clients.wording import marked as _

T = TypeVar("T")
# Called with the endpoint before each call; raises RateLimited when the call may not be made now.
Gate = Callable[[str], None]


def always_open(endpoint: str) -> None:
    """Refuse nothing. The token endpoint counts for no division, and `access_tokens` spaces its calls."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Makes the calls to an upstream. `on_call` gets every call exactly once, also a failed one. `limits` reads the
    upstream's budget headers. `gate` comes first: what it refuses is not a call."""

    transport: Transport
    upstream: Upstream
    on_call: OnCall
    limits: Callable[[Mapping[str, str]], Limits | None]
    gate: Gate = always_open

    def call(
        self,
        request: Request,
        read: Callable[[Response], T],
        *,
        endpoint: str,
        deadline: float,
        write: bool,
        keep: bool = False,
    ) -> T:
        """Send the request, then `read` the answer. Raises what `gate` raises, and the ClientErrors of the transport
        and of `read`. An Unreadable becomes OutcomeUnknown for a write, else UnexpectedResponse. Every error has its
        endpoint and status, and none of the request's secrets. `keep`: the call has both bodies."""
        self.gate(endpoint)
        started = time.monotonic()
        status, limits = 0, None
        sent = answered = ""
        failure: ClientError | None = None
        try:
            sent = _kept(request.body(), request) if keep else ""
            response = self.transport.send(request, deadline=deadline)
            status, limits = response.status, self.limits(response.headers)
            answered = _kept(response.body, request) if keep else ""
            return read(response)
        except (ClientError, Unreadable) as error:
            failure = _consequence(error, write)
            failure.endpoint = failure.endpoint or endpoint
            failure.status = failure.status or status
            failure.hide(request.secrets)
        finally:
            milliseconds = _since(started)
            call = Call(
                self.upstream,
                request.method,
                endpoint,
                status,
                milliseconds,
                limits=limits,
                sent=sent,
                answered=answered,
            )
            self.on_call(call if failure is None else _failed(call, failure))
        raise failure


def _kept(body: bytes | None, request: Request) -> str:
    """A body as text that a database takes, without the request's secrets; "" when there is none."""
    text = (body or b"").decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    for secret in filter(None, request.secrets):
        text = text.replace(secret, "…")
    return text


def _since(started: float) -> int:
    """The milliseconds since then."""
    return round((time.monotonic() - started) * 1000)


def _failed(call: Call, failure: ClientError) -> Call:
    text = f"{type(failure).__name__}: {failure}"
    return replace(call, error=text, detail=failure.detail, unclear=isinstance(failure, OutcomeUnknown))


def _consequence(error: ClientError | Unreadable, write: bool) -> ClientError:
    if isinstance(error, Unreadable):
        message, given = _("The answer could not be read: %(why)s"), {**error.given, "why": error.words}
        return OutcomeUnknown(message, given=given) if write else UnexpectedResponse(message, given=given)
    if isinstance(error, Interrupted):
        kind = OutcomeUnknown if write else Unavailable
        return kind(error.words, given=error.given)
    return error
