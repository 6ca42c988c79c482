"""A setting that is a list, as rows of a table."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.widgets import TextInput

from connector.admin.fields.rows import Row, RowsField


class Pairs(RowsField):
    """An object of texts, a row for each key."""

    def rows_of(self, value: Any) -> list[Row]:
        """Return a row for each key."""
        return [{"key": key, "text": text} for key, text in (value or {}).items()]

    def value_of(self, rows: Sequence[Row]) -> dict[str, str]:
        """Return the object."""
        return {row["key"]: row["text"] for row in rows}


class PairsForm(forms.Form):
    """One such field."""

    pairs = Pairs({"key": ("Key", TextInput()), "text": ("Text", TextInput())})


def form_of(**typed: str) -> PairsForm:
    return PairsForm({f"pairs-{name}": text for name, text in typed.items()}, initial={"pairs": {"a": "1"}})


def test_each_member_is_a_row_and_two_empty_ones_follow() -> None:
    page = PairsForm(initial={"pairs": {"a": "1"}}).as_p()
    assert 'name="pairs-0-key" value="a"' in page
    assert 'name="pairs-2-text"' in page
    assert "pairs-3-text" not in page
    assert 'aria-label="Text, 1"' in page


def test_rows_are_read_and_empty_ones_are_none() -> None:
    form = form_of(**{"0-key": " b ", "0-text": "2\x00", "1-key": "", "1-text": " ", "2-key": "c", "2-text": ""})
    assert form.is_valid()
    assert form.cleaned_data["pairs"] == {"b": "2", "c": ""}
    assert form.changed_data == ["pairs"]


def test_the_same_rows_are_no_change() -> None:
    assert form_of(**{"0-key": "a", "0-text": "1", "1-key": ""}).changed_data == []


def test_a_page_without_the_table_omits_it() -> None:
    form = form_of()
    widget = form.fields["pairs"].widget
    assert widget.value_omitted_from_data({"other": "1"}, {}, "pairs")
    assert not widget.value_omitted_from_data({"pairs-0-key": ""}, {}, "pairs")


def test_what_was_typed_is_shown_again() -> None:
    assert 'name="pairs-0-key" value="b"' in form_of(**{"0-key": "b", "0-text": "2"}).as_p()
