"""Makes, checks, repairs and removes Exact's subscription that reports changed accounts of a division.

It is wanted where somebody uses it: a connection that posts carries details from Exact to its store, the consent's app
has a webhook secret here, and Exact can reach the portal. An app has one subscription for each topic and division.
"""

from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from connector.clients.errors import Rejected
from connector.clients.exact import subscriptions
from connector.clients.exact.client import ExactClient
from connector.clients.exact.subscriptions import Subscription
from connector.domain.choices import POSTING_MODES, CustomerDirection
from connector.flow.outbound.clients import exact_client
from connector.models import Connection, Division

log = structlog.get_logger(__name__)

_OURS = "/webhooks/exact/"


def possible() -> bool:
    """Return whether Exact can reach us. It takes https addresses only; a sandbox takes any."""
    return bool(settings.PUBLIC_URL) and (settings.SECURE or settings.ALLOW_INSECURE_UPSTREAMS)


def is_wanted() -> Q:
    """Return the condition for divisions of which changed accounts are to be reported."""
    carries = Connection.objects.filter(
        division=OuterRef("pk"),
        mode__in=list(POSTING_MODES),
        customer_direction__in=[CustomerDirection.BOTH, CustomerDirection.TO_STORE],
    )
    return ~Q(grant__webhook_secret="") & Q(Exists(carries))


def address(division: Division) -> str:
    """Return the address to which Exact reports changes of a division that has one."""
    path = reverse("exact-webhook", kwargs={"division_uuid": division.webhook_uuid})
    return f"{settings.PUBLIC_URL}{path}"


def look_after(division: Division) -> None:
    """Make the division's subscription as it should be. Raises the client's errors, Rejected also when the topic has a
    subscription of another program."""
    client = exact_client(division.grant, division.code, low_priority=True)
    if possible() and Division.objects.filter(is_wanted(), pk=division.pk).exists():
        _keep(division, client)
    else:
        _remove(division, client, _about_accounts(client))


def _keep(division: Division, client: ExactClient) -> None:
    if division.webhook_uuid is None:  # saved before Exact tries the address
        division.webhook_uuid = uuid4()
        division.save(update_fields=["webhook_uuid"])
    found = _about_accounts(client)
    right = next((one for one in found if one.callback_url == address(division)), None)
    if right is None:
        if found and not any(_is_ours(one) for one in found):
            raise Rejected(
                _("another program has the subscription to accounts of this app: use an app of its own"),
                endpoint="webhooks/WebhookSubscriptions",
            )
        _remove(division, client, found)
        _note(division, subscriptions.subscribe(client, subscriptions.ACCOUNTS, address(division)))
        log.info("subscription_made", division=division.code)
    elif right.id != division.webhook_id:
        _note(division, right.id)


def _remove(division: Division, client: ExactClient, found: list[Subscription]) -> None:
    for one in found:
        if _is_ours(one):
            subscriptions.unsubscribe(client, one.id)
            log.info("subscription_removed", division=division.code)
    _note(division, "")


def _about_accounts(client: ExactClient) -> list[Subscription]:
    return [one for one in subscriptions.subscriptions(client) if one.topic == subscriptions.ACCOUNTS]


def _is_ours(one: Subscription) -> bool:
    """Whether it leads to this kind of address, perhaps at an address that the portal had before."""
    return urlsplit(one.callback_url).path.startswith(_OURS)


def _note(division: Division, webhook_id: str) -> None:
    division.webhook_id = webhook_id
    division.save(update_fields=["webhook_id"])
