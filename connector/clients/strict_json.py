"""JSON with exact decimals. It refuses what two parsers could read differently."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from connector.clients.wording import BadValue
from connector.clients.wording import marked as _


class Unreadable(BadValue):
    """A text or value that does not have its format. The message never repeats the text."""


def load(body: bytes) -> object:
    """Read UTF-8 JSON; numbers with a point or an exponent become Decimal.

    Raises Unreadable for anything else: HTML, a cut text, a key that one object has twice, NaN and Infinity,
    numbers that are too long, nesting that is too deep for the parser.
    """
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_no_duplicates,
        )
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable(_("the JSON is nested too deeply")) from None
    except (ValueError, ArithmeticError):
        raise Unreadable(_("the text is not valid JSON in UTF-8")) from None


def dump(value: object) -> bytes:
    """Write UTF-8 JSON in which a Decimal is a number with exactly its own digits, never a binary float.

    Raises ValueError for a number that is not finite, and TypeError for a value that JSON does not have.
    """
    return _render(value).encode("utf-8")


def plain(number: Decimal) -> str:
    """A decimal's digits without an exponent: Decimal('1E+2') is '100'."""
    return format(number, "f")


def _render(value: object) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise BadValue(_("only finite amounts can be sent"))
        return plain(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(key))}:{_render(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ",".join(_render(item) for item in value) + "]"
    return json.dumps(value, allow_nan=False)


def _no_constant(name: str) -> object:
    raise Unreadable(_("%(name)s is not a JSON number"), name=name)


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable(_("one JSON object has a key twice"))
    return found
