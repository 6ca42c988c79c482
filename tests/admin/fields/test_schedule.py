"""The field for a schedule: in words for a person, and in one text for a program."""

from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from connector.admin.fields.schedule import ScheduleField, in_words

WALLS = st.times().map(lambda wall: f"{wall:%H:%M}")
KINDS = st.one_of(
    st.sampled_from(["immediate", "hourly", "manual"]),
    st.integers(1, 1440).map(lambda minutes: f"every:{minutes}m"),
    WALLS.map(lambda wall: f"daily:{wall}"),
)
WORDS = {
    "immediate": "At once",
    "every:15m": "Every 15 minutes",
    "hourly": "Every hour",
    "daily:02:30": "Every day at 02:30",
    "manual": "Only when somebody presses Run now",
    "daily:02:30 window=22:00-06:00": "Every day at 02:30, from 22:00 to 06:00",
}


class ScheduleForm(forms.Form):
    schedule = ScheduleField()


def sent(form: forms.Form) -> dict[str, Any]:
    """Return what a browser sends of the form's page."""
    context = form["schedule"].field.widget.get_context("schedule", form["schedule"].value(), {"id": "id_schedule"})
    return {
        part["name"]: (part["value"] or [""])[0] if isinstance(part["value"], list) else part["value"]
        for part in context["widget"]["subwidgets"]
    }


def cleaned(**typed: str) -> str:
    form = ScheduleForm(typed)
    assert form.is_valid(), form.errors
    return str(form.cleaned_data["schedule"])


def complaint(**typed: str) -> str:
    return str(ScheduleForm(typed).errors["schedule"][0])


@given(KINDS)
def test_a_stored_schedule_comes_back_unchanged_from_the_page_and_from_a_program(stored: str) -> None:
    typed = sent(ScheduleForm(initial={"schedule": stored}))
    assert ":" not in typed["schedule"]
    for data in (typed, {"schedule": stored}):
        form = ScheduleForm(data, initial={"schedule": stored})
        assert form.is_valid()
        assert form.cleaned_data["schedule"] == stored
        assert not form.has_changed()


@pytest.mark.parametrize("how", ["immediate", "every:15m", "hourly", "daily:23:30", "manual"])
def test_so_does_its_window(how: str) -> None:
    stored = f"{how} window=22:00-06:00"
    assert cleaned(**sent(ScheduleForm(initial={"schedule": stored}))) == cleaned(schedule=stored) == stored


def test_times_are_typed_as_people_do() -> None:
    assert cleaned(schedule="daily", schedule_time="2.30u") == "daily:02:30"
    hours = {"schedule_opens": "22h", "schedule_closes": "0600"}
    assert cleaned(schedule="every", schedule_minutes="15", **hours) == "every:15m window=22:00-06:00"


def test_what_the_choice_does_not_need_does_not_count() -> None:
    assert cleaned(schedule="hourly", schedule_minutes="x", schedule_time="soon") == "hourly"
    assert cleaned(schedule="daily:02:30", schedule_time="09:00", schedule_opens="08:00") == "daily:02:30"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"schedule": "every"}, "such as 15"),
        ({"schedule": "every", "schedule_minutes": "a few"}, "such as 15"),
        ({"schedule": "every", "schedule_minutes": "1500"}, "from 1 to 1440 minutes"),
        ({"schedule": "daily"}, "Write it like 02:30"),
        ({"schedule": "daily", "schedule_time": "noon"}, "write it like 02:30"),
        ({"schedule": "immediate", "schedule_opens": "22:00"}, "both hours"),
        ({"schedule": "immediate", "schedule_opens": "22:00", "schedule_closes": "22:00"}, "ends when it begins"),
        ({"schedule": ""}, "required"),
        ({"schedule": "whenever"}, "whenever"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_right(typed: dict[str, str], words: str) -> None:
    assert words in complaint(**typed)


def test_one_that_never_releases_anything_is_named_in_words() -> None:
    said = complaint(schedule="daily", schedule_time="12:00", schedule_opens="22:00", schedule_closes="06:00")
    assert said.startswith("“Every day at 12:00, from 22:00 to 06:00” never releases anything")


def test_what_was_typed_stays_in_refused_fields() -> None:
    page = str(ScheduleForm({"schedule": "daily", "schedule_time": "noon"}))
    assert '<option value="daily" selected>' in page
    assert 'value="noon"' in page


def test_the_label_and_a_link_lead_to_the_list() -> None:
    page = str(ScheduleForm())
    assert '<label for="id_schedule">' in page
    assert page.count('id="id_schedule"') == 1
    assert 'id="id_schedule_time"' in page


@pytest.mark.parametrize(("stored", "words"), WORDS.items())
def test_each_is_said_in_words(stored: str, words: str) -> None:
    assert in_words(stored) == words


def test_a_text_that_is_no_schedule_is_shown_as_it_is() -> None:
    assert in_words("whenever") == "whenever"
