"""Writes which rows of a vendor's list cannot be read, and why, in the language of the reader."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from django.utils.translation import gettext

from connector.clients.rows import OddRow

_BEGINS: Final = '[{"name": '


def in_words(row: OddRow) -> str:
    """Return a row's name, and what is wrong with it."""
    return row.said(gettext)


def to_json(row: OddRow) -> dict[str, Any]:
    """Write a row as JSON."""
    return asdict(row)


def of_json(kept: Mapping[str, Any]) -> OddRow:
    """Read what `to_json` wrote."""
    return OddRow(**kept)


def as_param(rows: Iterable[OddRow]) -> str:
    """Write rows as the parameter of a problem."""
    return json.dumps(list(map(to_json, rows)))


def kept_in_words(kept: str) -> str:
    """Return the words of the rows that a problem kept. Earlier releases kept the words."""
    return "; ".join(in_words(of_json(row)) for row in json.loads(kept)) if kept.startswith(_BEGINS) else kept
