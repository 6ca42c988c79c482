"""Checks ownership: a store or a division belongs to one tenant, and a prefix in use stays."""

from collections.abc import Mapping
from typing import Any

from connector.domain.choices import POSTING_MODES
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, Division, ExactGrant, OrderSync, Store


def check(file: Mapping[str, Any]) -> None:
    """Raise Refused when the file names another tenant's store or division, or one that does not exist."""
    slug = file["tenant"]["slug"]
    problems = [
        *_foreign_stores(file, slug),
        *_foreign_divisions(file, slug),
        *_grants(file, slug),
        *_prefixes(file, slug),
        *_unnamed(file, slug),
        *_second_posting(file, slug),
    ]
    if problems:
        raise Refused("\n".join(problems))


def _foreign_stores(file: Mapping[str, Any], slug: str) -> list[str]:
    hashes = [store["store_hash"] for store in file["stores"]]
    foreign = Store.objects.filter(store_hash__in=hashes).exclude(tenant__slug=slug)
    return [f"Store {store.store_hash} belongs to another tenant." for store in foreign]


def _foreign_divisions(file: Mapping[str, Any], slug: str) -> list[str]:
    problems = []
    for grant in file["exact"]:
        there = Division.objects.filter(region=grant["region"], code__in=grant["divisions"]).select_related(
            "grant__tenant"
        )
        for division in there:
            if division.grant.tenant.slug != slug:
                problems.append(f"Division {division.code} belongs to another tenant.")
            elif division.grant.name != grant["name"]:
                problems.append(
                    f"Division {division.code} is reached through the consent {division.grant.name!r} already."
                )
    return problems


def _grants(file: Mapping[str, Any], slug: str) -> list[str]:
    problems = []
    for grant in file["exact"]:
        known = ExactGrant.objects.filter(tenant__slug=slug, name=grant["name"]).first()
        if known and known.region != grant["region"]:
            problems.append(
                f"The consent {known.name!r} is of region {known.region}; another region needs another name."
            )
        if not known and not grant["refresh_token"]:
            problems.append(f"exact {grant['name']!r} is new: refresh_token is missing.")
    return problems


def _prefixes(file: Mapping[str, Any], slug: str) -> list[str]:
    problems = []
    known = {store.store_hash: store for store in Store.objects.filter(tenant__slug=slug)}
    taken = {store.prefix: store.store_hash for store in known.values()}
    for store in file["stores"]:
        before = known.get(store["store_hash"])
        if taken.get(store["prefix"], store["store_hash"]) != store["store_hash"]:
            problems.append(f"Prefix {store['prefix']} is the one of store {taken[store['prefix']]} already.")
        frozen = before and OrderSync.objects.filter(connection__store=before).exclude(reference="").exists()
        if before and frozen and before.prefix != store["prefix"]:
            problems.append(
                f"Store {before.store_hash} has documents with the prefix {before.prefix}; it cannot change any more."
            )
    return problems


def _unnamed(file: Mapping[str, Any], slug: str) -> list[str]:
    hashes = {store["store_hash"] for store in file["stores"]}
    hashes |= set(Store.objects.filter(tenant__slug=slug).values_list("store_hash", flat=True))
    codes = {code for grant in file["exact"] for code in grant["divisions"]}
    codes |= set(Division.objects.filter(grant__tenant__slug=slug).values_list("code", flat=True))
    problems = []
    for place, connection in enumerate(file["connections"]):
        if connection["store"] not in hashes:
            problems.append(f"connections[{place}].store: {connection['store']} is no store of this tenant.")
        if connection["division"] not in codes:
            problems.append(f"connections[{place}].division: {connection['division']} is no division of this tenant.")
    return problems


def _second_posting(file: Mapping[str, Any], slug: str) -> list[str]:
    """Return stores with a second posting connection. Connections that are not in the file count too."""
    named = {(connection["store"], connection["division"]) for connection in file["connections"]}
    posting = {connection["store"] for connection in file["connections"] if connection["mode"] in POSTING_MODES}
    there = Connection.objects.filter(store__tenant__slug=slug, store__store_hash__in=posting, mode__in=POSTING_MODES)
    return [
        f"Store {c.store.store_hash} posts to division {c.division.code} already (mode {c.mode}). Name that connection "
        "in the file too, with mode off or shadow."
        for c in there.select_related("store", "division")
        if (c.store.store_hash, c.division.code) not in named
    ]
