"""The store's webhooks: ours, active, at the right address, with our secret in their header."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.bigcommerce.webhook import OUR_HEADER
from connector.clients.transport import Call, Transport
from connector.models import Store

# `updated` rings for every change, so no other scope is needed to learn of one.
SCOPES = ("store/order/created", "store/order/updated")


def address(store: Store) -> str:
    """Return the address at which BigCommerce rings for this store."""
    path = reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})
    return f"{settings.PUBLIC_URL}{path}"


def possible() -> bool:
    """Whether BigCommerce can reach us: it takes https addresses only; sandboxes take any."""
    return bool(settings.PUBLIC_URL) and (settings.SECURE or settings.ALLOW_INSECURE_UPSTREAMS)


def repair(store: Store) -> int:
    """Make what is missing and mend what is inactive or has another secret; returns how many were touched."""
    client = BigCommerceClient(
        Transport(allow_insecure=settings.ALLOW_INSECURE_UPSTREAMS),
        base_url=settings.BIGCOMMERCE_API_URL,
        store_hash=store.store_hash,
        access_token=store.access_token,
        on_call=_ignore,
    )
    destination, headers = address(store), {OUR_HEADER: store.hook_secret}
    known = {hook.scope: hook for hook in client.hooks() if hook.destination == destination}
    touched = 0
    for scope in SCOPES:
        changes: dict[str, Any] = {"is_active": True, "headers": headers}
        if scope not in known:
            client.create_hook(scope, destination, headers)
        elif not known[scope].is_active or known[scope].headers != headers:
            client.update_hook(known[scope].id, **changes)
        else:
            continue
        touched += 1
    return touched


def _ignore(call: Call) -> None:
    """The store may not be saved yet, so there is no history to write this call to."""
