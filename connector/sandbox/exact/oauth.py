"""OAuth 2 of the fake Exact: consent, code exchange, refresh with rotation.

Known: `expires_in` is text; a code lives three minutes and holds a "!"; a refresh token is used once and lives 30
days; a refresh before the last 30 seconds of the access token is refused; an Authorization header on the token call
is refused. Assumed: the refusals of a wrong client or code.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe
from urllib.parse import quote, urlencode

from connector.sandbox.exact.state import Settings
from connector.sandbox.http.messages import Incoming, Reply

CLIENT_ID, CLIENT_SECRET = "6f1d3c0a-5b7e-4e0c-9a51-3f2d7c8b9e10", "sandbox-secret"
CODE_SECONDS = 180
CONSENT = """<!DOCTYPE html><title>Exact Online (sandbox)</title>
<p>An app asks for access to your divisions.</p><p><a href="{link}">Allow</a></p>"""
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Grant:
    """One consent of one app: the divisions it may see (None: all) and its tokens."""

    client_id: str
    divisions: frozenset[int] | None
    refresh_token: str
    refresh_issued: datetime
    access_issued: datetime
    revoked: bool = False
    expired: bool = False


@dataclass(slots=True)
class _Code:
    client_id: str
    redirect_uri: str
    issued: datetime
    divisions: frozenset[int] | None


@dataclass(slots=True)
class OAuth:
    """Clients, codes and tokens. Times are the fake's clock (UTC)."""

    settings: Settings
    clock: Callable[[], datetime]
    clients: dict[str, str] = field(default_factory=lambda: {CLIENT_ID: CLIENT_SECRET})
    # What the person who consents to an app may see, by client id. All divisions where an app is not named.
    seen_by: dict[str, frozenset[int]] = field(default_factory=dict)
    # Grants by every refresh token that was ever issued.
    grants: dict[str, Grant] = field(default_factory=dict)
    # Access token -> its grant and its end.
    access: dict[str, tuple[Grant, datetime]] = field(default_factory=dict)
    codes: dict[str, _Code] = field(default_factory=dict)

    def issue(self, client_id: str, divisions: frozenset[int] | None = None) -> Grant:
        """A grant whose access token expired long ago, as in a provision file. The first refresh is allowed."""
        self.clients.setdefault(client_id, CLIENT_SECRET)
        now = self.clock()
        grant = Grant(client_id, divisions, _token(), now, now - timedelta(days=1))
        self.grants[grant.refresh_token] = grant
        return grant

    def add_app(self, client_id: str, secret: str, divisions: frozenset[int]) -> None:
        """Register an app whose users see these divisions only."""
        self.clients[client_id] = secret
        self.seen_by[client_id] = divisions

    def authenticate(self, request: Incoming) -> Grant | None:
        """The grant of a valid access token; None for any other token."""
        grant, end = self._bearer(request)
        return grant if grant is not None and not grant.revoked and end > self.clock() else None

    def client_of(self, request: Incoming) -> str:
        """The app of a token, valid or not; "" when the token was never issued."""
        grant, _ = self._bearer(request)
        return grant.client_id if grant is not None else ""

    def _bearer(self, request: Incoming) -> tuple[Grant | None, datetime]:
        scheme, _, token = request.headers.text("Authorization").partition(" ")
        return self.access.get(token if scheme.lower() == "bearer" else "", (None, self.clock()))

    def authorize(self, request: Incoming) -> Reply:
        """GET /api/oauth2/auth: the page of the consent. `approve=1` is the button, `divisions=1,2` is the choice."""
        query = request.query
        redirect_uri = query.get("redirect_uri", "")
        known = query.get("client_id") in self.clients and query.get("response_type") == "code"
        if not known or not redirect_uri:
            return Reply.html(400, "<p>Unknown app, or no redirect_uri or response_type=code.</p>")
        if query.get("approve") != "1":
            link = html.escape(f"?{request.query_raw}&approve=1")
            return Reply.html(200, CONSENT.format(link=link))
        code = f"stampNL001.{token_urlsafe(24)}!{token_urlsafe(6)}"
        ticked = frozenset(int(one) for one in query.get("divisions", "").split(",") if one.isdecimal()) or None
        divisions = ticked or self.seen_by.get(query["client_id"])
        self.codes[code] = _Code(query["client_id"], redirect_uri, self.clock(), divisions)
        answer = urlencode({"code": code, "state": query.get("state", "")}, quote_via=quote)
        glue = "&" if "?" in redirect_uri else "?"
        return Reply.empty(302, {"Location": f"{redirect_uri}{glue}{answer}"})

    def token(self, request: Incoming) -> Reply:
        """POST /api/oauth2/token."""
        if "Authorization" in request.headers:
            return _refuse(401, "unauthorized_client", "The request has an Authorization header.")
        if not request.headers.text("Content-Type").lower().startswith(FORM):
            return _refuse(400, "invalid_request", "The body is not form-urlencoded.")
        form = request.form()
        if self.clients.get(form.get("client_id", "")) != form.get("client_secret"):
            return _refuse(400, "invalid_client", "The client is unknown or the secret is wrong.")
        if form.get("grant_type") == "authorization_code":
            return self._exchange(form)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form)
        return _refuse(400, "unsupported_grant_type", "There are authorization_code and refresh_token.")

    def _exchange(self, form: dict[str, str]) -> Reply:
        code = self.codes.pop(form.get("code", ""), None)
        if code is None or self.clock() - code.issued > timedelta(seconds=CODE_SECONDS):
            return _refuse(400, "invalid_grant", "The code is unknown, was used or has expired.")
        if (code.client_id, code.redirect_uri) != (form["client_id"], form.get("redirect_uri")):
            return _refuse(400, "invalid_grant", "The code was given to another client or redirect_uri.")
        return self._answer(self.issue(code.client_id, code.divisions))

    def _refresh(self, form: dict[str, str]) -> Reply:
        token = form.get("refresh_token", "")
        grant = self.grants.get(token)
        if grant is None or grant.revoked or grant.client_id != form["client_id"]:
            return _refuse(400, "invalid_request", "Refresh token is invalid.")
        if grant.refresh_token != token:
            return _refuse(401, "unauthorized_client", "Old refresh token used.")
        now = self.clock()
        end = grant.refresh_issued + timedelta(days=self.settings.refresh_days)
        if grant.expired or end <= now:
            text = f"The refresh token expired at {_american(min(end, now))} and it is now {_american(now)}."
            return _refuse(400, "invalid_request", text)
        if self.settings.enforce_early_refusal and self._too_early(grant, now):
            text = "Rate limit exceeded: access_token not expired"
            return _refuse(400, "access_denied", text, {"Reason": f"TooEarlyToRefreshTokens: {text}"})
        grant.refresh_token = _token()
        self.grants[grant.refresh_token] = grant
        return self._answer(grant)

    def _too_early(self, grant: Grant, now: datetime) -> bool:
        return now < grant.access_issued + timedelta(seconds=self.settings.token_seconds - 30)

    def _answer(self, grant: Grant) -> Reply:
        now = self.clock()
        access = _token()
        grant.access_issued = grant.refresh_issued = now
        self.access[access] = (grant, now + timedelta(seconds=self.settings.token_seconds))
        return Reply.json(
            200,
            {
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": str(self.settings.token_seconds),
                "refresh_token": grant.refresh_token,
            },
        )


def _token() -> str:
    return f"stampNL001.{token_urlsafe(48)}"


def _refuse(status: int, error: str, text: str, headers: dict[str, str] | None = None) -> Reply:
    return Reply.json(status, {"error": error, "error_description": text}, headers)


def _american(moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment:%M:%S %p}"
