"""What can go wrong in a call to a vendor: one class per consequence.

`str(error)` is a sentence for a person: what happened, where, the status and the vendor's own text. It never
holds a token, a secret, a header or a request body: `scrub` removes them from what the vendor echoes.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType
from typing import Final

from connector.clients.wording import Given, complete

NOTHING: Final[Given] = MappingProxyType({})
MAX_DETAIL = 500
# A shorter text is no secret, and its removal would damage the rest of the sentence.
_SHORTEST_SECRET = 4
_LABELLED = re.compile(
    r"(?i)(\bbearer\s+|(?:access_token|refresh_token|client_secret|x-auth-token|password)[\"']?\s*[:=]\s*[\"']?)"
    r"[^\s\"',;&]+"
)


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` without the given secrets and without anything that is labelled as a token or a password."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return _LABELLED.sub(r"\1***", text)


class ClientError(Exception):
    """A call failed. The subclass says what to do. `words` is the sentence, marked for the catalogues; `given`
    completes it."""

    def __init__(
        self, words: str, *, given: Given = NOTHING, endpoint: str = "", status: int = 0, detail: str = ""
    ) -> None:
        super().__init__(words)
        self.endpoint = endpoint
        self.status = status
        self.words, self.given = words, given
        self._detail = scrub(detail)

    @property
    def detail(self) -> str:
        """The vendor's own text without secrets, at most 500 characters. It is cut only here: a text that is cut
        before its secrets are removed could keep half of one."""
        return self._detail[:MAX_DETAIL]

    def hide(self, secrets: Iterable[str]) -> None:
        """Remove these values from everything that this error can show."""
        kept = tuple(secrets)
        self.words = scrub(self.words, kept)
        self.given = {name: scrub(each, kept) if isinstance(each, str) else each for name, each in self.given.items()}
        self._detail = scrub(self._detail, kept)
        self.args = (self.words,)

    @property
    def place_and_detail(self) -> str:
        """What stands behind the sentence: ` (crm/Accounts, HTTP 400): ` and the vendor's own text."""
        place = ", ".join(part for part in (self.endpoint, f"HTTP {self.status}" if self.status else "") if part)
        return (f" ({place})" if place else "") + (f": {self.detail}" if self.detail else "")

    def __str__(self) -> str:
        return complete(self.words, self.given) + self.place_and_detail


class NotSent(ClientError):
    """Nothing left this machine: try the same again later."""


class Interrupted(ClientError):
    """Something may have been sent, and no whole answer came back. `calls` turns it into Unavailable (reads) or
    OutcomeUnknown (writes), so no caller sees it."""


class Unauthorized(ClientError):
    """The token was refused, also after a renewal if there is one: stop calling until a person reconnects."""


class Forbidden(ClientError):
    """A right, scope or licence is missing: a person must grant it. `reason` names it if it is known."""

    def __init__(
        self,
        words: str,
        *,
        reason: str = "",
        given: Given = NOTHING,
        endpoint: str = "",
        status: int = 0,
        detail: str = "",
    ) -> None:
        super().__init__(words, given=given, endpoint=endpoint, status=status, detail=detail)
        self.reason = reason


class NotFound(ClientError):
    """The record does not exist, or no longer: do not ask again, decide without it."""


class RateLimited(ClientError):
    """A call budget is used up: wait until `until` (UTC; None = the vendor did not say, so back off) and count no
    attempt. `scope` is 'minute', 'day' or '' (unknown). It is 'later' for a call that we did not make because the
    rest of the budget is for more urgent work."""

    def __init__(
        self,
        words: str,
        *,
        until: datetime | None = None,
        scope: str = "",
        given: Given = NOTHING,
        endpoint: str = "",
        status: int = 0,
        detail: str = "",
    ) -> None:
        super().__init__(words, given=given, endpoint=endpoint, status=status, detail=detail)
        self.until = until
        self.scope = scope


class EndpointClosed(RateLimited):
    """This endpoint refused so often that we do not call it before `until`: the work that needs it waits."""


class Rejected(ClientError):
    """The vendor read the request and refused its content: never repeat it unchanged, and show `messages` to a
    person."""

    def __init__(
        self,
        words: str,
        *,
        messages: tuple[str, ...] = (),
        given: Given = NOTHING,
        endpoint: str = "",
        status: int = 0,
        detail: str = "",
    ) -> None:
        super().__init__(words, given=given, endpoint=endpoint, status=status, detail=detail or "; ".join(messages))
        self.messages = tuple(scrub(text) for text in messages)

    def hide(self, secrets: Iterable[str]) -> None:
        kept = tuple(secrets)
        super().hide(kept)
        self.messages = tuple(scrub(text, kept) for text in self.messages)


class OutcomeUnknown(ClientError):
    """A write may or may not have happened: look it up, never repeat it blindly."""


class Unavailable(ClientError):
    """A read got no answer from the API (time-out, 5xx, maintenance page): try again with backoff."""


def unavailable_after(error: ClientError, words: str) -> Unavailable:
    """Return the error of a call that may be made again: `words` say what is not clear, and end with `%(error)s`."""
    said = error.words if error.given else error.words.replace("%", "%%")
    given = {**error.given, "error": said}
    return Unavailable(words, given=given, endpoint=error.endpoint, status=error.status, detail=error.detail)


class UnexpectedResponse(ClientError):
    """The answer to a read cannot be what was asked for: try again with backoff, then tell a person."""


class Reconnect(ClientError):
    """The consent or its refresh token has ended: a person must consent again. `reason` is what was refused, if that
    is known: 'client' (the app's id or secret), 'redirect' (its address), '' for anything else."""

    def __init__(
        self,
        words: str,
        *,
        reason: str = "",
        given: Given = NOTHING,
        endpoint: str = "",
        status: int = 0,
        detail: str = "",
    ) -> None:
        super().__init__(words, given=given, endpoint=endpoint, status=status, detail=detail)
        self.reason = reason


class TooEarly(ClientError):
    """The present access token is still valid: keep it and continue."""
