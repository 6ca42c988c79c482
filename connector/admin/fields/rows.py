"""A setting that is a list, as rows of a table: one row for each member, and some empty ones below.

The cells of row 0 of the field `x` are `x-0-<cell>`. A row is a mapping from cell to what was typed. A row in which
nothing was typed is no row, so a person removes one by emptying it.
"""

from collections.abc import Mapping, Sequence
from itertools import count, takewhile
from typing import Any

from django import forms
from django.forms import Media

EMPTY = 2
Row = Mapping[str, str]


class RowsWidget(forms.Widget):
    """The table. `cells` are the label and the widget of each column, by name."""

    template_name = "connector/rows.html"
    use_fieldset = True

    def __init__(self, cells: Mapping[str, tuple[Any, forms.Widget]]) -> None:
        super().__init__()
        self.cells = cells

    @property
    def media(self) -> Media:
        """What the cells and the table need."""
        own = Media(css={"all": ["connector/rows.css"]})
        return sum((widget.media for _label, widget in self.cells.values()), own)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the rows, each with its cells."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        rows: list[Row] = [*(value or []), *({} for _ in range(EMPTY))]
        shown = [self._shown(f"{name}-{number}", number, row) for number, row in enumerate(rows)]
        context["widget"] |= {"labels": [label for label, _widget in self.cells.values()], "rows": shown}
        return context

    def _shown(self, prefix: str, number: int, row: Row) -> list[dict[str, Any]]:
        return [
            widget.get_context(
                f"{prefix}-{cell}",
                row.get(cell, ""),
                {"id": f"id_{prefix}-{cell}", "aria-label": f"{label}, {number + 1}"},
            )["widget"]
            for cell, (label, widget) in self.cells.items()
        ]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        """Return the rows in which something was typed."""
        numbers = takewhile(lambda number: self._sent(data, name, number), count())
        rows = [{cell: _typed(data, f"{name}-{number}-{cell}") for cell in self.cells} for number in numbers]
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the page did not have the table."""
        return not self._sent(data, name, 0)

    def _sent(self, data: Any, name: str, number: int) -> bool:
        return any(f"{name}-{number}-{cell}" in data for cell in self.cells)


class RowsField(forms.Field):
    """The setting. A subclass turns its value into rows, and rows into its value."""

    def __init__(self, cells: Mapping[str, tuple[Any, forms.Widget]], **kwargs: Any) -> None:
        super().__init__(**kwargs | {"required": False, "widget": RowsWidget(cells)})

    def rows_of(self, value: Any) -> list[Row]:
        """Return the rows of a value."""
        raise NotImplementedError

    def value_of(self, rows: Sequence[Row]) -> Any:
        """Return the value of rows. Raises ValidationError."""
        raise NotImplementedError

    def prepare_value(self, value: Any) -> list[Row]:
        """Return the rows of a stored value, or what was typed."""
        return value if _are_rows(value, self.widget.cells) else self.rows_of(value)

    def to_python(self, value: Any) -> Any:
        """Return the value of what was typed. Raises ValidationError."""
        return self.value_of(value or [])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the rows."""
        return self.rows_of(initial) != [dict(row) for row in data or []]


def _typed(data: Any, name: str) -> str:
    return str(data.get(name) or "").replace("\x00", "").strip()


def _are_rows(value: Any, cells: Mapping[str, Any]) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) and row.keys() == cells.keys() for row in value)
