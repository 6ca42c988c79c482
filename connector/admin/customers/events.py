"""The history of a customer in words: what happened, why, and which values were there before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.customers.reasons import reason_in_words
from connector.admin.customers.sides import lines
from connector.domain.document.codes import Code
from connector.domain.document.result import from_json
from connector.models import CustomerConflict, CustomerEvent, CustomerMatch
from connector.problems.catalogue import sentence

SHOWN: Final = 100
# What the history keeps besides details.
_LABELS: Final = {
    "account": gettext_lazy("Account"),
    "customer": gettext_lazy("Together with customer"),
    "decision": gettext_lazy("Decision"),
    "reason": gettext_lazy("Reason"),
}
_ALONE: Final = [_LABELS[name] for name in ("customer", "decision", "reason")]  # with nothing before
_CUTS: Final = frozenset({Code.VALUE_SHORTENED, Code.VALUE_LEFT_OUT})


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


def cuts(events: Iterable[CustomerEvent]) -> list[str]:
    """Return in words what was written shorter than it was, or not at all: each once, the newest first."""
    written = [event for event in events if event.kind != CustomerEvent.Kind.REFUSED]
    problems = [each for event in written if isinstance(event.problems, list) for each in from_json(event.problems)]
    return list(dict.fromkeys(sentence(each) for each in problems if each.code in _CUTS))


def _changes(before: Any, after: Any) -> list[str]:
    was, now = _values(before), _values(after)
    nothing = _("nothing")
    found = []
    for name in [*was, *(name for name in now if name not in was)]:
        if was.get(name) == now.get(name):
            continue
        new = now.get(name) or nothing
        alone = not was or name in set(map(str, _ALONE))
        found.append(f"{name}: {new}" if alone else f"{name}: {was.get(name) or nothing} → {new}")
    return found


def _values(kept: Any) -> dict[str, str]:
    """Return what an event kept of one side by its label."""
    if not isinstance(kept, Mapping):
        return {}
    others = {str(label): _value(name, str(kept[name])) for name, label in _LABELS.items() if kept.get(name)}
    return dict(lines(kept)) | others


def _value(name: str, text: str) -> str:
    if name == "reason":
        return reason_in_words(text)
    if name == "decision" and text in CustomerConflict.Decision.values:
        return str(CustomerConflict.Decision(text).label)
    return _("a new one") if (name, text) == ("account", CustomerMatch.NEW_ACCOUNT) else text
