"""Cells of a CSV file that a spreadsheet opens without running anything in them."""

import re

# A cell that begins with one of these is a formula to a spreadsheet, with or without blanks before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# So is what follows one of these, where a spreadsheet separates cells by it, as Dutch ones do by a semicolon.
_INSIDE = re.compile(r"(;|(?<=.)[\t\r\n])(\s*[=+\-@])", re.DOTALL)


def safe(cell: object) -> str:
    """Return a cell's text. A text that a spreadsheet would run as a formula begins with an apostrophe; a number that
    is a number stays one."""
    if not isinstance(cell, str):
        return str(cell)
    text = _INSIDE.sub(r"\1'\2", cell)
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula."""
    return text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
