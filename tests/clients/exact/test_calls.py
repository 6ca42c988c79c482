"""A list is read page by page, and can be taken up where it was left, on the division's own address alone."""

import pytest

from connector.clients import errors
from connector.clients.exact.wire import Row, text
from tests.clients.exact.test_client import ID, ROOT, client_of
from tests.clients.scripted import Script, reply

NEXT = f"{ROOT}salesinvoice/SalesInvoices?$skiptoken=guid'{ID}'"


def ids(row: Row) -> str:
    return text(row, "ID")


def test_a_page_names_the_next_one_which_is_read_by_its_link_alone() -> None:
    script = Script(reply({"d": {"results": [{"ID": "1"}], "__next": NEXT}}), reply({"d": {"results": []}}))
    client = client_of(script)
    assert client.page("salesinvoice/SalesInvoices", "ID", ids, "x") == (["1"], NEXT)
    assert client.page("salesinvoice/SalesInvoices", "ID", ids, "x", link=NEXT) == ([], "")
    first, second = script.sent
    assert first.params == {"$select": "ID", "$filter": "x"}
    assert (second.url, second.params) == (NEXT, {})


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/api/v1/123456/x", ROOT.replace("123456", "654321"), f"{ROOT}../1/x", "//["]
)
def test_a_link_to_another_address_is_not_called(link: str) -> None:
    script = Script()
    with pytest.raises(errors.UnexpectedResponse):
        client_of(script).page("salesinvoice/SalesInvoices", "ID", ids, link=link)
    assert script.sent == []


def test_pages_that_name_each_other_end() -> None:
    page = reply({"d": {"results": [{"ID": "1"}], "__next": NEXT}})
    with pytest.raises(errors.UnexpectedResponse, match="circle"):
        list(client_of(Script(page, page)).pages("salesinvoice/SalesInvoices", "ID", ids))
