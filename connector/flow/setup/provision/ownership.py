"""Checks ownership: a store or a division belongs to one tenant, and a prefix in use stays."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from connector.domain.choices import POSTING_MODES
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, Division, ExactGrant, OrderSync, Store
from tenants.models import Tenant


def check(file: Mapping[str, Any]) -> None:
    """Raise Refused when the file names another tenant's store or division, or one that does not exist."""
    slug = file["tenant"]["slug"]
    problems = [
        *_suspended(slug),
        *_foreign_stores(file, slug),
        *_foreign_divisions(file, slug),
        *_grants(file, slug),
        *_prefixes(file, slug),
        *_unnamed(file, slug),
        *_second_posting(file, slug),
    ]
    if problems:
        raise Refused("\n".join(problems))


def _suspended(slug: str) -> list[str]:
    if not Tenant.objects.filter(slug=slug, suspended=True).exists():
        return []
    return [_("Organisation %(tenant)s is suspended: nothing is called for it.") % {"tenant": slug}]


def _foreign_stores(file: Mapping[str, Any], slug: str) -> list[str]:
    hashes = [store["store_hash"] for store in file["stores"]]
    foreign = Store.objects.filter(store_hash__in=hashes).exclude(tenant__slug=slug)
    return [_("Store %(store)s belongs to another tenant.") % {"store": store.store_hash} for store in foreign]


def _foreign_divisions(file: Mapping[str, Any], slug: str) -> list[str]:
    problems = []
    for grant in file["exact"]:
        there = Division.objects.filter(region=grant["region"], code__in=grant["divisions"]).select_related(
            "grant__tenant"
        )
        for division in there:
            if division.grant.tenant.slug != slug:
                problems.append(_("Division %(division)s belongs to another tenant.") % {"division": division.code})
            elif division.grant.name != grant["name"]:
                text = _("Division %(division)s is reached through the consent '%(name)s' already.")
                problems.append(text % {"division": division.code, "name": division.grant.name})
    return problems


def _grants(file: Mapping[str, Any], slug: str) -> list[str]:
    problems = []
    for grant in file["exact"]:
        known = ExactGrant.objects.filter(tenant__slug=slug, name=grant["name"]).first()
        if known and known.region != grant["region"]:
            text = _("The consent '%(name)s' is of region %(region)s; another region needs another name.")
            problems.append(text % {"name": known.name, "region": known.region})
        if not known and not grant["refresh_token"]:
            problems.append(_("exact '%(name)s' is new: refresh_token is missing.") % {"name": grant["name"]})
    return problems


def _prefixes(file: Mapping[str, Any], slug: str) -> list[str]:
    problems = []
    known = {store.store_hash: store for store in Store.objects.filter(tenant__slug=slug)}
    taken = {store.prefix: store.store_hash for store in known.values()}
    for store in file["stores"]:
        before = known.get(store["store_hash"])
        if taken.get(store["prefix"], store["store_hash"]) != store["store_hash"]:
            text = _("Prefix %(prefix)s is the one of store %(store)s already.")
            problems.append(text % {"prefix": store["prefix"], "store": taken[store["prefix"]]})
        frozen = before and OrderSync.objects.filter(connection__store=before).exclude(reference="").exists()
        if before and frozen and before.prefix != store["prefix"]:
            text = _("Store %(store)s has documents with the prefix %(prefix)s; it cannot change any more.")
            problems.append(text % {"store": before.store_hash, "prefix": before.prefix})
    return problems


def _unnamed(file: Mapping[str, Any], slug: str) -> list[str]:
    hashes = {store["store_hash"] for store in file["stores"]}
    hashes |= set(Store.objects.filter(tenant__slug=slug).values_list("store_hash", flat=True))
    codes = {code for grant in file["exact"] for code in grant["divisions"]}
    codes |= set(Division.objects.filter(grant__tenant__slug=slug).values_list("code", flat=True))
    problems = []
    for place, connection in enumerate(file["connections"]):
        if connection["store"] not in hashes:
            text = _("connections[%(place)s].store: %(store)s is no store of this tenant.")
            problems.append(text % {"place": place, "store": connection["store"]})
        if connection["division"] not in codes:
            text = _("connections[%(place)s].division: %(division)s is no division of this tenant.")
            problems.append(text % {"place": place, "division": connection["division"]})
    return problems


def _second_posting(file: Mapping[str, Any], slug: str) -> list[str]:
    """Return stores with a second posting connection. Connections that are not in the file count too."""
    named = {(connection["store"], connection["division"]) for connection in file["connections"]}
    posting = {connection["store"] for connection in file["connections"] if connection["mode"] in POSTING_MODES}
    there = Connection.objects.filter(store__tenant__slug=slug, store__store_hash__in=posting, mode__in=POSTING_MODES)
    text = _(
        "Store %(store)s posts to division %(division)s already (mode %(mode)s). Name that connection in the file too, "
        "with mode off or shadow."
    )
    return [
        text % {"store": c.store.store_hash, "division": c.division.code, "mode": c.mode}
        for c in there.select_related("store", "division")
        if (c.store.store_hash, c.division.code) not in named
    ]
