"""Rows of a vendor's list that cannot be read are named in the language of the person who reads it."""

import pytest

from connector.clients.rows import OddRow
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.problems import odd_rows
from connector.problems.catalogue import sentence

DUTCH = {
    "%(name)s is missing": "%(name)s ontbreekt",
    "row": "rij",
    "order": "bestelling",
    "%(what)s without an id": "%(what)s zonder id",
    "a record without an id": "een record zonder id",
}
SAID = [
    (OddRow("203", "%(name)s is missing", {"name": "ID"}), "203: ID is missing", "203: ID ontbreekt"),
    (OddRow("7", "%(name)s is missing", {"name": "ID"}, "row"), "row 7: ID is missing", "rij 7: ID ontbreekt"),
    (OddRow("", "100 % odd", {}, "order"), "order without an id: 100 % odd", "bestelling zonder id: 100 % odd"),
    (OddRow("", "100 % odd"), "a record without an id: 100 % odd", "een record zonder id: 100 % odd"),
]


@pytest.mark.parametrize(("row", "english", "dutch"), SAID)
def test_a_row_has_its_name_and_why(row: OddRow, english: str, dutch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert odd_rows.in_words(row) == str(row) == english
    assert odd_rows.of_json(odd_rows.to_json(row)) == row
    kept = odd_rows.as_param([row, row])
    monkeypatch.setattr(odd_rows, "gettext", lambda words: DUTCH.get(words, words))
    assert odd_rows.kept_in_words(kept) == f"{dutch}; {dutch}"


def test_a_problem_names_the_rows_that_it_kept_and_the_words_of_before() -> None:
    kept = Problem(Code.DETAILS_UNREADABLE, "", {"facts": "products", "rows": odd_rows.as_param([SAID[1][0]])})
    before = Problem(Code.DETAILS_UNREADABLE, "", {"facts": "products", "rows": "row 7: ID is missing"})
    assert sentence(kept) == sentence(before)
    assert "row 7: ID is missing" in sentence(kept)
