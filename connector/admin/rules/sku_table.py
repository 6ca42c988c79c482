"""The table SKU → item code on the page of rules: pasted, or read from a CSV file, with each mistake at its row."""

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from connector.domain.rules.rule_book import MOST_SKUS, key_of_sku

FIELD, FILE = "sku_items", "sku_file"
_SEPARATORS = "\t;,"
_HEADING = "sku"
_LONGEST_SKU, _LONGEST_CODE = 200, 60
_MOST_MISTAKES = 20
_MOST_BYTES = 1024 * 1024

Row = tuple[int, list[str]]  # the number of its line, and its cells


class SkuField(forms.CharField):
    """A SKU and an item code on each line. The value has the form of the provision file."""

    def prepare_value(self, value: Any) -> Any:
        """Write the table as lines, with a tab between SKU and code as a spreadsheet copies it."""
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(f"{row['sku']}\t{row['item']}" for row in value)

    def to_python(self, value: Any) -> Any:
        """Read the lines. Raises ValidationError, which names each row with a mistake."""
        ProhibitNullCharactersValidator()(value or "")
        rows = list(_rows(str(value or "")))
        mistakes = list(_mistakes(rows))
        if len(rows) > MOST_SKUS:
            mistakes.insert(0, _("%(path)s has more than %(most)s rows.") % {"path": _("The table"), "most": MOST_SKUS})
        if mistakes:
            raise forms.ValidationError(mistakes[:_MOST_MISTAKES])
        return [{"sku": cells[0], "item": cells[1]} for _line, cells in rows]


class SkuForm(forms.Form):
    """The table."""

    sku_items = SkuField(
        required=False,
        label=gettext_lazy("SKU and item code, one pair per line"),
        help_text=gettext_lazy("As copied from a spreadsheet, or with a semicolon or a comma between them."),
        widget=UnfoldAdminExpandableTextareaWidget({"placeholder": "MUG-RED\tM-100"}),
    )
    sku_file = forms.FileField(
        required=False,
        label=gettext_lazy("or a CSV file, which replaces the table"),
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    def lines(self) -> list[int]:
        """Return the number of the line that each row of the valid table had."""
        return [line for line, _cells in _rows(str(self.data.get(FIELD, "")))]


def with_file(data: Any, file: Any) -> Any:
    """Return what a person sent, with the text of the file as the table."""
    if file is None:
        return data
    changed = data.copy()
    changed[FIELD] = _text(file.read(_MOST_BYTES))
    return changed


def _text(content: bytes) -> str:
    """A spreadsheet writes UTF-8, or the code page of western Windows."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[Row]:
    """The rows that are not empty, without a heading."""
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = next((each for each in _SEPARATORS if each in first), _SEPARATORS[0])
    reader = csv.reader(lines, delimiter=separator)
    for cells in reader:
        kept = [cell.strip() for cell in cells]
        is_heading = bool(kept) and kept[0].casefold() == _HEADING
        if any(kept) and not is_heading:
            yield reader.line_num, kept


def _mistakes(rows: list[Row]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for line, cells in rows:
        if len(cells) != 2 or not all(cells):
            yield _("Row %(row)s: it needs a SKU and an item code.") % {"row": line}
            continue
        sku, code = cells
        if len(sku) > _LONGEST_SKU or len(code) > _LONGEST_CODE:
            yield _("Row %(row)s: the SKU or the item code is too long.") % {"row": line}
        first = seen.setdefault(key_of_sku(sku), line)
        if first != line:
            yield _("Row %(row)s: SKU %(sku)s stands in row %(first)s too.") % {"row": line, "sku": sku, "first": first}
