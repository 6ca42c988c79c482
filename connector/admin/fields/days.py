"""A day as people of the organisation's country type it: the one of the time zone in force."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from connector.domain.timing.as_typed import NotADay, day_form, read_day
from connector.problems.wording import translated


def written(day: date) -> str:
    """Write a day as the country does: 31-12-2026 in the Netherlands."""
    return day.strftime(day_form(timezone.get_current_timezone_name()))


class DayInput(UnfoldAdminTextInputWidget):
    """A text field with an example of the country's way."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the example, in the zone of the request."""
        example = {"autocomplete": "off", "placeholder": written(date(2026, 12, 31))}
        context: dict[str, Any] = super().get_context(name, value, {**example, **(attrs or {})})
        return context


class DayField(forms.DateField):
    """A day. It is shown as the country writes it, and read in every form that people type."""

    widget = DayInput

    def prepare_value(self, value: Any) -> Any:
        """Write a day; leave alone what was typed."""
        return written(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        """Return the day. Raises ValidationError with an example of a right one."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        try:
            return read_day(str(value), timezone.get_current_timezone_name())
        except NotADay as error:
            raise ValidationError(translated(error), code="invalid") from None
