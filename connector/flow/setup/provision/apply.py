"""Writes a checked file to the database in one transaction. Rows that are the same already stay as they are."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from connector.domain.choices import POSTING_MODES, Mode
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.invoice import booking_date
from connector.flow.order import master_rows
from connector.flow.setup import rule_versions, take_effect
from connector.flow.setup.codes import rows
from connector.flow.setup.provision.ask_vendors import VendorAnswers
from connector.flow.setup.provision.schema import Refused
from connector.flow.setup.settings_table import values_in
from connector.flow.setup.store_info import columns_of, describe
from connector.models import (
    Connection,
    Division,
    ExactGrant,
    Store,
)
from connector.models.kept_words import english
from tenants.accounts.addresses import verify
from tenants.last_owner import why_owners_stay
from tenants.models import TENANT_SETTINGS, Membership, Role, Tenant, User
from tenants.typed import on_one_line

# The columns of a store that the file gives. Workers write others meanwhile, which a second provisioning keeps.
FILED = ("name", "client_id", "webhook_auth", "prefix")
FILED_SECRETS = ("client_secret", "access_token")


@transaction.atomic
def apply(file: Mapping[str, Any], answers: VendorAnswers, stores: Mapping[str, Store]) -> list[Connection]:
    """Make or update everything in the file; returns its connections. `stores` need not be saved yet."""
    tenant = _tenant(file["tenant"])
    _users(tenant, file["users"])
    changed = {code for spec in file["exact"] for code in _grant(tenant, spec, answers)}
    for spec in file["stores"]:
        store = stores[spec["store_hash"]]
        store.tenant = tenant
        given = ("tenant", *FILED, *FILED_SECRETS, "credentials_set", *columns_of(answers.stores[spec["store_hash"]]))
        store.save(update_fields=given if store.pk else None)
        alerts.close_alert(tenant, alerts.about(store))
    # Connections that do not post go first: when a store changes division, never two of its connections post.
    in_order = sorted(file["connections"], key=lambda spec: spec["mode"] in POSTING_MODES)
    made = {(spec["store"], spec["division"]): _connection(tenant, spec, changed) for spec in in_order}
    return [made[spec["store"], spec["division"]] for spec in file["connections"]]


def store_from(spec: Mapping[str, Any], answers: VendorAnswers, tenant: Tenant | None) -> Store:
    """Return the store with the values of the file and of BigCommerce. It is not saved."""
    known = Store.objects.filter(store_hash=spec["store_hash"]).first()
    store = known or Store(store_hash=spec["store_hash"], tenant=tenant)
    info = answers.stores[spec["store_hash"]]
    for name in FILED:
        setattr(store, name, spec[name])
    _set_credentials(store, spec, FILED_SECRETS)
    describe(store, info)
    return store


def _set_credentials(row: Store | ExactGrant, spec: Mapping[str, Any], names: Collection[str]) -> None:
    """Take the file's credentials where they differ. An empty one changes nothing."""
    for name in names:
        if spec[name] and spec[name] != getattr(row, name):
            row.set_credential(name, spec[name])


def _tenant(spec: Mapping[str, Any]) -> Tenant:
    tenant, _made = Tenant.objects.update_or_create(
        slug=spec["slug"],
        defaults={name: spec[name] for name in TENANT_SETTINGS},
    )
    return tenant


def _users(tenant: Tenant, specs: list[Mapping[str, Any]]) -> None:
    """Make or update the people. Raises Refused when no active owner would be left."""
    roles = []
    for spec in specs:
        user = User.objects.filter(email=spec["email"].lower()).first()
        if user is None:
            user = User.objects.create_user(spec["email"], spec["password"])
            verify(user)
        roles.append((user, spec["role"]))
    # New owners first: one may take the place of another.
    for user, role in sorted(roles, key=lambda each: each[1] != Role.OWNER):
        present = Membership.objects.filter(user=user, tenant=tenant).first()
        if present and present.role != role and (why := why_owners_stay(present)):
            raise Refused(why)
        Membership.objects.update_or_create(user=user, tenant=tenant, defaults={"role": role})


def _grant(tenant: Tenant, spec: Mapping[str, Any], answers: VendorAnswers) -> list[int]:
    """Write a consent and its divisions; returns the codes of the divisions whose master data changed."""
    grant = ExactGrant.objects.get(tenant=tenant, name=spec["name"])
    grant.client_id = spec["client_id"]
    _set_credentials(grant, spec, ("client_secret", "webhook_secret"))
    grant.save(update_fields=["client_id", "client_secret", "webhook_secret", "credentials_set"])
    changed = []
    for code in spec["divisions"]:
        info = answers.divisions[code]
        division, _made = Division.objects.update_or_create(
            region=grant.region,
            code=code,
            defaults={
                "grant": grant,
                "name": on_one_line(info.description)[:200],
                "currency": info.currency,
                "country": info.country,
                "master_data_at": database_now(),
            },
        )
        differs, reopened = master_rows.replace(division, rows(answers, code)), booking_date.reopen(division)
        if differs or reopened:
            changed.append(code)
    return changed


def _connection(tenant: Tenant, spec: Mapping[str, Any], changed_divisions: Collection[int]) -> Connection:
    store = Store.objects.get(tenant=tenant, store_hash=spec["store"])
    division = Division.objects.get(grant__tenant=tenant, code=spec["division"])
    values = _values(spec)
    before = Connection.objects.filter(store=store, division=division).first()
    connection, _made = Connection.objects.update_or_create(
        store=store, division=division, defaults=values, create_defaults={"start_date": today(store), **values}
    )
    version = rule_versions.save_version(connection, spec, author=None, note=english("Provisioned"))
    changed = bool(version) or division.code in changed_divisions or _differ(before, values)
    if before is not None:
        take_effect.take_effect(connection, mode_before=before.mode, changed=changed)
    return connection


def _values(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a connection's columns with the values of the file."""
    values = values_in(spec)
    if values["start_date"] is None:
        del values["start_date"]
    if spec["mode"] != Mode.OFF:
        values["paused_mode"] = ""  # nothing is left to resume
    return values


def today(store: Store) -> date:
    """Return today's date in the store's time zone, which dates its orders."""
    return datetime.now(UTC).astimezone(ZoneInfo(store.timezone)).date()


def _differ(before: Connection | None, values: Mapping[str, Any]) -> bool:
    return before is None or any(getattr(before, name) != value for name, value in values.items())
