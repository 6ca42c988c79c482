"""Rows as text: each spreadsheet reads the amounts of its language, and no cell runs."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from connector.admin.documents.as_csv import lines


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en-gb", '"2025-09-01","-1234.50","1001","","=x"'),
        ("nl", '"2025-09-01";"-1234,50";"1001";"";"=x"'),
    ],
)
def test_amounts_have_the_mark_of_the_language_and_texts_never_run(language: str, line: str) -> None:
    with override(language):
        text = lines([[date(2025, 9, 1), Decimal("-1234.5"), 1001, None, "=x"]])
    assert text == line.replace('"=x"', '"\'=x"') + "\r\n"
