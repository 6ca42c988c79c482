"""Saves a store with an API account that was tried, and removes one that nothing hangs on."""

import re
import unicodedata
from collections.abc import Mapping

import structlog
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from connector.clients.bigcommerce.client import StoreInfo
from connector.clients.errors import ClientError
from connector.flow import alerts
from connector.flow.inbox import webhooks
from connector.flow.lane import wakeup
from connector.flow.outbound.clients import store_client
from connector.flow.setup import store_info
from connector.flow.setup.connection_test.findings import named_elsewhere
from connector.models import Connection, OrderSync, Store
from tenants.models import Tenant
from tenants.unreadable import UnreadableSecret

log = structlog.get_logger(__name__)

PREFIX = re.compile(r"[A-Z0-9]{2,10}")
LONGEST_PREFIX = 10


class NotSaved(Exception):
    """The store cannot be saved or removed. The text says why; `field` is where it is put right, or ""."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


def propose_prefix(tenant: Tenant, name: str) -> str:
    """Return a prefix for the references of a store: its name's first word, with a number when that is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = re.findall(r"[A-Z0-9]+", plain)
    first = next((word for word in words if len(word) > 1), "".join(words))[:LONGEST_PREFIX]
    wanted = first if PREFIX.fullmatch(first) else "SHOP"
    taken = set(Store.objects.filter(tenant=tenant).values_list("prefix", flat=True))
    numbered = (f"{wanted[: LONGEST_PREFIX - len(str(number))]}{number}" for number in range(2, len(taken) + 3))
    return next(prefix for prefix in (wanted, *numbered) if prefix not in taken)


def has_documents(store: Store) -> bool:
    """Return whether a document hangs on the store. Then it is neither removed nor given another hash or prefix."""
    return OrderSync.objects.filter(connection__store=store).exists()


def save(tenant: Tenant, typed: Mapping[str, str], info: StoreInfo, *, instead_of: Store | None = None) -> Store:
    """Save the store that `typed` names, once, however often it is called. Raises NotSaved.

    `typed` has the columns `store_hash`, `client_id`, `client_secret`, `access_token`, `name` and `prefix`; `info` is
    what the store answered with that token. `instead_of` is removed when it is another store.
    """
    try:
        with transaction.atomic():
            if instead_of is not None and instead_of.store_hash != typed["store_hash"]:
                _make_room(instead_of)
            return _write(tenant, typed, info)
    except IntegrityError:  # a second press, or another person, was faster
        with transaction.atomic():
            return _write(tenant, typed, info)


def _make_room(store: Store) -> None:
    """Raises NotSaved."""
    if Connection.objects.filter(store=store).exists():
        text = _("The store %(store)s is connected already. Add a further one in the portal.")
        raise NotSaved(text % {"store": store.name}, "store_hash")
    store.delete()


def _write(tenant: Tenant, typed: Mapping[str, str], info: StoreInfo) -> Store:
    """Raises NotSaved."""
    known = Store.objects.filter(store_hash=typed["store_hash"]).first()
    if known and known.tenant_id != tenant.pk:
        text = _("This store cannot be set up here. Ask the person who runs this connector.")
        raise NotSaved(text, "store_hash")
    store = known or Store(tenant=tenant, store_hash=typed["store_hash"])
    _check_prefix(tenant, store, typed["prefix"])
    store.name, store.prefix, store.client_id = typed["name"], typed["prefix"], typed["client_id"]
    for name in ("client_secret", "access_token"):
        if typed[name] and typed[name] != getattr(store, name):
            store.set_credential(name, typed[name])
    store_info.describe(store, info)
    if known:
        credentials = ("client_id", "client_secret", "access_token", "credentials_set")
        store.save(update_fields=["name", "prefix", *credentials, *store_info.columns_of(info)])
    else:
        store.save()
    alerts.close_alert(tenant, alerts.about(store))
    wakeup.wake(Connection.objects.filter(store=store).values_list("division_id", flat=True).distinct())
    return store


def _check_prefix(tenant: Tenant, store: Store, prefix: str) -> None:
    """Raises NotSaved."""
    if not PREFIX.fullmatch(prefix):
        raise NotSaved(_("The prefix is 2 to 10 of A-Z and 0-9, such as ACME."), "prefix")
    if store.pk and prefix != store.prefix and has_documents(store):
        text = _("There are documents with the prefix %(prefix)s; it cannot change any more.")
        raise NotSaved(text % {"prefix": store.prefix}, "prefix")
    if Store.objects.filter(tenant=tenant, prefix=prefix).exclude(pk=store.pk).exists():
        raise NotSaved(_("Another store of yours has this prefix. Choose a different one."), "prefix")


def remove(store: Store) -> None:
    """Remove a store without documents, with its connections and its hooks at BigCommerce. Raises NotSaved."""
    stays = NotSaved(_("Documents hang on this store, so it stays. Switch its connection off instead."))
    if has_documents(store):
        raise stays
    if store.hooks_checked_at:
        _delete_hooks(store)
    try:
        with transaction.atomic():
            Connection.objects.filter(store=store).delete()
            Store.objects.filter(pk=store.pk).delete()
    except ProtectedError:  # the first document came meanwhile
        raise stays from None
    alerts.close_alert(store.tenant, alerts.about(store))


def _delete_hooks(store: Store) -> None:
    """Delete the hooks as far as BigCommerce lets us. It gives up by itself an address that does not answer."""
    try:
        ours = webhooks.find_ours(store, store_client(store).hooks(named_elsewhere))
        webhooks.delete_hooks(store, [hook.id for hooks in ours.values() for hook in hooks])
    except (ClientError, UnreadableSecret) as error:
        log.warning("hooks_left_behind", store=store.store_hash, error=type(error).__name__)
