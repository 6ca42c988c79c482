"""Requests and answers as the fakes see them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, Self
from urllib.parse import parse_qsl

JSON_TYPE = "application/json; charset=utf-8"


class Headers(dict[str, str]):
    """Header fields. The case of their names does not matter."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__((name.lower(), value) for name, value in fields)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def text(self, name: str) -> str:
        """The field's value, or "" when it was not sent."""
        return super().get(name.lower(), "")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request. `path` is as it was sent, without the query and not percent-decoded. `query` is decoded."""

    method: str
    path: str
    query: dict[str, str]
    query_raw: str
    headers: Headers
    body: bytes

    def json(self) -> object:
        """The body; fractions become Decimal. Raises ValueError when it is not JSON in UTF-8."""
        return json.loads(self.body.decode("utf-8"), parse_float=Decimal)

    def json_object(self) -> dict[str, Any]:
        """The body, which must be a JSON object. Raises ValueError when it is not."""
        value = self.json()
        if isinstance(value, dict):
            return value
        raise ValueError("The body must be a JSON object.")

    def json_list(self) -> list[Any]:
        """The body, which must be a JSON list. Raises ValueError when it is not."""
        value = self.json()
        if isinstance(value, list):
            return value
        raise ValueError("The body must be a JSON list.")

    def form(self) -> dict[str, str]:
        """The body as a URL-encoded form; an empty dict when it is not a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(slots=True)
class Reply:
    """An answer. Content-Length, Date and Connection are added when it is sent."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def json(cls, status: int, value: object, headers: Mapping[str, str] | None = None) -> Self:
        """An answer with `value` as JSON. A Decimal becomes a number; send money as text if the real service does."""
        body = json.dumps(value, default=_number, separators=(",", ":"), ensure_ascii=False).encode()
        return cls(status, {"Content-Type": JSON_TYPE, **(headers or {})}, body)

    @classmethod
    def empty(cls, status: int, headers: Mapping[str, str] | None = None) -> Self:
        return cls(status, dict(headers or {}))

    @classmethod
    def html(cls, status: int, page: str, headers: Mapping[str, str] | None = None) -> Self:
        return cls(status, {"Content-Type": "text/html; charset=utf-8", **(headers or {})}, page.encode())


@dataclass(slots=True)
class Call:
    """One API call. `status` is None while it is handled, and 0 when the fake closed the connection without an answer.
    `at` is by the fake's clock."""

    method: str
    path: str
    query: str
    at: datetime
    status: int | None = None

    def to_json(self) -> dict[str, object]:
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "at": self.at.isoformat(),
            "status": self.status,
        }


class CallLog(list[Call]):
    """All API calls in the order of their arrival, without control calls."""

    def add(self, request: Incoming, at: datetime) -> Call:
        call = Call(request.method, request.path, request.query_raw, at)
        self.append(call)
        return call

    def count(self, method: object = None, glob: str = "*") -> int:
        """How many calls had this method (None: any) and a path that fits the glob."""
        return sum(1 for call in self if method in (None, call.method) and fnmatchcase(call.path, glob))


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")
