"""The parts of the provision file's form: objects, lists and the values in them. Each check raises Refused.

The form itself is in `read_file`, the settings of a connection in `settings_table`.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.clients.wording import Given, complete
from connector.domain.timing.schedule import BadSchedule, Schedule
from connector.problems.wording import translated
from tenants.models import LEAST_DAYS, MOST_DAYS
from tenants.typed import ADDRESS_LENGTH, validate_address, validate_name

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refused(Exception):
    """The file is refused and nothing was changed. The message names every wrong key, code or value."""


class Unfit(Refused):
    """A division lacks what is needed, or its user may not read it. A worker keeps it, and others read it later.

    `words` is the sentence, marked for the catalogues; `given` completes it, and `behind` is what a vendor said.
    """

    def __init__(self, words: str, given: Given, behind: str = "") -> None:
        super().__init__(complete(words, given, _) + behind)
        self.words, self.given, self.behind = words, given, behind


Check = Callable[[str, Any], Any]
REQUIRED = object()
_ANY_TEXT = gettext_lazy("%(path)s must be a text, and not a long one.")


def obj(**keys: tuple[Check, Any] | Check) -> Check:
    """An object with these keys and no other. A key with a default may be left out; a default may be a function."""

    def check(path: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            sentence = _("%(path)s must be an object.") if path else _("The file must be an object.")
            raise Refused(sentence % {"path": path})
        for key in value:
            if key not in keys:
                raise Refused(_("%(path)s is not a key of the provision file.") % {"path": _inside(path, key)})
        read = {}
        for key, spec in keys.items():
            inner, default = spec if isinstance(spec, tuple) else (spec, REQUIRED)
            here = _inside(path, key)
            # Programs write null where a person leaves out a key.
            if key in value and (value[key] is not None or default is REQUIRED):
                read[key] = inner(here, value[key])
            elif default is REQUIRED:
                raise Refused(_("%(path)s is missing.") % {"path": here})
            else:
                read[key] = default() if callable(default) else default
        return read

    return check


def _inside(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def list_of(inner: Check) -> Check:
    """A list whose members all pass the check."""

    def check(path: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Refused(_("%(path)s must be a list.") % {"path": path})
        return [inner(f"{path}[{place}]", member) for place, member in enumerate(value)]

    return check


def text(*, pattern: str = r".*", most: int = 200, refusal: "_StrPromise" = _ANY_TEXT) -> Check:
    """A text that matches the whole pattern; `refusal` says what it must be."""

    def check(path: str, value: Any) -> str:
        if not isinstance(value, str):
            raise Refused(_("%(path)s must be a text in quotes.") % {"path": path})
        if len(value) > most or "\x00" in value or not re.fullmatch(pattern, value, re.S):
            raise Refused(refusal % {"path": path})
        return value

    return check


def choice(*values: str) -> Check:
    """One of a few words."""

    def check(path: str, value: Any) -> str:
        if value not in values or not isinstance(value, str):
            sentence = _("%(path)s cannot be %(value)s; it is one of %(values)s.")
            raise Refused(sentence % {"path": path, "value": repr(value), "values": ", ".join(values)})
        return value

    return check


def flag(path: str, value: Any) -> bool:
    """True or false. Raises Refused."""
    if not isinstance(value, bool):
        raise Refused(_("%(path)s must be true or false.") % {"path": path})
    return value


def number(path: str, value: Any) -> int:
    """A positive whole number that fits into the database's column. Raises Refused."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Refused(_("%(path)s must be a whole number.") % {"path": path})
    return value


def hour(path: str, value: Any) -> int:
    """An hour of the day, 0 to 23. Raises Refused."""
    if number(path, value) > 23:
        raise Refused(_("%(path)s must be an hour, 0 to 23.") % {"path": path})
    return int(value)


def days_kept(path: str, value: Any) -> int:
    """For how many days something is kept. Raises Refused."""
    if not LEAST_DAYS <= number(path, value) <= MOST_DAYS:
        sentence = _("%(path)s must be a number of days, %(least)s to %(most)s.")
        raise Refused(sentence % {"path": path, "least": LEAST_DAYS, "most": MOST_DAYS})
    return int(value)


def day(path: str, value: Any) -> date:
    """A date, YYYY-MM-DD. Raises Refused."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        sentence = _("%(path)s cannot be %(value)s; it is a day such as 2026-01-31.")
        raise Refused(sentence % {"path": path, "value": repr(value)}) from None


def amount(path: str, value: Any) -> Decimal:
    """An amount of at most 9999.99, as a decimal string. Raises Refused."""
    try:
        read = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        read = Decimal("NaN")
    if not read.is_finite() or not 0 <= read < 10_000 or read != round(read, 2):
        sentence = _('%(path)s cannot be %(value)s; it is an amount in quotes such as "0.05".')
        raise Refused(sentence % {"path": path, "value": repr(value)})
    return read


def schedule(path: str, value: Any) -> str:
    """When a connection posts. Raises Refused."""
    try:
        Schedule.parse(text(most=60)(path, value))
    except BadSchedule as error:
        raise Refused(f"{path}: {translated(error)}") from None
    return str(value)


def time_zone(path: str, value: Any) -> str:
    """A name of the IANA list. Raises Refused."""
    if not isinstance(value, str) or value not in available_timezones():
        sentence = _("%(path)s cannot be %(value)s; it is a time zone such as Europe/Amsterdam.")
        raise Refused(sentence % {"path": path, "value": repr(value)})
    return str(value)


code = text(most=60, refusal=gettext_lazy("%(path)s must be one of Exact's codes."))
secret = text(most=4000)


def name(path: str, value: Any) -> str:
    """A name on one line. Raises Refused."""
    try:
        validate_name(text(pattern=r".*\S.*", refusal=gettext_lazy("%(path)s must be a name."))(path, value))
    except ValidationError as error:
        raise Refused(f"{path}: {error.message}") from None
    return str(value)


def email(path: str, value: Any) -> str:
    """An e-mail address. Raises Refused."""
    refusal = gettext_lazy("%(path)s must be an e-mail address.")
    try:
        validate_address(text(most=ADDRESS_LENGTH, refusal=refusal)(path, value))
    except ValidationError:
        raise Refused(refusal % {"path": path}) from None
    return str(value)


def account_code(path: str, value: Any) -> str:
    """The code of a customer's account. Exact pads it with blanks."""
    return str(code(path, value)).strip()
