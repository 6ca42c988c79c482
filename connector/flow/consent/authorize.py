"""Consent: a person sends the browser to Exact, and what comes back becomes the grant's tokens, once.

The pair that Exact issues is kept aside on the request before anything else is asked. It becomes the grant's at
once when it is by the same Exact user and reaches every division in use; else a person decides. Until then, and
when they refuse, the grant goes on with the pair that it has: the two are separate chains of refresh tokens.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from connector.clients import errors
from connector.clients.exact import oauth
from connector.clients.exact.records import DivisionInfo, Me
from connector.flow import alerts, leases
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.flow.outbound import access_tokens, clients
from connector.flow.setup import divisions
from connector.models import ConsentRequest, ExactGrant, SyncEvent
from tenants.models import Tenant, User

VALID_FOR = timedelta(minutes=10)
# A person waits for the answer: whoever refreshes the old token is done by then, or dead.
PATIENCE_SECONDS = 10.0
AGAIN = "Nothing was changed. Open the consent's page in the portal and press Connect to Exact again."


class ConsentRefused(Exception):
    """This consent cannot go on. The text, all our own, says what to do; `status` is the page's."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes back from Exact, and in which organisation they are an owner now."""

    user: User
    session_key: str = field(repr=False)
    tenant: Tenant | None


def redirect_uri() -> str:
    """Return the address that must be registered with the app at Exact, letter for letter."""
    return f"{settings.PUBLIC_URL}{reverse('exact-consent-callback')}"


def begin(grant: ExactGrant, visitor: Visitor) -> str:
    """Note that somebody sets out, and return Exact's address to send them to. Raises ConsentRefused."""
    if not settings.PUBLIC_URL:
        raise ConsentRefused("PUBLIC_URL is not set, so Exact would not know where to send you back to.")
    if not (grant.client_id and grant.client_secret):
        raise ConsentRefused("Enter the client id and the client secret of the app's registration at Exact first.")
    state = secrets.token_urlsafe(32)
    ConsentRequest.objects.create(
        tenant=grant.tenant,
        grant=grant,
        user=visitor.user,
        state_hash=_hash(state),
        session_hash=_hash(visitor.session_key),
        expires_at=database_now() + VALID_FOR,
    )
    return oauth.authorize_url(
        access_tokens.exact_base_url(grant.region), client_id=grant.client_id, redirect_uri=redirect_uri(), state=state
    )


def redeem(state: str, visitor: Visitor) -> ConsentRequest:
    """Take the request that a state belongs to, and use it up. Raises ConsentRefused."""
    found = ConsentRequest.objects.select_related("grant__tenant").filter(state_hash=_hash(state)).first()
    if found is None:
        raise ConsentRefused(f"This address belongs to no consent that was begun here. {AGAIN}")
    if found.user_id != visitor.user.pk:
        raise ConsentRefused(f"This consent was begun by another person. {AGAIN}", 403)
    if not secrets.compare_digest(found.session_hash, _hash(visitor.session_key)):
        raise ConsentRefused(f"This consent was begun in another browser, or before you logged in anew. {AGAIN}", 403)
    if visitor.tenant is None or found.tenant_id != visitor.tenant.pk:
        raise ConsentRefused(
            "This consent was begun as an owner of an organisation that is not the one chosen now. Choose it again in "
            f"the portal. {AGAIN}",
            403,
        )
    now = database_now()
    if not ConsentRequest.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
        raise ConsentRefused(f"This consent was used already; each counts once. {AGAIN}")
    if found.expires_at <= now:
        raise ConsentRefused(f"More than ten minutes have passed since this consent was begun. {AGAIN}")
    return found


def receive(request: ConsentRequest, code: str) -> bool:
    """Trade the code for tokens and look what they are good for. Returns whether they are in use now.

    When they are not, a person decides on the confirmation page. Raises ConsentRefused when there are none.
    """
    if not code:
        raise ConsentRefused(f"Exact gave no access: it was refused or broken off there. {AGAIN}")
    pair, asked_at = _exchange(request, code)
    request.pair = json.dumps(
        {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "expires_in": pair.expires_in,
            "asked_at": asked_at.isoformat(),
        }
    )
    request.save(update_fields=["pair"])  # before anything else can fail
    _look(request, pair.access_token)
    if request.concerns:
        return False
    try:
        adopt(request)
    except (errors.Unavailable, leases.LeaseLost):
        return False
    return True


def adopt(request: ConsentRequest) -> None:
    """Make the kept pair the grant's. Raises ConsentRefused when it is gone, Unavailable or LeaseLost when the grant
    is being worked on; then the pair is still kept."""
    grant, kept = request.grant, request.pair
    lease = access_tokens.wait_for_lease(grant.pk, PATIENCE_SECONDS)
    try:
        with transaction.atomic():
            if not ConsentRequest.objects.filter(pk=request.pk).exclude(pair="").update(pair=""):
                raise ConsentRefused(f"This consent was decided on already. {AGAIN}")
            # Of two that wait, the one confirmed counts; the other must not undo it later.
            ConsentRequest.objects.filter(grant=grant).exclude(pair="").update(pair="")
            _store(request, kept, lease)
            alerts.close_alert(grant.tenant, alerts.about(grant))
            _note(request, f"Connected {grant.name} to Exact as {request.exact_user_name or 'an unknown user'}.")
            wakeup.wake(grant.divisions.filter(connections__isnull=False).distinct().values_list("pk", flat=True))
    finally:
        leases.release(lease)


def drop(request: ConsentRequest) -> None:
    """Throw the kept pair away; the grant goes on with its own."""
    with transaction.atomic():
        if ConsentRequest.objects.filter(pk=request.pk).exclude(pair="").update(pair=""):
            _note(request, f"Refused the new consent for {request.grant.name}; the present one stays in use.")


def _exchange(request: ConsentRequest, code: str) -> tuple[oauth.TokenPair, datetime]:
    """Trade the code once: a second try with it would be refused, and may cost the first one's tokens."""
    grant, asked_at = request.grant, database_now()
    try:
        pair = clients.exchange_code(grant, code, redirect_uri())
    except errors.ClientError as error:
        raise ConsentRefused(f"{_why_no_tokens(error)} {AGAIN}") from None
    return pair, asked_at


def _why_no_tokens(error: errors.ClientError) -> str:
    match error:
        case errors.Reconnect():
            return (
                "Exact did not take its own code back. It counts for three minutes and once; or the client secret, or "
                f"the redirect address of the app's registration ({redirect_uri()}), is another than here."
            )
        case errors.RateLimited() | errors.TooEarly():
            return "Exact issues no more tokens to this app for now. Wait for ten minutes."
        case _:
            return "Exact was not reached, or its answer with the tokens did not arrive."


def _look(request: ConsentRequest, access_token: str) -> None:
    """Ask whose consent it is and what it reaches, and write down what differs from the one in use."""
    me, reached = _ask(request.grant, access_token)
    request.exact_user_id = me.user_id if me else ""
    request.exact_user_name = me.full_name[:200] if me else ""
    request.reachable = divisions.as_rows(request.grant, reached or [])
    request.concerns = list(_concerns(request.grant, me, reached))
    request.save(update_fields=["exact_user_id", "exact_user_name", "reachable", "concerns"])


def _ask(grant: ExactGrant, access_token: str) -> tuple[Me | None, list[DivisionInfo] | None]:
    """None for what Exact does not tell: it may be at rest, or the app may lack the scope."""
    me, reached, tokens = None, None, _Fresh(access_token)
    try:
        me = clients.exact_client(grant, 0, tokens).me()
        reached = clients.exact_client(grant, me.current_division, tokens).divisions()
    except errors.ClientError:
        return me, reached
    return me, reached


def _concerns(grant: ExactGrant, me: Me | None, reached: list[DivisionInfo] | None) -> Iterator[str]:
    if grant.exact_user_id and me is None:
        yield "Exact could not be asked whose consent this is."
    elif grant.exact_user_id and me and me.user_id != grant.exact_user_id:
        yield f"It is of another Exact user: {me.full_name}; the one in use is {grant.exact_user_name or 'another'}'s."
    reachable = {division.code for division in reached or []}
    for division in grant.divisions.filter(connections__isnull=False).distinct().order_by("code"):
        if reached is None:
            yield f"Exact could not be asked whether it reaches division {division}, which a connection uses."
        elif division.code not in reachable:
            yield f"It does not reach division {division}, which a connection uses; nothing could be posted there."


def _store(request: ConsentRequest, pair: str, lease: leases.Lease) -> None:
    kept = json.loads(pair)
    asked_at = datetime.fromisoformat(kept["asked_at"])
    issued = oauth.TokenPair(kept["access_token"], kept["refresh_token"], kept["expires_in"])
    facts = {
        "consented_at": database_now(),
        "consented_by": request.user.email,
        "exact_user_id": request.exact_user_id,
        "exact_user_name": request.exact_user_name,
        "reachable": request.reachable,
        "kept_alive_at": None,
    }
    access_tokens.store_pair(request.grant, issued, lease, asked_at, facts)


def _note(request: ConsentRequest, text: str) -> None:
    SyncEvent.objects.create(tenant=request.tenant, kind=SyncEvent.Kind.ACTION, actor=request.user, text=text)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """The token that was just issued and is nobody's yet; there is no other."""

    access_token: str = field(repr=False)

    def token(self) -> str:
        return self.access_token

    def renew(self, rejected: str) -> str:
        raise errors.Reconnect("Exact refuses the token that it has just issued.")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
