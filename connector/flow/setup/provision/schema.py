"""The parts of the provision file's form: objects, lists and the values in them. Each check raises Refused.

The form itself is in `read_file`, the settings of a connection in `settings_table`.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from connector.domain.timing.schedule import BadSchedule, Schedule


class Refused(Exception):
    """The file is refused and nothing was changed. The message names every wrong key, code or value."""


Check = Callable[[str, Any], Any]
REQUIRED = object()


def obj(**keys: tuple[Check, Any] | Check) -> Check:
    """An object with these keys and no other. A key with a default may be left out; a default may be a function."""

    def check(path: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Refused(f"{path or 'The file'} must be an object.")
        for key in value:
            if key not in keys:
                raise Refused(f"{path + '.' if path else ''}{key} is not a key of the provision file.")
        read = {}
        for key, spec in keys.items():
            inner, default = spec if isinstance(spec, tuple) else (spec, REQUIRED)
            here = f"{path}.{key}" if path else key
            # Programs write null where a person leaves out a key.
            if key in value and (value[key] is not None or default is REQUIRED):
                read[key] = inner(here, value[key])
            elif default is REQUIRED:
                raise Refused(f"{here} is missing.")
            else:
                read[key] = default() if callable(default) else default
        return read

    return check


def list_of(inner: Check) -> Check:
    """A list whose members all pass the check."""

    def check(path: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Refused(f"{path} must be a list.")
        return [inner(f"{path}[{place}]", member) for place, member in enumerate(value)]

    return check


def text(*, pattern: str = r".*", most: int = 200, what: str = "a text") -> Check:
    """A text that matches the whole pattern."""

    def check(path: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > most or "\x00" in value or not re.fullmatch(pattern, value, re.S):
            raise Refused(f"{path} must be {what}" + ("." if isinstance(value, str) else ", in quotes."))
        return value

    return check


def choice(*values: str) -> Check:
    """One of a few words."""

    def check(path: str, value: Any) -> str:
        if value not in values or not isinstance(value, str):
            raise Refused(f"{path} cannot be {value!r}; it is one of {', '.join(values)}.")
        return value

    return check


def flag(path: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Refused(f"{path} must be true or false.")
    return value


def number(path: str, value: Any) -> int:
    """A positive whole number that fits into the database's column."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Refused(f"{path} must be a whole number.")
    return value


def day(path: str, value: Any) -> date:
    """A date, YYYY-MM-DD."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refused(f"{path} cannot be {value!r}; it is a day such as 2026-01-31.") from None


def amount(path: str, value: Any) -> Decimal:
    """An amount of at most 9999.99, as a decimal string."""
    try:
        read = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        read = Decimal("NaN")
    if not read.is_finite() or not 0 <= read < 10_000 or read != round(read, 2):
        raise Refused(f'{path} cannot be {value!r}; it is an amount in quotes such as "0.05".')
    return read


def schedule(path: str, value: Any) -> str:
    """When a connection posts."""
    try:
        Schedule.parse(text(most=60)(path, value))
    except BadSchedule as error:
        raise Refused(f"{path}: {error}") from None
    return str(value)


def time_zone(path: str, value: Any) -> str:
    """A name of the IANA list."""
    if not isinstance(value, str) or value not in available_timezones():
        raise Refused(f"{path} cannot be {value!r}; it is a time zone such as Europe/Amsterdam.")
    return str(value)


code = text(most=60, what="one of Exact's codes")
email = text(pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+", what="an e-mail address", most=254)
secret = text(most=4000)


def account_code(path: str, value: Any) -> str:
    """The code of a customer's account. Exact pads it with blanks."""
    return str(code(path, value)).strip()
