"""The store's webhooks: ours, active, at the right address, with our secret in their header."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from connector.clients.bigcommerce.client import Hook
from connector.clients.bigcommerce.webhook import OUR_HEADER
from connector.clients.errors import ClientError
from connector.flow.clock import database_now
from connector.flow.outbound.clients import store_client
from connector.models import Store, SyncEvent
from connector.models.stores import new_hook_secret

log = structlog.get_logger(__name__)

# A secret that was replaced is good for this long, or, once all hooks carry the new one, for as long as BigCommerce
# may still repeat a delivery that it sent before (48 hours) and a day more.
OLD_SECRET = timedelta(days=60)
REPEATS = timedelta(days=3)

# `updated` rings for every change; of refunds and archived orders the vendor promises deliveries of their own.
SCOPES = (
    "store/order/created",
    "store/order/updated",
    "store/order/refund/created",
    "store/order/archived",
)


def address(store: Store) -> str:
    """Return the address at which BigCommerce rings for this store."""
    return f"{settings.PUBLIC_URL}{_path(store)}"


def possible() -> bool:
    """Whether BigCommerce can reach us: it takes https addresses only; sandboxes take any."""
    return bool(settings.PUBLIC_URL) and (settings.SECURE or settings.ALLOW_INSECURE_UPSTREAMS)


def wrong(store: Store, hook: Hook | None) -> str:
    """Return in words what is not in order with a hook; empty when nothing is."""
    if hook is None:
        return "is missing at this connector's address"
    if hook.destination != address(store):
        return "rings at another address"
    if not hook.is_active:
        return "is switched off: BigCommerce does that after two days without an answer"
    return "" if hook.headers == _headers(store) else "does not carry this store's secret"


def ours(store: Store, known: list[Hook]) -> dict[str, list[Hook]]:
    """Return our hooks by scope, those at our present address first. A hook with our path was ours at another one."""
    mine = [hook for hook in known if urlsplit(hook.destination).path == _path(store)]
    mine.sort(key=lambda hook: hook.destination != address(store))
    return {scope: [hook for hook in mine if hook.scope == scope] for scope in SCOPES}


def repair(store: Store) -> list[int]:
    """Make what is missing and mend what is inactive, elsewhere or has another secret; returns the ids of new ones.

    What was mended stands in the history, and the store is asked at once for what did not ring meanwhile. When one
    cannot be made, those that this call made are taken back before the client's error is raised.
    """
    client = store_client(store)
    made: list[int] = []
    mended: list[str] = []
    try:
        for scope, found in ours(store, client.hooks()).items():
            first = found[0] if found else None
            if what := wrong(store, first):
                mended.append(f"{scope} {what}")
            if first is None:
                made.append(client.create_hook(scope, address(store), _headers(store)).id)
            elif what:
                client.update_hook(first.id, is_active=True, destination=address(store), headers=_headers(store))
            for surplus in found[1:]:
                client.delete_hook(surplus.id)
    except ClientError:
        take_back(store, made)
        raise
    if store.pk:
        _note(store, mended)
    return made


def take_back(store: Store, made: list[int]) -> None:
    """Delete hooks that would ring at an address which nobody answers; one that will not go is told in the log."""
    client = store_client(store)
    for hook_id in made:
        try:
            client.delete_hook(hook_id)
        except ClientError as error:
            log.error("hook_left_behind", store=store.store_hash, hook=hook_id, error=str(error))


def new_secret(store: Store) -> None:
    """Put a fresh secret into force beside the present one, which stays good; the hooks get it by `repair`."""
    with transaction.atomic():
        changes = {
            "hook_secret": new_hook_secret(),
            "hook_secret_previous": store.hook_secret,
            "hook_secret_previous_until": database_now() + OLD_SECRET,
        }
        Store.objects.filter(pk=store.pk).update(**changes)
    for name, value in changes.items():
        setattr(store, name, value)


def _note(store: Store, mended: list[str]) -> None:
    now = database_now()
    Store.objects.filter(pk=store.pk).update(hooks_checked_at=now)
    # All hooks carry the present secret now.
    replaced = Store.objects.filter(pk=store.pk, hook_secret_previous_until__gt=now + REPEATS)
    replaced.update(hook_secret_previous_until=now + REPEATS)
    if mended:
        Store.objects.filter(pk=store.pk).update(polled_at=None)
        text = f"Hooks of {store.name} mended: {'; '.join(mended)}."
        SyncEvent.objects.create(tenant=store.tenant, kind=SyncEvent.Kind.ACTION, text=text)


def _path(store: Store) -> str:
    return reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})


def _headers(store: Store) -> Mapping[str, str]:
    return {OUR_HEADER: store.hook_secret}
