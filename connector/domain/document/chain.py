"""The chain of hashes: what an entry says, in bytes that are always the same, and the hash that ties it to the last.

Every hash is SHA-256 in 64 hex digits. docs/evidence.md has the format for programs of others.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal
from hashlib import sha256
from numbers import Number
from typing import Any

FORMAT = 1
# The columns of a delivery that its hash covers, in this sequence.
DELIVERY = ("store_id", "webhook_id", "scope", "order_id", "event_hash", "proof", "signature", "body")
# Databases write a number in other ways than it came: 1.10 as 1.1, 1e3 as 1000. The vendors' have 100 digits at most.
_EXACT = Context(prec=1000)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: a line of a document's history, and what it covers.

    `at` is UTC. `seal` has what the line's own columns do not say: who, which document, the columns that changed, and
    the hashes of what may expire.
    """

    connection: int
    number: int
    kind: str
    at: datetime
    text: str
    data: Mapping[str, Any]
    seal: Mapping[str, Any]

    def content(self) -> dict[str, Any]:
        """Return the entry as a JSON object; this is what is hashed, and what a file of evidence has."""
        return {
            "format": FORMAT,
            "connection": self.connection,
            "number": self.number,
            **line(self.kind, self.at, self.text, self.data),
            "seal": self.seal,
        }

    def hash_after(self, previous: str) -> str:
        """Return the entry's hash when `previous` is the hash of the one before it."""
        return chained(previous, self.content())


def line(kind: str, at: datetime, text: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of the history as a JSON object."""
    return {"kind": kind, "at": moment(at), "text": text, "data": data}


def is_of(said: Sequence[object], document: Sequence[object]) -> bool:
    """Return whether an entry is of a document: its row's id, order, kind, sequence and division. Old ones lack it."""
    return list(said) == list(document[: len(said)])


def genesis(connection: int) -> str:
    """Return the hash that the first entry of a connection follows. It covers no line: older lines are in no chain."""
    return digest({"format": FORMAT, "connection": connection, "number": 0})


def chained(previous: str, content: Mapping[str, Any]) -> str:
    """Return the hash of an entry's content behind the hash of the one before it."""
    return digest([previous, content])


def digest(value: object) -> str:
    """Return the hash of a JSON value: two that are equal have the same, in whatever order their keys are."""
    return sha256(canonical(value)).hexdigest()


def digest_of_text(text: str) -> str:
    """Return the hash of a text as UTF-8."""
    return digest_of_bytes(text.encode("utf-8", "surrogatepass"))


def digest_of_bytes(body: bytes) -> str:
    """Return the hash of bytes."""
    return sha256(body).hexdigest()


def canonical(value: object) -> bytes:
    """Return a JSON value as bytes: keys in order, no spaces, ASCII, each number without trailing zeros.

    Raises TypeError for a value that JSON does not have.
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def delivery(received: str, columns: Sequence[object]) -> str:
    """Return the name of a delivery in the chain: the moment at which it came, and the hash of its columns."""
    return f"{received} {digest(columns)}"


def moment(at: datetime) -> str:
    """Return a moment as the chain writes it: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def amount(number: object) -> str:
    """Return a number as the chain writes it: the digits that count, and an exponent for the zeros behind them."""
    return str(Decimal(str(number)).normalize(_EXACT) + 0)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    return {"n": amount(value)} if isinstance(value, Number) else value  # marked, so that 1 and "1" differ
