"""The pages of a list: they stay at one address, and they end."""

import pytest

from connector.clients import errors
from connector.clients.exact import wire
from tests.clients.exact.test_client import ROOT, client_of, stored
from tests.clients.scripted import Script, reply, sample


def test_a_next_page_elsewhere_never_gets_the_token() -> None:
    body = sample("exact/gl_accounts_first_page.json")
    body["d"]["__next"] = "https://evil.example/api/v1/123456/financial/GLAccounts"
    script = Script(reply(body))
    with pytest.raises(errors.UnexpectedResponse, match="another address"):
        list(client_of(script).master_data("gl_account"))
    assert len(script.sent) == 1


def test_pages_in_a_circle_end() -> None:
    script = Script(*[stored("gl_accounts_first_page")] * 9)
    with pytest.raises(errors.UnexpectedResponse, match="circle"):
        list(client_of(script).master_data("gl_account"))


def test_a_list_without_an_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page names another page, and none comes twice."""
    monkeypatch.setattr(wire, "MOST_PAGES", 3)
    pages = [sample("exact/gl_accounts_first_page.json") for _page in range(5)]
    for number, page in enumerate(pages):
        page["d"]["__next"] = f"{ROOT}financial/GLAccounts?$skiptoken={number}"
    script = Script(*map(reply, pages))
    with pytest.raises(errors.UnexpectedResponse, match="did not end after 3 pages"):
        list(client_of(script).master_data("gl_account"))
    assert len(script.sent) == 3


def test_a_next_page_with_an_endless_address_is_refused() -> None:
    page = sample("exact/gl_accounts_first_page.json")
    page["d"]["__next"] = f"{ROOT}financial/GLAccounts?$skiptoken={'x' * 8192}"
    with pytest.raises(errors.UnexpectedResponse, match="8192 characters"):
        list(client_of(Script(reply(page))).master_data("gl_account"))


def test_an_entry_whose_id_no_call_could_name_is_refused() -> None:
    rows = [{"EntryID": "1 or 1 eq 1", "YourRef": "SHOP-1", "Type": 20, "Division": 123456}]
    with pytest.raises(errors.UnexpectedResponse, match="no GUID"):
        client_of(Script(reply({"d": {"results": rows}}))).find_entries("SHOP-1", 20)
