"""Rows of Exact's lists that cannot be read: left out and named, or not taken for nothing."""

from typing import Any

import pytest

from connector.clients import errors
from connector.clients.rows import OddRow
from tests.clients.exact.test_client import ID, client_of
from tests.clients.scripted import Script, reply


def test_a_division_that_cannot_be_read_is_named_and_left_out() -> None:
    noted: list[OddRow] = []
    rows = [{"Code": 123456}, None, {"Description": "No code"}, {"Code": 2}]
    found = client_of(Script(reply({"d": {"results": rows}}))).divisions(noted.append)
    assert [each.code for each in found] == [123456, 2]
    assert list(map(str, noted)) == [
        "a record without an id: it is no object",
        "a record without an id: Code is missing",
    ]


@pytest.mark.parametrize("row", [None, {"YourRef": "S-1", "Type": 8020}, {"YourRef": "S-1", "InvoiceID": ID}])
def test_a_search_in_which_ours_may_be_hidden_finds_nothing_out(row: Any) -> None:
    rows = [{"InvoiceID": ID, "YourRef": "S-1", "Type": 8020}, row]
    with pytest.raises(errors.UnexpectedResponse, match=r"missing|no object"):
        client_of(Script(reply({"d": {"results": rows}}))).find_invoices("S-1", 8020)


def test_a_search_is_not_stopped_by_a_row_of_another_kind() -> None:
    rows = [{"YourRef": "S-1", "Type": 8021}, {"InvoiceID": ID, "YourRef": "S-1", "Type": 8020}]
    (found,) = client_of(Script(reply({"d": {"results": rows}}))).find_invoices("S-1", 8020)
    assert found.id == ID


def test_a_transaction_line_without_its_entry_may_hide_ours() -> None:
    rows = [{"YourRef": "S-1", "Type": 21}, {"YourRef": "S-1", "Type": 20}]
    with pytest.raises(errors.UnexpectedResponse, match="EntryID is missing"):
        client_of(Script(reply({"d": {"results": rows}}))).find_entries("S-1", 20)
