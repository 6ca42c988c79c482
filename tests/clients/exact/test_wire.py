"""Exact's formats, by samples and tables; the pages of a list stay at one address, and they end."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.clients import errors, strict_json
from connector.clients.exact import wire
from connector.clients.strict_json import Unreadable
from tests.clients.exact.test_client import ID, ROOT, client_of, stored
from tests.clients.scripted import SAMPLES, Script, reply, sample


def load(name: str) -> object:
    return strict_json.load((SAMPLES / "exact" / f"{name}.json").read_bytes())


def test_all_envelopes_are_read() -> None:
    rows, following = wire.read_list(load("gl_accounts_first_page"))
    assert [row["Code"] for row in rows] == ["8000"]
    assert following.startswith(f"{ROOT}financial/GLAccounts?")
    assert [row["Code"] for row in wire.read_list(load("vat_codes_as_bare_list"))[0]] == ["2  ", "AB "]
    assert wire.read_one(load("invoice_created"))["InvoiceID"] == ID
    assert wire.read_one(load("me"))["FullName"] == "Bo Keeper"
    assert wire.read_list({"d": {"results": []}}) == ([], "")


def test_nested_records_are_there_or_deferred() -> None:
    assert wire.nested({"Lines": {"results": [{"ID": 1}]}}, "Lines") == [{"ID": 1}]
    assert wire.nested({"Lines": [{"ID": 1}]}, "Lines") == [{"ID": 1}]
    assert wire.nested({"Lines": {"__deferred": {"uri": "x"}}}, "Lines") is None
    assert wire.nested({}, "Lines") is None


@pytest.mark.parametrize("answer", [None, [], {}, {"x": 1}, {"d": None}, {"d": "text"}])
def test_anything_else_is_unreadable(answer: object) -> None:
    with pytest.raises(Unreadable):
        wire.read_list(answer)


def test_one_record_means_one() -> None:
    with pytest.raises(Unreadable, match="one record"):
        wire.read_one({"d": {"results": []}})
    with pytest.raises(Unreadable, match="one record"):
        wire.read_one({"d": {"results": [{}, {}]}})


@pytest.mark.parametrize(
    "link",
    [
        f"{ROOT}crm/Accounts?$skiptoken=guid'x'",
        f"{ROOT}crm/Accounts?%24skiptoken=guid'x'",
        "https://START.exactonline.nl:443/api/v1/123456/crm/Accounts",
    ],
)
def test_a_next_page_of_the_same_division_is_followed(link: str) -> None:
    assert wire.next_link(link, ROOT) == link


@pytest.mark.parametrize(
    "link",
    [
        "http://start.exactonline.nl/api/v1/123456/crm/Accounts",
        "https://start.exactonline.be/api/v1/123456/crm/Accounts",
        "https://start.exactonline.nl:8443/api/v1/123456/crm/Accounts",
        "https://start.exactonline.nl.evil.example/api/v1/123456/crm/Accounts",
        "https://start.exactonline.nl@evil.example/api/v1/123456/crm/Accounts",
        "https://me@start.exactonline.nl/api/v1/123456/crm/Accounts",
        "//evil.example/api/v1/123456/crm/Accounts",
        "https://start.exactonline.nl/api/v1/999/crm/Accounts",
        f"{ROOT}../999/crm/Accounts",
        f"{ROOT}%2e%2e/999/crm/Accounts",
        "crm/Accounts",
        "https://start.exactonline.nl:port/api/v1/123456/",
        "https://[broken/api/v1/123456/",
    ],
)
def test_a_next_page_elsewhere_is_not(link: str) -> None:
    with pytest.raises(Unreadable):
        wire.next_link(link, ROOT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/Date(1782405060220)/", "2026-06-25T16:31:00.220000"),
        ("/Date(-86400000)/", "1969-12-31T00:00:00"),
        ("/Date(1723420800000+0200)/", "2024-08-12T00:00:00"),
        ("2026-01-29T10:00:00", "2026-01-29T10:00:00"),
        ("/Date(999999999999999)/", None),
        ("soon", None),
        (None, None),
        (5, None),
    ],
)  # fmt: skip
def test_dates_are_naive_server_time(text: object, expected: str | None) -> None:
    found = wire.read_datetime(text)
    assert (found and found.isoformat()) == expected


def test_date_only_fields() -> None:
    assert wire.read_date("/Date(1723420800000)/") == date(2024, 8, 12)
    assert wire.read_date(None) is None


def test_account_codes_come_with_blanks_on_the_left() -> None:
    assert wire.text({"Code": "           0000011"}, "Code") == "0000011"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("24700001.0"), "24700001"),
        (Decimal("2.47E+7"), "24700000"),
        (24700001, "24700001"),
        (Decimal("0.5"), "0.5"),
        ("007.0 ", "007.0"),
        (True, ""),
        (None, ""),
    ],
)
def test_codes_may_come_as_numbers(value: object, expected: str) -> None:
    assert wire.text({"Code": value}, "Code") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("127.05000000000001"), "127.05"),
        (Decimal("0.1") + Decimal("0.20000000000000001"), "0.3"),
        (105, "105"),
        (Decimal("1E+2"), "100"),
        (0, "0"),
        (Decimal("-22.05"), "-22.05"),
        (True, None),
        ("12", None),
        (None, None),
        (Decimal("1E+400"), None),
    ],
)
def test_amounts_lose_the_noise_of_floats(value: object, expected: str | None) -> None:
    found = wire.decimal({"A": value}, "A")
    assert (None if found is None else str(found)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, 5), ("98765432101", 98765432101), (Decimal("2.0"), 2), (Decimal("2.5"), None), (True, None), ("x", None)],
)
def test_whole_numbers(value: object, expected: int | None) -> None:
    assert wire.integer({"N": value}, "N") == expected


def test_literals_in_addresses() -> None:
    assert wire.quoted("O'Brien") == "'O''Brien'"
    assert wire.guid(ID) == f"guid'{ID}'"
    for odd in ("", "1' or 1 eq 1", ID + "'", ID[:-1]):
        with pytest.raises(ValueError, match="GUID"):
            wire.guid(odd)


def test_a_record_is_named_by_its_id_or_code() -> None:
    rows: list[Any] = [{"ID": "id-1", "Code": "A"}, {"Code": " B "}, {"Name": "C"}, None, "text"]
    assert [wire.name_of(row) for row in rows] == ["id-1", "B", "", "", ""]


def test_a_nested_row_that_is_no_record_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="no object"):
        wire.nested({"Lines": [{"ID": 1}, None]}, "Lines")
    with pytest.raises(Unreadable, match="no object"):
        wire.read_one({"d": {"results": [None]}})


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
