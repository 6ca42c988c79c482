"""The field for a day, in the zone in force."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from connector.admin.fields.days import DayField


class DayForm(forms.Form):
    day = DayField(initial=date(2026, 3, 2), required=False)


@pytest.mark.parametrize(
    ("zone", "shown", "example"),
    [("Europe/Amsterdam", "02-03-2026", "31-12-2026"), ("America/New_York", "03/02/2026", "12/31/2026")],
)
def test_a_day_is_shown_and_read_back_as_the_country_writes_it(zone: str, shown: str, example: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        page = str(DayForm())
        assert f'value="{shown}"' in page
        assert f'placeholder="{example}"' in page
        form = DayForm({"day": shown})
        assert form.is_valid()
        assert form.cleaned_data["day"] == date(2026, 3, 2)
        assert not form.has_changed()
        with pytest.raises(ValidationError, match=example):
            DayField().clean("31-31-2026")


def test_what_was_typed_stays_in_a_refused_field() -> None:
    form = DayForm({"day": "next week"})
    assert not form.is_valid()
    assert 'value="next week"' in str(form)


def test_no_day_is_none() -> None:
    form = DayForm({"day": ""})
    assert form.is_valid()
    assert form.cleaned_data["day"] is None
