"""Exact's OAuth 2: the consent's address, the code exchange, the refresh.

A refresh token works once, and a call whose answer is lost may have used it. So an unclear answer raises
OutcomeUnknown. Facts: Exact's OAuth guide (steps 1 to 3) and error texts in public client logs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlencode

from connector.clients.calls import Caller
from connector.clients.errors import (
    ClientError,
    OutcomeUnknown,
    RateLimited,
    Reconnect,
    TooEarly,
    UnexpectedResponse,
)
from connector.clients.exact.answers import limits, rate_limited
from connector.clients.strict_json import Unreadable
from connector.clients.transport import OnCall, Request, Response, Transport, Upstream
from connector.clients.wording import marked as _

# Each region logs in, issues tokens and serves its API on one host; a token works only there.
REGIONS = {
    "nl": "https://start.exactonline.nl",
    "be": "https://start.exactonline.be",
    "de": "https://start.exactonline.de",
    "uk": "https://start.exactonline.co.uk",
    "fr": "https://start.exactonline.fr",
    "es": "https://start.exactonline.es",
    "us": "https://start.exactonline.com",
}
# Seconds. The answer must not be lost, and the token endpoint is slow at night.
DEADLINE = 45.0
# Seconds that an access token lives when the answer does not say.
_LIFE = 600
_ENDPOINT = "oauth2/token"
_CLIENT = {"invalid_client", "unauthorized_client"}
_PASSING = {"server_error", "temporarily_unavailable"}
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A new pair. `expires_in` counts seconds from the moment of the request. The repr shows neither token."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int


def authorize_url(base: str, *, client_id: str, redirect_uri: str, state: str, force_login: bool = False) -> str:
    """The page on which a person consents. `redirect_uri` must be exactly the registered one.
    https://support.exactonline.com/community/s/knowledge-base#All-All-DNO-Content-oauth-eol-oauth-devstep2"""
    query = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "force_login": "1" if force_login else "0",
        "state": state,
    }
    return f"{base.rstrip('/')}/api/oauth2/auth?{urlencode(query)}"


def exchange_code(
    transport: Transport,
    base: str,
    *,
    client_id: str,
    client_secret: str,
    code: str,
    redirect_uri: str,
    on_call: OnCall,
) -> TokenPair:
    """Exchange a consent's code (valid for 3 minutes, once) for tokens. A code that is still URL-encoded is
    decoded once.

    Raises Reconnect, TooEarly, RateLimited, OutcomeUnknown, NotSent, UnexpectedResponse.
    https://support.exactonline.com/community/s/knowledge-base#All-All-DNO-Content-oauth-eol-oauth-devstep3
    """
    form = {
        "grant_type": "authorization_code",
        "code": unquote(code) if _ENCODED.search(code) else code,
        "redirect_uri": redirect_uri,
        "client_id": client_id,
        "client_secret": client_secret,
    }
    return _ask(transport, base, form, (code, form["code"], client_secret), on_call)


def refresh(
    transport: Transport,
    base: str,
    *,
    client_id: str,
    client_secret: str,
    refresh_token: str,
    on_call: OnCall,
) -> TokenPair:
    """Exchange the refresh token (30 days, single use) for a new pair. Raises TooEarly when the present access
    token is still valid, and else the errors of `exchange_code`.
    https://support.exactonline.com/community/s/knowledge-base#All-All-DNO-Content-oauth-eol-oauth-devstep3"""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": client_id,
        "client_secret": client_secret,
    }
    return _ask(transport, base, form, (refresh_token, client_secret), on_call)


def _ask(
    transport: Transport, base: str, form: Mapping[str, str], secrets: tuple[str, ...], on_call: OnCall
) -> TokenPair:
    # No Authorization header: Exact refuses the call with one.
    request = Request("POST", f"{base.rstrip('/')}/api/oauth2/token", form=form, secrets=secrets)
    caller = Caller(transport, Upstream.EXACT, on_call, limits)
    return caller.call(request, _read, endpoint=_ENDPOINT, deadline=DEADLINE, write=True)


def _read(response: Response) -> TokenPair:
    answer = _answer(response)
    if response.status != 200:
        raise _error(response, answer)
    if answer is None:
        raise OutcomeUnknown(_("Exact answered with something that is not a token"))
    access, new_refresh = answer.get("access_token"), answer.get("refresh_token")
    if not (isinstance(access, str) and access and isinstance(new_refresh, str) and new_refresh):
        raise UnexpectedResponse(_("Exact's answer lacks the access token or the refresh token"))
    return TokenPair(access, new_refresh, _seconds(answer.get("expires_in")))


def _answer(response: Response) -> Mapping[str, object] | None:
    try:
        answer = response.json() if response.is_json else None
    except Unreadable:
        return None
    return answer if isinstance(answer, dict) else None


def _error(response: Response, answer: Mapping[str, object] | None) -> ClientError:
    """The error that the texts name: Exact's error codes vary for the same cause."""
    code, description = (str((answer or {}).get(key) or "") for key in ("error", "error_description"))
    text = f"{description} {response.headers.get('reason', '')}".lower()
    if 400 <= response.status < 500 and ("not expired" in text or "tooearly" in text):
        return TooEarly(_("The present access token is still valid"), detail=description)
    if response.status == 429:
        return rate_limited(response)
    if response.status < 500 and "rate limit exceeded" in text:
        return RateLimited(_("Exact gives no more tokens for now"), detail=description)
    if 400 <= response.status < 500 and code and code not in _PASSING:
        detail = f"{code}: {description}" if description else code
        words = _("Exact's consent has ended; a person must connect again")
        return Reconnect(words, reason=_refused(code, description), detail=detail)
    return OutcomeUnknown(_("It is not clear whether Exact issued new tokens"), detail=description or _fault(answer))


def _refused(code: str, description: str) -> str:
    if code in _CLIENT:
        return "client"
    return "redirect" if "redirect" in description.lower() else ""


def _fault(answer: Mapping[str, object] | None) -> str:
    fault = (answer or {}).get("fault")
    return str(fault.get("faultstring") or "") if isinstance(fault, dict) else ""


def _seconds(value: object) -> int:
    """`expires_in` as seconds; it comes as text or number. An odd value must not lose the pair: there is no second."""
    try:
        seconds = int(str(value).partition(".")[0])
    except ValueError:
        return _LIFE
    return seconds if 0 < seconds <= 24 * 3600 else _LIFE
