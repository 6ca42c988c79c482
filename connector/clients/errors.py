"""What can go wrong in a call to a vendor: one class per consequence.

`str(error)` is a sentence for a person: what happened, where, the status and the vendor's own text. It never
holds a token, a secret, a header or a request body: `scrub` takes them out of what the vendor echoes.
"""

import re
from collections.abc import Iterable
from datetime import datetime

MAX_DETAIL = 500
_SHORTEST_SECRET = 4  # anything shorter would take half of the text with it, and is no secret
_LABELLED = re.compile(
    r"(?i)(\bbearer\s+|(?:access_token|refresh_token|client_secret|x-auth-token|password)[\"']?\s*[:=]\s*[\"']?)"
    r"[^\s\"',;&]+"
)


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the given secrets and without anything that is labelled as a token or a password."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return _LABELLED.sub(r"\1***", text)


class ClientError(Exception):
    """A call did not give what was asked for; the subclass says what to do."""

    def __init__(self, message: str, *, endpoint: str = "", status: int = 0, detail: str = "") -> None:
        super().__init__(message)
        self.endpoint = endpoint
        self.status = status
        self._message = message
        self._detail = scrub(detail)

    @property
    def detail(self) -> str:
        """The vendor's own text, scrubbed, at most 500 characters. It is cut only here: cutting a text before
        it is scrubbed could leave half a secret behind."""
        return self._detail[:MAX_DETAIL]

    def hide(self, secrets: Iterable[str]) -> None:
        """Take these values out of everything that this error can show."""
        kept = tuple(secrets)
        self._message = scrub(self._message, kept)
        self._detail = scrub(self._detail, kept)
        self.args = (self._message,)

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.endpoint, f"HTTP {self.status}" if self.status else "") if part)
        return self._message + (f" ({place})" if place else "") + (f": {self.detail}" if self.detail else "")


class NotSent(ClientError):
    """Nothing left this machine: try the same again later."""


class Interrupted(ClientError):
    """Something may have been sent and no whole answer came back: a client turns it into Unavailable (reads)
    or OutcomeUnknown (writes), nobody else sees it."""


class Unauthorized(ClientError):
    """The token was refused, after one renewal where there is one: stop calling until a person reconnects."""


class Forbidden(ClientError):
    """A right, scope or licence is missing: a person must give it. `reason` names it where that is known."""

    def __init__(
        self, message: str, *, reason: str = "", endpoint: str = "", status: int = 0, detail: str = ""
    ) -> None:
        super().__init__(message, endpoint=endpoint, status=status, detail=detail)
        self.reason = reason


class NotFound(ClientError):
    """The record does not exist (any more): do not ask again, decide without it."""


class RateLimited(ClientError):
    """A call budget is used up: wait until `until` (UTC; None = the vendor did not say, back off) without
    counting an attempt. `scope` is 'minute', 'day' or '' (unknown); of calls that we did not even make, 'later'
    when the budget is kept for more urgent work."""

    def __init__(
        self,
        message: str,
        *,
        until: datetime | None = None,
        scope: str = "",
        endpoint: str = "",
        status: int = 0,
        detail: str = "",
    ) -> None:
        super().__init__(message, endpoint=endpoint, status=status, detail=detail)
        self.until = until
        self.scope = scope


class EndpointClosed(RateLimited):
    """This endpoint refused so often that it is not called before `until`: the work that needs it waits."""


class Rejected(ClientError):
    """The vendor read the request and refused its content: never repeat it unchanged, show `messages` to a
    person."""

    def __init__(
        self,
        message: str,
        *,
        messages: tuple[str, ...] = (),
        endpoint: str = "",
        status: int = 0,
        detail: str = "",
    ) -> None:
        super().__init__(message, endpoint=endpoint, status=status, detail=detail or "; ".join(messages))
        self.messages = tuple(scrub(text) for text in messages)

    def hide(self, secrets: Iterable[str]) -> None:
        kept = tuple(secrets)
        super().hide(kept)
        self.messages = tuple(scrub(text, kept) for text in self.messages)


class OutcomeUnknown(ClientError):
    """A write may or may not have happened: look it up, never repeat it blindly."""


class Unavailable(ClientError):
    """A read found nobody at home (time-out, 5xx, maintenance page): try again with backoff."""


class UnexpectedResponse(ClientError):
    """A read was answered with something that cannot be what was asked for: try again with backoff, then tell
    a person."""


class Reconnect(ClientError):
    """The consent or its refresh token is dead: only a person who consents again helps."""


class TooEarly(ClientError):
    """The present access token is still valid: keep it and go on."""
