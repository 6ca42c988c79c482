"""Makes, checks and repairs a store's webhooks: active, at our address, with our secret in the header."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.clients.bigcommerce.client import BigCommerceClient, Hook
from connector.clients.bigcommerce.webhook import OUR_HEADER
from connector.clients.errors import ClientError, Forbidden, Rejected
from connector.clients.rows import OddRow
from connector.flow import alerts, odd_rows
from connector.flow.clock import database_now
from connector.flow.outbound.clients import store_client
from connector.models import Store, SyncEvent
from connector.models.kept_words import english
from connector.models.stores import new_hook_secret
from connector.problems.alerts import AlertCode, alert_text
from connector.problems.calls import kept
from tenants.fields import sealed_for

log = structlog.get_logger(__name__)

# A replaced secret is accepted for this long.
OLD_SECRET = timedelta(days=60)
# When all hooks have the new secret: BigCommerce repeats an older delivery for 48 hours, plus a day.
REPEATS = timedelta(days=3)

# `updated` is delivered for every change. Refunds and archived orders have deliveries of their own.
OF_ORDERS = (
    "store/order/created",
    "store/order/updated",
    "store/order/refund/created",
    "store/order/archived",
)
# These are made for every store: a delivery has no more than an id, and a setting that is turned on works at once.
# `take_in_customers` leaves them alone where no connection carries customers over.
OF_CUSTOMERS = (
    "store/customer/created",
    "store/customer/updated",
    "store/customer/deleted",
    "store/customer/address/created",
    "store/customer/address/updated",
    "store/customer/address/deleted",
)
SCOPES = (*OF_ORDERS, *OF_CUSTOMERS)


def address(store: Store) -> str:
    """Return the address to which BigCommerce delivers for this store."""
    return f"{settings.PUBLIC_URL}{_path(store)}"


def possible() -> bool:
    """Return whether BigCommerce can reach us. It takes https addresses only; sandboxes take any."""
    return bool(settings.PUBLIC_URL) and (settings.SECURE or settings.ALLOW_INSECURE_UPSTREAMS)


def describe_fault(store: Store, hook: Hook | None) -> str:
    """Return in words what is wrong with a hook; "" when nothing is wrong."""
    if hook is None:
        return _("is missing at this connector's address")
    if hook.destination != address(store):
        return _("delivers to another address")
    if not hook.is_active:
        return _("is switched off: BigCommerce does that after two days without an answer")
    return "" if hook.headers == _headers(store) else _("does not have this store's secret")


def find_ours(store: Store, known: list[Hook]) -> dict[str, list[Hook]]:
    """Return our hooks by scope, those at the present address first. A hook with our path elsewhere is an old one."""
    mine = [hook for hook in known if urlsplit(hook.destination).path == _path(store)]
    mine.sort(key=lambda hook: hook.destination != address(store))
    return {scope: [hook for hook in mine if hook.scope == scope] for scope in SCOPES}


def repair(store: Store) -> list[int]:
    """Make missing hooks and correct wrong ones, those of orders first; returns the ids of the new hooks.

    The history shows what was repaired, and the store is polled at once. A hook that cannot be read is named in an
    alert, and so is one of customers that BigCommerce refuses: those of orders stay. Raises ClientError when another
    hook cannot be made or corrected; what this call made is then deleted, but for orders' hooks that are in use.
    """
    work = _Repair(store, store_client(store))
    try:
        ours = find_ours(store, work.client.hooks(work.odd.append))
        for scope in OF_ORDERS:
            work.repair(scope, ours[scope])
    except ClientError:
        delete_hooks(store, work.made)
        raise
    try:
        refused = work.repair_of_customers(ours)
    except ClientError:
        if not store.pk:
            delete_hooks(store, work.made)
        raise
    if store.pk:
        odd_rows.report(store.tenant, store, "hooks", work.odd)
        _tell(store, refused)
        _note(store, work.repaired, whole=refused is None)
    return work.made


@dataclass(slots=True)
class _Repair:
    """One repair of a store's hooks: the rows that cannot be read, the ids of new hooks, and what was wrong."""

    store: Store
    client: BigCommerceClient
    odd: list[OddRow] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)

    def repair(self, scope: str, found: list[Hook]) -> None:
        """Make or correct the hook of one scope, and delete others of it. Raises ClientError."""
        store, client = self.store, self.client
        first = found[0] if found else None
        if first is None and self.odd:
            return  # it may be the one that cannot be read, and BigCommerce refuses a second one
        what = describe_fault(store, first)
        if first is None:
            self.made.append(client.create_hook(scope, address(store), _headers(store)).id)
        elif what:
            client.update_hook(first.id, is_active=True, destination=address(store), headers=_headers(store))
        if what:
            self.repaired.append(f"{scope} {what}")
        for surplus in found[1:]:
            client.delete_hook(surplus.id)

    def repair_of_customers(self, ours: Mapping[str, list[Hook]]) -> ClientError | None:
        """Make or correct the hooks of customers. Returns why BigCommerce refused one. Raises every other error."""
        refused: ClientError | None = None
        for scope in OF_CUSTOMERS:
            try:
                self.repair(scope, ours[scope])
            except (Forbidden, Rejected) as error:
                log.warning("hook_refused", store=self.store.store_hash, scope=scope, error=type(error).__name__)
                refused = refused or error
        return refused


def delete_hooks(store: Store, made: list[int]) -> None:
    """Delete hooks of an address that is not in use. A hook that cannot be deleted is logged."""
    client = store_client(store)
    for hook_id in made:
        try:
            client.delete_hook(hook_id)
        except ClientError as error:
            log.error("hook_left_behind", store=store.store_hash, hook=hook_id, error=str(error))


def new_secret(store: Store) -> None:
    """Make a new secret and still accept the present one. `repair` writes the new one to the hooks."""
    with transaction.atomic():
        changes = {
            "hook_secret": sealed_for(store, "hook_secret", new_hook_secret()),
            "hook_secret_previous": sealed_for(store, "hook_secret_previous", store.hook_secret),
            "hook_secret_previous_until": database_now() + OLD_SECRET,
        }
        Store.objects.filter(pk=store.pk).update(**changes)
    for name, value in changes.items():
        setattr(store, name, value)


def _tell(store: Store, refused: ClientError | None) -> None:
    """Open the alert of refused hooks of customers, or close it."""
    cause = f"{alerts.about(store)}:customer_hooks"
    if refused is None:
        alerts.close_alert(store.tenant, cause)
        return
    said = alert_text(AlertCode.CUSTOMER_HOOKS_REFUSED, store=store.name, **kept(refused))
    alerts.raise_alert(store.tenant, cause, said, page=reverse("admin:connector_store_change", args=[store.pk]))


def _note(store: Store, repaired: list[str], *, whole: bool) -> None:
    now = database_now()
    Store.objects.filter(pk=store.pk).update(hooks_checked_at=now)
    if whole:  # all hooks have the present secret now
        replaced = Store.objects.filter(pk=store.pk, hook_secret_previous_until__gt=now + REPEATS)
        replaced.update(hook_secret_previous_until=now + REPEATS)
    if repaired:
        Store.objects.filter(pk=store.pk).update(polled_at=None)
        text = english("Repaired hooks of %(store)s: %(hooks)s.") % {"store": store.name, "hooks": "; ".join(repaired)}
        SyncEvent.objects.create(tenant=store.tenant, kind=SyncEvent.Kind.ACTION, text=text, data=text.said())


def _path(store: Store) -> str:
    return reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})


def _headers(store: Store) -> Mapping[str, str]:
    return {OUR_HEADER: store.hook_secret}
