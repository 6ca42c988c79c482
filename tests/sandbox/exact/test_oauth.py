"""The life of a token."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from connector.sandbox.exact.service import CLIENT_ID, FakeExact
from tests.sandbox.exact.client import Api, refresh, send, token

CALLBACK = "https://connector.example/oauth/exact/callback/"


@pytest.fixture
def exact() -> Iterator[FakeExact]:
    with FakeExact.seed() as service:
        yield service


def consent(exact: FakeExact, **more: str) -> str:
    query = {"client_id": CLIENT_ID, "redirect_uri": CALLBACK, "response_type": "code", "state": "s 1", **more}
    return f"{exact.url}/api/oauth2/auth?{urlencode(query)}"


def code_of(exact: FakeExact) -> str:
    location = send(consent(exact, approve="1")).headers["Location"]
    return parse_qs(urlsplit(location).query)["code"][0]


def exchange(exact: FakeExact, code: str) -> int:
    return token(exact, grant_type="authorization_code", code=code, redirect_uri=CALLBACK).status


def test_consent_page_then_code_then_tokens(exact: FakeExact) -> None:
    page = send(consent(exact))
    assert page.status == 200
    assert b"approve=1" in page.body

    location = send(consent(exact, approve="1")).headers["Location"]
    assert location.startswith(CALLBACK)
    assert "%21" in location
    query = parse_qs(urlsplit(location).query)
    assert query["state"] == ["s 1"]

    pair = token(exact, grant_type="authorization_code", code=query["code"][0], redirect_uri=CALLBACK).json
    assert pair["expires_in"] == "600"
    assert pair["token_type"] == "Bearer"
    me = send(
        f"{exact.url}/api/v1/current/Me",
        headers={"Authorization": f"Bearer {pair['access_token']}", "Accept": "application/json"},
    )
    assert [row["CurrentDivision"] for row in me.rows] == [100001]


def test_a_code_is_used_once_and_lives_three_minutes(exact: FakeExact) -> None:
    code = code_of(exact)
    assert exchange(exact, code) == 200
    assert exchange(exact, code) == 400

    late = code_of(exact)
    exact.advance(181)
    assert exchange(exact, late) == 400


def test_an_unknown_app_gets_no_consent_page(exact: FakeExact) -> None:
    assert send(consent(exact, client_id="nobody")).status == 400


def test_refresh_rotates_and_the_old_token_alone_is_refused(exact: FakeExact) -> None:
    first = exact.issue_refresh_token()
    pair = refresh(exact, first).json
    assert pair["refresh_token"] != first

    old = refresh(exact, first)
    assert old.status == 401
    assert old.json == {"error": "unauthorized_client", "error_description": "Old refresh token used."}

    exact.advance(575)
    assert refresh(exact, pair["refresh_token"]).status == 200


def test_too_early_is_refused_and_costs_nothing(exact: FakeExact) -> None:
    pair = refresh(exact, exact.issue_refresh_token()).json
    exact.advance(560)
    early = refresh(exact, pair["refresh_token"])
    assert early.status == 400
    assert early.json == {
        "error": "access_denied",
        "error_description": "Rate limit exceeded: access_token not expired",
    }
    assert early.headers["Reason"].startswith("TooEarlyToRefreshTokens")

    exact.set(enforce_early_refusal=False)
    assert refresh(exact, pair["refresh_token"]).status == 200


def test_dead_refresh_tokens(exact: FakeExact) -> None:
    idle = exact.issue_refresh_token()
    exact.advance(31 * 86400)
    late = refresh(exact, idle)
    assert late.status == 400
    assert late.json["error"] == "invalid_request"
    assert late.json["error_description"].startswith("The refresh token expired at ")

    fresh = exact.issue_refresh_token()
    exact.expire_refresh_token()
    assert "expired" in refresh(exact, fresh).json["error_description"]

    withdrawn = exact.issue_refresh_token()
    exact.revoke()
    assert refresh(exact, withdrawn).json["error_description"] == "Refresh token is invalid."


@pytest.mark.parametrize(
    ("headers", "fields", "status"),
    [
        ({"Authorization": "Basic eA=="}, {}, 401),
        ({"Content-Type": "application/json"}, {}, 400),
        ({}, {"client_secret": "wrong"}, 400),
        ({}, {"grant_type": "password"}, 400),
        ({}, {"refresh_token": "never issued"}, 400),
    ],
)
def test_wrong_token_calls(exact: FakeExact, headers: dict[str, str], fields: dict[str, str], status: int) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": exact.issue_refresh_token(), **fields}
    assert token(exact, headers, **form).status == status


def test_an_access_token_ends_and_a_withdrawn_one_is_dead(exact: FakeExact) -> None:
    api = Api(exact)
    assert api.get("hrm/Costcenters").status == 200
    exact.advance(601)
    assert api.get("hrm/Costcenters").status == 401

    api = Api(exact)
    exact.revoke()
    assert api.get("hrm/Costcenters").status == 401


def test_a_grant_sees_only_its_divisions(exact: FakeExact) -> None:
    api = Api(exact)
    api.token = refresh(exact, exact.issue_refresh_token(divisions=frozenset({200002}))).json["access_token"]
    refused = api.get("hrm/Costcenters")
    assert (refused.status, refused.headers["Reason"]) == (403, "NoDivisionAccess")
    assert [row["Code"] for row in api.get("system/Divisions").rows] == [200002]


def test_the_gateway_fault_of_the_token_endpoint(exact: FakeExact) -> None:
    exact.faults.add("apigee_500", path="/api/oauth2/token")
    again = exact.issue_refresh_token()
    answer = refresh(exact, again)
    assert answer.status == 500
    assert "fault" in answer.json
    assert refresh(exact, again).status == 200
