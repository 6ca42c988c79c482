"""The store's webhooks: ours, active, at the right address, with our secret in their header."""

import structlog
from django.conf import settings
from django.urls import reverse

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.bigcommerce.webhook import OUR_HEADER
from connector.clients.errors import ClientError
from connector.clients.transport import Call, Transport
from connector.models import Store

log = structlog.get_logger(__name__)

# `updated` rings for every change; of refunds and archived orders the vendor promises deliveries of their own.
SCOPES = (
    "store/order/created",
    "store/order/updated",
    "store/order/refund/created",
    "store/order/archived",
)


def address(store: Store) -> str:
    """Return the address at which BigCommerce rings for this store."""
    path = reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})
    return f"{settings.PUBLIC_URL}{path}"


def possible() -> bool:
    """Whether BigCommerce can reach us: it takes https addresses only; sandboxes take any."""
    return bool(settings.PUBLIC_URL) and (settings.SECURE or settings.ALLOW_INSECURE_UPSTREAMS)


def repair(store: Store) -> list[int]:
    """Make what is missing and mend what is inactive or has another secret; returns the ids of those that were made.

    When one cannot be made, those that this call made are taken back before the client's error is raised.
    """
    client = _client(store)
    destination, headers = address(store), {OUR_HEADER: store.hook_secret}
    known = {hook.scope: hook for hook in client.hooks() if hook.destination == destination}
    made: list[int] = []
    try:
        for scope in SCOPES:
            if scope not in known:
                made.append(client.create_hook(scope, destination, headers).id)
            elif not known[scope].is_active or known[scope].headers != headers:
                client.update_hook(known[scope].id, is_active=True, headers=headers)
    except ClientError:
        take_back(store, made)
        raise
    return made


def take_back(store: Store, made: list[int]) -> None:
    """Delete hooks that would ring at an address which nobody answers; one that will not go is told in the log."""
    client = _client(store)
    for hook_id in made:
        try:
            client.delete_hook(hook_id)
        except ClientError as error:
            log.error("hook_left_behind", store=store.store_hash, hook=hook_id, error=str(error))


def _client(store: Store) -> BigCommerceClient:
    return BigCommerceClient(
        Transport(allow_insecure=settings.ALLOW_INSECURE_UPSTREAMS),
        base_url=settings.BIGCOMMERCE_API_URL,
        store_hash=store.store_hash,
        access_token=store.access_token,
        on_call=_ignore,
    )


def _ignore(call: Call) -> None:
    """The store may not be saved yet, so there is no history to write this call to."""
