"""Faults on request: a test sets in advance what goes wrong in a call to a fake.

| kind | what happens |
|---|---|
| timeout_before, timeout_after | no answer until the client goes or `seconds` pass; unhandled / handled first |
| late_commit | no answer; the request is handled only after `seconds`, even if the client has gone |
| close_before, close_after | the connection is closed without an answer, before / after handling |
| delay | handled and answered as usual, `seconds` later |
| 500_before, 500_after | the service's server error, before / after handling |
| 503_html, 200_html | a gateway's or a maintenance page; not handled |
| truncated | handled; the answer ends in the middle of its body |
| garbage_201 | handled; 201 with a body that is not JSON |
| 429_minute, 429_day, 401, 403:Reason | the service's own refusal; not handled |
| 400:Text, 500:Text | the service's own error with this text; not handled |
| slow_drip | handled; one byte of the body comes every `seconds` |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from threading import Lock

SECONDS = {
    "timeout_before": 60.0,
    "timeout_after": 60.0,
    "late_commit": 1.0,
    "delay": 1.0,
    "slow_drip": 0.05,
}
# The default seconds of the faults that only one service has.
OWN_SECONDS = {"stale_read": 60.0, "read_lag": 2.0}
# These say their text after the colon.
WITH_TEXT = ("403:", "400:", "500:")
INSTANT = {
    "close_before",
    "close_after",
    "500_before",
    "500_after",
    "503_html",
    "200_html",
    "truncated",
    "garbage_201",
    "429_minute",
    "429_day",
    "401",
}


@dataclass(slots=True)
class Fault:
    """A fault for the next `times` requests (-1: all) with this method, path and text in their body, after `skip`."""

    kind: str
    method: str = "*"
    path: str = "*"
    times: int = 1
    skip: int = 0
    seconds: float = 0.0
    body: str = ""

    def fits(self, method: str, path: str, body: bytes = b"") -> bool:
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path) and self.body.encode("utf-8") in body


class Faults:
    """The faults that are still to come. The first one that fits a request is used."""

    def __init__(self, own_kinds: Iterable[str] = ()) -> None:
        self._kinds = INSTANT | set(SECONDS) | set(own_kinds)
        self._pending: list[Fault] = []
        self._lock = Lock()

    def add(
        self,
        kind: str,
        method: str = "*",
        path: str = "*",
        *,
        times: int = 1,
        skip: int = 0,
        seconds: float | None = None,
        body: str = "",
    ) -> Fault:
        """Add a fault. `path` is a glob for the path without the query, `body` a text that the request has.

        Raises ValueError for an unknown kind.
        """
        if kind not in self._kinds and not kind.startswith(WITH_TEXT):
            named = ", ".join([*sorted(self._kinds), "403:Reason", "400:Text", "500:Text"])
            raise ValueError(f"No such fault: {kind}. There are {named}.")
        wait = {**SECONDS, **OWN_SECONDS}.get(kind, 1.0) if seconds is None else seconds
        fault = Fault(kind, method.upper(), path, times, skip, wait, body)
        with self._lock:
            self._pending.append(fault)
        return fault

    def take(self, method: str, path: str, body: bytes = b"") -> Fault | None:
        """Return the fault for this request, and count it."""
        with self._lock:
            for fault in self._pending:
                if not fault.fits(method, path, body):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.times == 0:
                    self._pending.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._pending.clear()

    def to_json(self) -> list[dict[str, object]]:
        with self._lock:
            return [asdict(fault) for fault in self._pending]
