"""OData: selection, paging, envelopes, padding, dates."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from connector.sandbox.exact.service import FakeExact
from tests.sandbox.exact.client import Api, send


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with FakeExact.seed() as exact:
        yield Api(exact)


def test_unknown_option_property_and_endpoint(api: Api) -> None:
    assert api.get("crm/Accounts", format="json").status == 400
    assert api.get("crm/Accounts", select="Nope").status == 400
    assert api.get("crm/Nothing").status == 404
    assert api.get("crm/Accounts(guid'00000000-0000-0000-0000-000000000000')").status == 404
    assert api.write("POST", "logistics/Units", {}).status == 405


def test_pages_of_sixty_follow_next_to_the_end(api: Api) -> None:
    seen: list[str] = []
    answer = api.get("crm/Accounts", select="ID", inlinecount="allpages")
    assert answer.json["d"]["__count"] == "153"
    while True:
        seen += [row["ID"] for row in answer.rows]
        link = answer.json["d"].get("__next")
        if link is None:
            break
        answer = send(link, headers=api.headers())
    assert len(seen) == len(set(seen)) == 153


def test_top_and_skip(api: Api) -> None:
    everything = [row["ID"] for row in api.get("logistics/Items", select="ID").rows]
    assert [row["ID"] for row in api.get("logistics/Items", select="ID", top=2, skip=1).rows] == everything[1:3]
    assert api.get("logistics/Items/$count").body == b"18"


def test_sync_by_timestamp(api: Api) -> None:
    first = api.get("sync/CRM/Accounts", filter="Timestamp gt 1L", select="ID,Timestamp").rows
    assert len(first) == 153
    newest = max(int(row["Timestamp"]) for row in first)
    exact = api.exact
    account = exact.add_account(100001, Name="Nieuw")
    later = api.get("sync/CRM/Accounts", filter=f"Timestamp gt {newest}L", select="ID,Timestamp").rows
    assert [row["ID"] for row in later] == [account]
    exact.set(sync_page_size=100)
    page = api.get("sync/CRM/Accounts", select="Timestamp").json["d"]
    exact.set(sync_page_size=1000)
    assert len(page["results"]) == 100
    assert "L" in page["__next"]
    assert len(send(page["__next"], headers=api.headers()).rows) == 54
    assert api.write("DELETE", f"crm/Accounts(guid'{account}')").status == 204


def test_envelopes(api: Api) -> None:
    assert isinstance(api.get("vat/VATCodes").json["d"], list)
    assert isinstance(api.get("vat/VATCodes", inlinecount="allpages").json["d"], dict)
    assert isinstance(api.get("hrm/Costcenters").json["d"]["results"], list)
    item = api.item("MUG-01")
    one = api.get(f"logistics/Items(guid'{item}')").json["d"]
    assert one["Code"] == "MUG-01"
    assert one["__metadata"]["type"] == "Exact.Web.Api.Models.Logistics.Item"


def test_padding_and_types(api: Api) -> None:
    codes = {row["Code"]: row for row in api.get("vat/VATCodes").rows}
    high = codes["2  "]
    assert (high["Percentage"], high["Type"], high["Country"]) == (0.21, "I", "NL ")
    assert codes["D2 "]["OssCountry"] == "DE"
    assert codes["X1 "]["IsBlocked"] is True
    assert codes["P4 "]["VATTransactionType"] == "P"
    account = api.get("crm/Accounts", filter="SearchCode eq 'WEBSHOP'").rows[0]
    assert (account["Code"], account["Country"]) == ("           0000001", "NL ")
    assert account["BankAccounts"]["__deferred"]["uri"].endswith("/BankAccounts")


def test_created_is_local_time_written_as_utc(api: Api) -> None:
    created = api.get("hrm/Costcenters", top=1).rows[0]["Created"]
    moment = datetime.fromtimestamp(int(created[6:-2]) / 1000, UTC)
    ahead = (moment - datetime.now(UTC)).total_seconds() / 3600
    assert 0.9 < ahead < 2.01


def test_without_accept_it_is_atom(api: Api) -> None:
    answer = send(f"{api.base}/hrm/Costcenters", headers={"Authorization": f"Bearer {api.token}"})
    assert answer.headers["Content-Type"].startswith("application/atom+xml")


def test_each_division_has_its_own_vat_codes(api: Api) -> None:
    def rates(division: int) -> set[float]:
        answer = send(f"{api.exact.url}/api/v1/{division}/vat/VATCodes", headers=api.headers())
        return {row["Percentage"] for row in answer.rows}

    assert {0.055, 0.021, 0.1, 0.2} < rates(200002)
    assert {0.17, 0.08, 0.03, 0.01} < rates(300003)
    assert send(f"{api.exact.url}/api/v1/999/vat/VATCodes", headers=api.headers()).status == 403


def test_mandatory_filter(api: Api) -> None:
    api.exact.set(mandatory_filter=True)
    refused = api.get("crm/Accounts")
    allowed = api.get("crm/Accounts", filter="SearchCode eq 'WEBSHOP'")
    api.exact.set(mandatory_filter=False)
    assert refused.error.startswith("This endpoint has mandatory filtering applied.")
    assert allowed.status == 200
