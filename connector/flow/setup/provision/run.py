"""Provisioning from the file to the database, step by step."""

from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.clients import errors
from connector.flow.customer.copies import directory
from connector.flow.inbox import webhooks
from connector.flow.outbound.clients import LaneClients
from connector.flow.outbound.within_budget import Tell
from connector.flow.setup import codes
from connector.flow.setup.provision import apply, ask_vendors, ownership
from connector.flow.setup.provision.read_file import read_file
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, Division, Store
from connector.problems.calls import in_words
from tenants.models import Tenant


def provision(data: object, *, with_hooks: bool, tell: Tell) -> dict[str, Any]:
    """Make or update a tenant; returns what the command prints. Raises Refused; nothing is changed then.

    `tell` gets the progress line by line. Hooks are made before the rows are written, so that a store is never saved
    without them.
    """
    file = read_file(data)
    ownership.check(file)
    answers = ask_vendors.ask(file, tell)
    codes.check(file, answers)
    tenant = Tenant.objects.filter(slug=file["tenant"]["slug"]).first()
    stores = {spec["store_hash"]: apply.store_from(spec, answers, tenant) for spec in file["stores"]}
    made = _make_hooks(list(stores.values()), tell) if with_hooks else {}
    try:
        connections = apply.apply(file, answers, stores)
    except BaseException as error:
        for store_hash, hook_ids in made.items():
            webhooks.delete_hooks(stores[store_hash], hook_ids)
        if isinstance(error, IntegrityError):
            text = _("The database refuses what the file asks for: %(error)s")
            raise Refused(text % {"error": error}) from None
        raise
    for division in {connection.division_id: connection.division for connection in connections}.values():
        _fill_directory(division, tell)
    return _summary(file["tenant"]["slug"], list(stores.values()), connections)


def _make_hooks(stores: list[Store], tell: Tell) -> dict[str, list[int]]:
    """Make or repair every store's hooks, or none; returns the ids of new hooks by store hash. Raises Refused."""
    if not webhooks.possible():
        tell(_("PUBLIC_URL is not a public https address: no hooks are made. Set it and run this again."))
        return {}
    made: dict[str, list[int]] = {}
    for store in stores:
        tell(_("Making or repairing the hooks of store %(store)s") % {"store": store.store_hash})
        try:
            made[store.store_hash] = webhooks.repair(store)
        except errors.ClientError as error:
            for done in stores:
                webhooks.delete_hooks(done, made.get(done.store_hash, []))
            text = _("Store %(store)s: its hooks could not be made. %(error)s")
            raise Refused(text % {"store": store.store_hash, "error": in_words(error)}) from None
    return made


def _fill_directory(division: Division, tell: Tell) -> None:
    """Read the division's accounts, so that known customers need no call. When it fails, the lane reads them later."""
    tell(_("Reading the accounts of division %(division)s") % {"division": division.code})
    try:
        count = directory.pull(division, LaneClients(division).exact)
    except errors.ClientError as error:
        text = _("The accounts of division %(division)s are read later. %(error)s")
        tell(text % {"division": division.code, "error": in_words(error)})
        return
    tell(ngettext("Read %(count)s account", "Read %(count)s accounts", count) % {"count": count})


def _summary(slug: str, stores: list[Store], connections: list[Connection]) -> dict[str, Any]:
    return {
        "tenant": slug,
        "stores": [
            {
                "store_hash": store.store_hash,
                "webhook_url": webhooks.address(store) if webhooks.possible() else None,
                "hook_secret": store.hook_secret,
            }
            for store in stores
        ],
        "connections": [
            {
                "id": str(connection.pk),
                "store": connection.store.store_hash,
                "division": str(connection.division.code),
            }
            for connection in connections
        ],
    }
