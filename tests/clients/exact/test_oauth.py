"""Consent and tokens: what is asked, and what each refusal means."""

import traceback
from urllib.parse import parse_qs, urlsplit

import pytest

from connector.clients import errors
from connector.clients.errors import ClientError, Interrupted, NotSent
from connector.clients.exact import oauth
from connector.clients.exact.oauth import TokenPair
from connector.clients.transport import Response
from tests.clients.scripted import Script, reply, sample

BASE = oauth.REGIONS["nl"]
OLD, SECRET = "-".join(["old", "refresh", "token"]), "-".join(["client", "secret", "1"])


def refresh(script: Script) -> TokenPair:
    return oauth.refresh(
        script, BASE, client_id="cid", client_secret=SECRET, refresh_token=OLD, on_call=script.calls.append
    )


def exchange(script: Script, code: str) -> TokenPair:
    return oauth.exchange_code(
        script,
        BASE,
        client_id="cid",
        client_secret=SECRET,
        code=code,
        redirect_uri="https://app.example/oauth/exact/callback/",
        on_call=script.calls.append,
    )


def test_each_region_has_its_host() -> None:
    assert set(oauth.REGIONS) == {"nl", "be", "de", "uk", "fr", "es", "us"}
    assert oauth.REGIONS["uk"] == "https://start.exactonline.co.uk"
    assert oauth.REGIONS["us"] == "https://start.exactonline.com"


def test_where_the_person_consents() -> None:
    uri = "https://app.example/oauth/exact/callback/"
    url = urlsplit(oauth.authorize_url(BASE, client_id="cid", redirect_uri=uri, state="s&1"))
    assert (url.netloc, url.path) == ("start.exactonline.nl", "/api/oauth2/auth")
    assert parse_qs(url.query) == {
        "client_id": ["cid"],
        "redirect_uri": [uri],
        "response_type": ["code"],
        "force_login": ["0"],
        "state": ["s&1"],
    }
    forced = oauth.authorize_url(BASE, client_id="c", redirect_uri=uri, state="s", force_login=True)
    assert "force_login=1" in forced


def test_a_refresh_is_a_form_without_an_authorization_header() -> None:
    script = Script(reply(sample("exact/token.json")))
    pair = refresh(script)
    assert (pair.access_token, pair.refresh_token, pair.expires_in) == ("new-access-token", "new-refresh-token", 600)
    (request,) = script.sent
    assert (request.method, request.url) == ("POST", f"{BASE}/api/oauth2/token")
    assert request.form == {
        "grant_type": "refresh_token",
        "refresh_token": OLD,
        "client_id": "cid",
        "client_secret": SECRET,
    }
    assert "authorization" not in {name.lower() for name in request.headers}
    assert script.deadlines == [45.0]
    assert [(call.upstream, call.endpoint, call.status) for call in script.calls] == [("exact", "oauth2/token", 200)]


@pytest.mark.parametrize(
    ("given", "sent"), [("stamp%21abc", "stamp!abc"), ("stamp!abc", "stamp!abc"), ("a%2521", "a%21"), ("50%", "50%")]
)
def test_a_code_is_decoded_once_if_it_is_encoded(given: str, sent: str) -> None:
    script = Script(reply(sample("exact/token.json")))
    exchange(script, given)
    form = script.sent[0].form or {}
    assert (form["code"], form["grant_type"]) == (sent, "authorization_code")
    assert form["redirect_uri"] == "https://app.example/oauth/exact/callback/"


@pytest.mark.parametrize(
    ("value", "seconds"), [("600", 600), (600, 600), (599.5, 599), ("", 600), (None, 600), (-1, 600), ("x", 600)]
)
def test_an_odd_life_time_does_not_cost_the_pair(value: object, seconds: int) -> None:
    assert refresh(Script(reply({**sample("exact/token.json"), "expires_in": value}))).expires_in == seconds


def refusal(status: int, error: str, description: str) -> Response:
    return reply({"error": error, "error_description": description}, status)


NOT_EXPIRED = "Rate limit exceeded: access_token not expired"
ANSWERS: list[tuple[Response | ClientError, type[ClientError]]] = [
    (refusal(400, "access_denied", NOT_EXPIRED), errors.TooEarly),
    (refusal(400, "invalid_request", NOT_EXPIRED), errors.TooEarly),
    (reply(b"", 400, headers={"Reason": f"TooEarlyToRefreshTokens: {NOT_EXPIRED}"}), errors.TooEarly),
    (reply(b"", 400, headers={"Reason": "TooEarlyToRefreshTokens"}), errors.TooEarly),
    (refusal(401, "unauthorized_client", "Old refresh token used."), errors.Reconnect),
    (
        refusal(400, "invalid_request", "The refresh token expired at 11/3/2021 2:50:46 PM and it is now 7/31/2022."),
        errors.Reconnect,
    ),
    (refusal(400, "invalid_request", "Refresh token is invalid."), errors.Reconnect),
    (refusal(400, "invalid_grant", ""), errors.Reconnect),
    (refusal(401, "invalid_client", ""), errors.Reconnect),
    (refusal(429, "too_many", ""), errors.RateLimited),
    (reply(b"", 429), errors.RateLimited),
    (refusal(400, "access_denied", "Rate limit exceeded: tokens per day"), errors.RateLimited),
    (
        reply({"fault": {"faultstring": "Failed to execute the ExtractVariables", "detail": {}}}, 500),
        errors.OutcomeUnknown,
    ),
    (reply({"fault": {"faultstring": "Unable to identify proxy for host"}}, 404), errors.OutcomeUnknown),
    (refusal(503, "invalid_grant", ""), errors.OutcomeUnknown),
    (refusal(400, "temporarily_unavailable", ""), errors.OutcomeUnknown),
    (reply(b"<html>", 502, "text/html"), errors.OutcomeUnknown),
    (reply(b"<html>", 200, "text/html"), errors.OutcomeUnknown),
    (reply(b"<html>", 400, "text/html"), errors.OutcomeUnknown),
    (reply(b'{"access_token": "a"', 200), errors.OutcomeUnknown),
    (reply([], 200), errors.OutcomeUnknown),
    (reply(b"", 302), errors.OutcomeUnknown),
    (Interrupted("time-out"), errors.OutcomeUnknown),
    (NotSent("refused"), errors.NotSent),
    (reply({"access_token": "new-access-token", "expires_in": "600"}), errors.UnexpectedResponse),
    (reply({"refresh_token": "new-refresh-token"}), errors.UnexpectedResponse),
    (reply({"access_token": "new-access-token", "refresh_token": ""}), errors.UnexpectedResponse),
]


@pytest.mark.parametrize(("answer", "kind"), ANSWERS)
def test_each_refusal_has_one_consequence(answer: Response | ClientError, kind: type[ClientError]) -> None:
    script = Script(answer)
    with pytest.raises(ClientError) as caught:
        refresh(script)
    assert type(caught.value) is kind
    (call,) = script.calls
    assert call.error.startswith(f"{kind.__name__}: ")
    assert call.endpoint == "oauth2/token"


def test_nothing_secret_is_shown() -> None:
    code = "%21".join(["consent", "code"])
    echo = refusal(400, "invalid_grant", f"bad {OLD} {SECRET} consent!code {code}")
    shown = repr(TokenPair("access-1", "refresh-1", 600))
    assert "access-1" not in shown
    assert "refresh-1" not in shown
    for act in (refresh, lambda script: exchange(script, code)):
        script = Script(echo)
        with pytest.raises(errors.Reconnect) as caught:
            act(script)
        text = "".join(traceback.format_exception(caught.value)) + repr(script.calls) + repr(script.sent)
        assert SECRET not in text
        assert (OLD if act is refresh else "consent!code") not in text
        assert "bad " in text
