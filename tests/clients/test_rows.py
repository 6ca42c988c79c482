"""A row of a list that cannot be read is named, and the others are read."""

from typing import Any

import pytest

from connector.clients.rows import OddRow, read_all, read_or_tell
from connector.clients.strict_json import Unreadable

ROWS: list[Any] = [{"code": "A"}, {}, None, {"code": "C"}]


def read(row: dict[str, str]) -> str:
    if "code" not in row:
        raise Unreadable("code is missing")
    return row["code"]


def test_the_others_are_read_where_somebody_listens() -> None:
    noted: list[OddRow] = []
    assert read_all(ROWS, read, noted.append, lambda row: f"row {row}") == ["A", "C"]
    assert list(map(str, noted)) == ["row {}: code is missing", "row None: it is no object"]


@pytest.mark.parametrize(("rows", "why"), [(ROWS[:2], "code is missing"), ([None], "no object")])
def test_nothing_is_read_where_nobody_listens(rows: list[Any], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_all(rows, read, None, lambda row: "row")


def test_one_row() -> None:
    noted: list[OddRow] = []
    assert read_or_tell({"code": "A"}, read, noted.append, "row 1") == ["A"]
    assert read_or_tell("A", read, noted.append, "row 2") == []
    assert list(map(str, noted)) == ["row 2: it is no object"]
