"""A schedule chosen in words: a list, with the minutes or the time that it needs, and the hours that limit it.

The list's field has the form field's own name, the others begin with it: `schedule_minutes`, `schedule_time`,
`schedule_opens`, `schedule_closes`. A program may send the stored text in the list's field instead
(`daily:02:30 window=22:00-06:00`); the others do not count then.
"""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from connector.domain.choices import ScheduleKind
from connector.domain.timing.as_typed import NotATime, read_time
from connector.domain.timing.schedule import BadSchedule, Schedule, Window
from connector.models.choice_words import named
from connector.problems.wording import translated

PARTS = ("", "minutes", "time", "opens", "closes")


def in_words(text: str) -> str:
    """Say when a stored schedule releases orders. A text that is no schedule is returned as it is."""
    try:
        return _sentence(Schedule.parse(text))
    except BadSchedule:
        return text


def _sentence(schedule: Schedule) -> str:
    """Say when it releases orders: "Every day at 02:30, from 22:00 to 06:00"."""
    sentence = str(dict(named(ScheduleKind))[schedule.kind])
    if schedule.kind == ScheduleKind.EVERY:
        sentence = _("Every %(minutes)s minutes") % {"minutes": schedule.minutes}
    elif schedule.at is not None:
        sentence = _("Every day at %(time)s") % {"time": f"{schedule.at:%H:%M}"}
    if schedule.window is None:
        return sentence
    hours = {"opens": f"{schedule.window.opens:%H:%M}", "closes": f"{schedule.window.closes:%H:%M}"}
    return _("%(schedule)s, from %(opens)s to %(closes)s") % {"schedule": sentence, **hours}


class ScheduleWidget(forms.MultiWidget):
    """The list and what belongs to it. Only what the choice needs is shown, where the browser can do that."""

    template_name = "connector/schedule.html"
    use_fieldset = False

    class Media:
        css: Mapping[str, Any] = {"all": ["connector/schedule.css"]}

    def __init__(self) -> None:
        choices = named(ScheduleKind)
        short = {"autocomplete": "off", "size": "6"}
        super().__init__(
            {
                "": UnfoldAdminSelectWidget(choices=choices),
                "minutes": UnfoldAdminTextInputWidget({**short, "inputmode": "numeric", "placeholder": "15"}),
                "time": UnfoldAdminTextInputWidget({**short, "placeholder": "02:30"}),
                "opens": UnfoldAdminTextInputWidget({**short, "placeholder": "22:00"}),
                "closes": UnfoldAdminTextInputWidget({**short, "placeholder": "06:00"}),
            }
        )

    def decompress(self, value: Any) -> list[str]:
        """Return the parts of a stored text."""
        return _parts_of(str(value or ""))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Return the parts as they were typed. A whole text in the list's field is taken apart."""
        typed = [str(part or "").strip() for part in super().value_from_datadict(data, files, name)]
        return typed if typed[0] in {*ScheduleKind, ""} else _parts_of(typed[0])

    def id_for_label(self, id_: str) -> str:
        """Return the list's id: the label and a link lead to it."""
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Name the parts' ids after their names."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for part, widget in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            widget["attrs"]["id"] = f"id_{name}_{part}" if part else f"id_{name}"
        return context


def _parts_of(text: str) -> list[str]:
    """Take a stored text apart. A text that is no schedule stays in the list's place."""
    try:
        schedule = Schedule.parse(text)
    except BadSchedule:
        return [text, "", "", "", ""]
    window = schedule.window
    return [
        schedule.kind.value,
        str(schedule.minutes) if schedule.kind == ScheduleKind.EVERY else "",
        _clock(schedule.at),
        _clock(window.opens if window else None),
        _clock(window.closes if window else None),
    ]


def _clock(wall: time | None) -> str:
    return f"{wall:%H:%M}" if wall is not None else ""


class ScheduleField(forms.Field):
    """When orders are posted. The value is the text that is stored."""

    widget = ScheduleWidget

    def to_python(self, value: Any) -> str:
        """Return the text. Raises ValidationError for what is no schedule, or never releases anything."""
        kind, minutes, at, opens, closes = _parts_of(value) if isinstance(value, str) else value
        if not kind:
            return ""
        try:
            if kind not in set(ScheduleKind):
                return Schedule.parse(kind).text
            schedule = Schedule(
                ScheduleKind(kind),
                minutes=_minutes(kind, minutes),
                at=_time(at, _("At what time of the day? Write it like 02:30."))
                if kind == ScheduleKind.DAILY
                else None,
                window=_window(opens, closes),
            )
            schedule.check(_("“%(schedule)s”") % {"schedule": _sentence(schedule)})
        except (BadSchedule, NotATime) as error:
            raise ValidationError(translated(error), code="invalid") from None
        return schedule.text

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what the texts mean."""
        try:
            return self.to_python(data) != self.to_python(str(initial or ""))
        except ValidationError:
            return True


def _minutes(kind: str, typed: str) -> int:
    if kind != ScheduleKind.EVERY:
        return 60 if kind == ScheduleKind.HOURLY else 0
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4):
        raise ValidationError(_("Every how many minutes? Write a whole number from 1 to 1440, such as 15."))
    return int(typed)


def _time(typed: str, missing: str) -> time:
    if not typed:
        raise ValidationError(missing)
    return read_time(typed)


def _window(opens: str, closes: str) -> Window | None:
    if not opens and not closes:
        return None
    missing = _("Fill in both hours that limit it, such as 22:00 and 06:00, or neither.")
    return Window(_time(opens, missing), _time(closes, missing))
