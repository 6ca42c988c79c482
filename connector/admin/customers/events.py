"""The history of a customer in words: what happened, why, and which values were there before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from connector.admin.customers.sides import lines
from connector.domain.document.result import from_json
from connector.models import CustomerEvent
from connector.problems.catalogue import sentence

SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. `changes` are sentences such as `E-mail: old → new`; `said` is why something was refused or cut."""

    row: CustomerEvent
    title: str
    changes: Sequence[str]
    said: Sequence[str]


def in_words(event: CustomerEvent) -> Happened:
    """Return an event in the reader's language."""
    title = event.get_kind_display()
    if event.group:
        title = f"{title}: {event.get_group_display()}"
    problems = from_json(event.problems) if isinstance(event.problems, list) else ()
    return Happened(event, title, _changes(event.before, event.after), list(map(sentence, problems)))


def _changes(before: Any, after: Any) -> list[str]:
    was, now = (dict(lines(each)) if isinstance(each, Mapping) else {} for each in (before, after))
    names = [*was, *(name for name in now if name not in was)]
    nothing = _("nothing")
    return [
        f"{name}: {was.get(name) or nothing} → {now.get(name) or nothing}"
        for name in names
        if was.get(name) != now.get(name)
    ]
