"""Consent: a person logs in at Exact, and the grant gets the tokens that Exact returns.

The request stores the new pair of tokens before anything else happens. The grant gets the pair at once when the
Exact user is the same and the pair reaches every division in use; else a person decides. Until then, and when they
refuse, the grant uses its own pair: the two are separate chains of refresh tokens.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from connector.clients import errors
from connector.clients.exact import oauth
from connector.clients.exact.records import DivisionInfo, Me
from connector.clients.rows import OddRow
from connector.flow import alerts, leases, odd_rows
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.flow.outbound import access_tokens, clients
from connector.flow.setup import divisions
from connector.models import ConsentRequest, ExactGrant, SyncEvent
from connector.models.kept_words import Said, english
from connector.problems.consents import Concern, concern
from tenants.fields import sealed_for
from tenants.models import Tenant, User
from tenants.typed import on_one_line

VALID_FOR = timedelta(minutes=10)
# A person waits for the answer. A worker that refreshes the old token has finished or crashed by then.
PATIENCE_SECONDS = 10.0
AGAIN = gettext_lazy("Nothing was changed. Open the consent's page in the portal and press Connect to Exact again.")


class Refusal(StrEnum):
    """Why Exact gave no tokens."""

    CANCELLED = "cancelled"  # by the person, at Exact
    CLIENT = "client"  # the app's id or secret
    REDIRECT = "redirect"  # the app's address
    CODE = "code"  # Exact does not say which of all this
    LIMIT = "limit"
    NO_ANSWER = "no_answer"


class ConsentRefused(Exception):
    """This consent cannot go on. The text is our own and says what to do. `status` is the page's HTTP status."""

    def __init__(self, text: str, status: int = 400, refusal: str = "") -> None:
        super().__init__(text)
        self.status, self.refusal = status, refusal


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person who comes back from Exact, and the organisation in which they are an owner now."""

    user: User
    session_key: str = field(repr=False)
    tenant: Tenant | None


def _again(text: str) -> str:
    return f"{text} {AGAIN}"


def redirect_uri() -> str:
    """Return the callback address. The app's registration at Exact must have exactly this one."""
    return f"{settings.PUBLIC_URL}{reverse('exact-consent-callback')}"


def begin(
    grant: ExactGrant,
    visitor: Visitor,
    *,
    client_secret: str = "",
    getting_started: bool = False,
    force_login: bool = False,
) -> str:
    """Record the request; returns the address at Exact where the person logs in.

    `client_secret`: a new one, which the grant gets with the tokens that prove it, and not before. `force_login`: Exact
    asks who it is, although the browser is logged in there. Raises ConsentRefused when PUBLIC_URL or the app's client
    id or secret is missing.
    """
    if not settings.PUBLIC_URL:
        raise ConsentRefused(_("PUBLIC_URL is not set, so Exact has no address to send you back to."))
    if not (grant.client_id and (client_secret or grant.client_secret)):
        raise ConsentRefused(_("Enter the client id and the client secret of the app's registration at Exact first."))
    state = secrets.token_urlsafe(32)
    ConsentRequest.objects.create(
        tenant=grant.tenant,
        grant=grant,
        user=visitor.user,
        state_hash=_hash(state),
        session_hash=_hash(visitor.session_key),
        expires_at=database_now() + VALID_FOR,
        client_secret=client_secret,
        getting_started=getting_started,
    )
    return oauth.authorize_url(
        access_tokens.exact_base_url(grant.region),
        client_id=grant.client_id,
        redirect_uri=redirect_uri(),
        state=state,
        force_login=force_login,
    )


def redeem(state: str, visitor: Visitor) -> ConsentRequest:
    """Mark the request of this state as used, and return it.

    Raises ConsentRefused when the request is unknown, used, expired or another person's.
    """
    found = ConsentRequest.objects.select_related("grant__tenant").filter(state_hash=_hash(state)).first()
    if found is None:
        raise ConsentRefused(_again(_("This address belongs to no consent that was begun here.")))
    if found.user_id != visitor.user.pk:
        raise ConsentRefused(_again(_("This consent was begun by another person.")), 403)
    if not secrets.compare_digest(found.session_hash, _hash(visitor.session_key)):
        text = _("This consent was begun in another browser, or before you logged in again.")
        raise ConsentRefused(_again(text), 403)
    if visitor.tenant is None or found.tenant_id != visitor.tenant.pk:
        text = _(
            "This consent was begun as an owner of an organisation that is not the one chosen now. Choose it again in "
            "the portal."
        )
        raise ConsentRefused(_again(text), 403)
    now = database_now()
    if not ConsentRequest.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
        raise ConsentRefused(_again(_("This consent was used already. Each counts once.")))
    if found.expires_at <= now:
        raise ConsentRefused(_again(_("More than ten minutes have passed since this consent was begun.")))
    return found


def receive(request: ConsentRequest, code: str) -> bool:
    """Exchange the code for tokens and check them. Returns whether they are in use now.

    If not, a person decides on the confirmation page. Raises ConsentRefused when Exact gives no tokens.
    """
    try:
        pair, asked_at = _exchange(request, code)
    except ConsentRefused as refused:
        request.refusal, request.client_secret = refused.refusal, ""
        request.save(update_fields=["refusal", "client_secret"])
        raise
    request.pair = json.dumps(
        {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "expires_in": pair.expires_in,
            "asked_at": asked_at.isoformat(),
        }
    )
    request.save(update_fields=["pair"])  # before anything else can fail
    _check(request, pair.access_token)
    if request.concerns:
        return False
    try:
        adopt(request)
    except (errors.Unavailable, leases.LeaseLost):
        return False
    return True


def adopt(request: ConsentRequest) -> None:
    """Give the request's pair of tokens to the grant.

    Raises ConsentRefused when the request has no pair any more. Raises Unavailable or LeaseLost when the grant is in
    use; the request then still has the pair.
    """
    grant, kept = request.grant, request.pair
    facts = _facts(request)
    lease = access_tokens.wait_for_lease(grant.pk, PATIENCE_SECONDS)
    try:
        with transaction.atomic():
            if not ConsentRequest.objects.filter(pk=request.pk).exclude(pair="").update(pair=""):
                raise ConsentRefused(_again(_("This consent was decided on already.")))
            # When two requests wait, the confirmed one counts. The other must not replace it later.
            ConsentRequest.objects.filter(grant=grant).exclude(pair="").update(pair="", client_secret="")
            ConsentRequest.objects.filter(pk=request.pk).update(client_secret="")
            _store(request, kept, lease, facts)
            alerts.close_alert(grant.tenant, alerts.about(grant))
            user = request.exact_user_name or english("an unknown user")
            _note(request, english("Connected %(name)s to Exact as %(user)s.") % {"name": grant.name, "user": user})
            wakeup.wake(grant.divisions.filter(connections__isnull=False).distinct().values_list("pk", flat=True))
    finally:
        leases.release(lease)


def drop(request: ConsentRequest) -> None:
    """Delete the request's pair of tokens. The grant keeps its own."""
    with transaction.atomic():
        if ConsentRequest.objects.filter(pk=request.pk).exclude(pair="").update(pair="", client_secret=""):
            text = english("Refused the new consent for %(name)s. The present one stays in use.")
            _note(request, text % {"name": request.grant.name})


def _exchange(request: ConsentRequest, code: str) -> tuple[oauth.TokenPair, datetime]:
    """Exchange the code once: Exact refuses a second try, and may cancel the tokens of the first.

    Raises ConsentRefused when Exact gives no tokens.
    """
    if not code:
        text = _("Exact gave no access: it was refused or cancelled there.")
        raise ConsentRefused(_again(text), refusal=Refusal.CANCELLED)
    grant, asked_at = request.grant, database_now()
    try:
        pair = clients.exchange_code(grant, code, redirect_uri(), client_secret=request.client_secret)
    except errors.ClientError as error:
        raise ConsentRefused(_again(_why_no_tokens(error)), refusal=_refusal(error)) from None
    return pair, asked_at


def _why_no_tokens(error: errors.ClientError) -> str:
    match error:
        case errors.Reconnect():
            text = _(
                "Exact did not take its own code back. A code counts once, for three minutes. Or the client secret or "
                "the redirect address of the app's registration (%(address)s) is another than here."
            )
            return text % {"address": redirect_uri()}
        case errors.RateLimited() | errors.TooEarly():
            return _("Exact issues no more tokens to this app for now. Wait for ten minutes.")
        case _:
            return _("Exact was not reached, or its answer with the tokens did not arrive.")


def _refusal(error: errors.ClientError) -> Refusal:
    match error:
        case errors.Reconnect():
            return Refusal(error.reason or Refusal.CODE)
        case errors.RateLimited() | errors.TooEarly():
            return Refusal.LIMIT
        case _:
            return Refusal.NO_ANSWER


def _check(request: ConsentRequest, access_token: str) -> None:
    """Ask Exact for the user and divisions of the new consent. Store how they differ from the present ones."""
    me, reached = _ask(request.grant, access_token)
    request.exact_user_id = me.user_id if me else ""
    request.exact_user_name = on_one_line(me.full_name)[:200] if me else ""
    request.reachable = divisions.as_rows(request.grant, reached or [])
    request.concerns = list(_concerns(request.grant, me, reached))
    request.save(update_fields=["exact_user_id", "exact_user_name", "reachable", "concerns"])


def _ask(grant: ExactGrant, access_token: str) -> tuple[Me | None, list[DivisionInfo] | None]:
    """Return the user and the divisions. Each is None when Exact does not answer or the app may not read it."""
    me, reached, tokens, odd = None, None, _Fresh(access_token), list[OddRow]()
    try:
        me = clients.exact_client(grant, 0, tokens).me()
        reached = clients.exact_client(grant, me.current_division, tokens).divisions(odd.append)
    except errors.ClientError:
        return me, reached
    odd_rows.report(grant.tenant, grant, "divisions", odd)
    return me, reached


def _concerns(grant: ExactGrant, me: Me | None, reached: list[DivisionInfo] | None) -> Iterator[dict[str, Any]]:
    if grant.exact_user_id and me is None:
        yield concern(Concern.USER_UNKNOWN)
    elif grant.exact_user_id and me and me.user_id != grant.exact_user_id:
        other = Concern.OTHER_USER if grant.exact_user_name else Concern.OTHER_THAN_UNNAMED
        yield concern(other, user=me.full_name, present=grant.exact_user_name)
    reachable = {division.code for division in reached or []}
    for division in grant.divisions.filter(connections__isnull=False).distinct().order_by("code"):
        if reached is None:
            yield concern(Concern.DIVISIONS_UNKNOWN, division=str(division))
        elif division.code not in reachable:
            yield concern(Concern.DIVISION_OUT_OF_REACH, division=str(division))


def _store(request: ConsentRequest, pair: str, lease: leases.Lease, facts: dict[str, Any]) -> None:
    kept = json.loads(pair)
    asked_at = datetime.fromisoformat(kept["asked_at"])
    issued = oauth.TokenPair(kept["access_token"], kept["refresh_token"], kept["expires_in"])
    access_tokens.store_pair(request.grant, issued, lease, asked_at, facts)


def _facts(request: ConsentRequest) -> dict[str, Any]:
    """Return the columns that the grant gets with the tokens."""
    facts = {
        "consented_at": database_now(),
        "consented_by": request.user.email,
        "exact_user_id": request.exact_user_id,
        "exact_user_name": request.exact_user_name,
        "reachable": request.reachable,
        "kept_alive_at": None,
    }
    if not request.client_secret:
        return facts
    request.grant.set_credential("client_secret", request.client_secret)
    proved = sealed_for(request.grant, "client_secret", request.client_secret)
    return {**facts, "client_secret": proved, "credentials_set": request.grant.credentials_set}


def _note(request: ConsentRequest, text: Said) -> None:
    kind = SyncEvent.Kind.ACTION
    SyncEvent.objects.create(tenant=request.tenant, kind=kind, actor=request.user, text=text, data=text.said())


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A new access token that no grant has yet. It cannot be renewed."""

    access_token: str = field(repr=False)

    def token(self) -> str:
        return self.access_token

    def renew(self, rejected: str) -> str:
        raise errors.Reconnect(gettext_noop("Exact refuses the token that it has just issued."))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
