"""JSON with exact decimals. It refuses what two parsers could read differently, and what is made to cost much.

A few bytes can cost much: a thousand brackets end the stack of whatever walks through them, and `1e999999999` is a
gigabyte once it is written without its exponent. So the limits are checked while the text is read, and everything
behind may walk and write what it gets.
"""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate

from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

# The vendors' answers nest twelve levels at most: an order's options, inside a line, a parcel and a list.
MOST_LEVELS = 40
# A binary float has 17 digits and exponents from -324 to 308; the largest integers of the vendors have 19 digits.
MOST_DIGITS = 100
LARGEST_EXPONENT = 400
# A page of 1000 accounts has 16,000 values.
MOST_VALUES = 1_000_000

# A text that does not end takes all that is left, so that nothing is read twice.
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_STRUCTURE = bytes(set(range(256)) - set(b"[]{},"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1, ord(","): 0}


class Unreadable(BadValue):
    """A text or value that does not have its format. The message never repeats the text."""


def load(body: bytes) -> object:
    """Read UTF-8 JSON; numbers with a point or an exponent become Decimal.

    Raises Unreadable for anything else: HTML, a cut text, a key that one object has twice, NaN and Infinity, and
    what is above one of the limits of this module.
    """
    _check_structure(body)
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_no_constant,
            object_pairs_hook=_no_duplicates,
        )
    except Unreadable:
        raise
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


def _check_structure(body: bytes) -> None:
    """Look at the brackets and commas outside texts. Raises Unreadable for too many levels or values.

    A body that has few bytes of them has no level or value too many, whatever is inside its texts.
    """
    if body.count(b"[") + body.count(b"{") <= MOST_LEVELS and len(body) <= MOST_VALUES:
        return
    structure = _TEXT.sub(b"", body).translate(None, _NOT_STRUCTURE)
    if len(structure) > MOST_VALUES:
        raise Unreadable(_("the JSON has more than %(most)s values"), most=MOST_VALUES)
    if max(accumulate(map(_STEP.__getitem__, structure)), default=0) > MOST_LEVELS:
        raise Unreadable(_("the JSON is nested deeper than %(most)s levels"), most=MOST_LEVELS)


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Unreadable(_("a number has more than %(most)s digits"), most=MOST_DIGITS)
    return int(digits)


def _decimal(digits: str) -> Decimal:
    number = Decimal(digits) if len(digits) <= MOST_DIGITS else None
    if number is None or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise Unreadable(_("a number has more than %(most)s digits"), most=MOST_DIGITS)
    return number


def _no_constant(name: str) -> object:
    raise Unreadable(_("%(name)s is not a JSON number"), name=name)


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable(_("one JSON object has a key twice"))
    return found
