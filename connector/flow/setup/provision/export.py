"""Exports a tenant as its provision file, without secrets.

When the secrets are added again, provisioning the file changes nothing.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from connector.flow.setup import rule_versions
from connector.flow.setup.settings_table import SETTINGS
from connector.models import Connection, ExactGrant, Store
from tenants.models import TENANT_SETTINGS, Tenant


def export(tenant: Tenant) -> dict[str, Any]:
    """Return the provision file of a tenant, without passwords, client secrets and tokens."""
    stores = tenant.stores.order_by("store_hash")
    connections = Connection.objects.filter(store__tenant=tenant).select_related("store", "division")
    return {
        "tenant": {
            "slug": tenant.slug,
            **{name: getattr(tenant, name) for name in TENANT_SETTINGS},
        },
        "users": [
            {"email": member.user.email, "role": member.role}
            for member in tenant.memberships.select_related("user").order_by("user__email")
        ],
        "exact": [_grant(grant) for grant in tenant.grants.order_by("name")],
        "stores": [_store(store) for store in stores],
        "connections": [
            _connection(connection) for connection in connections.order_by("store__store_hash", "division__code")
        ],
    }


def _grant(grant: ExactGrant) -> dict[str, Any]:
    return {
        "name": grant.name,
        "region": grant.region,
        "client_id": grant.client_id,
        "divisions": list(grant.divisions.order_by("code").values_list("code", flat=True)),
    }


def _store(store: Store) -> dict[str, Any]:
    return {name: getattr(store, name) for name in ("name", "store_hash", "client_id", "webhook_auth", "prefix")}


def _connection(connection: Connection) -> dict[str, Any]:
    version = rule_versions.in_force(connection)
    return {
        "store": connection.store.store_hash,
        "division": connection.division.code,
        **_settings(connection),
        **(rule_versions.as_filed(version) if version else {}),
    }


def _settings(connection: Connection) -> dict[str, Any]:
    filed: dict[str, Any] = {}
    for setting in SETTINGS:
        group, name = setting.place
        place = filed.setdefault(group, {}) if group else filed
        place[name] = _written(setting.of(connection))
    filed["customers"]["collective_account"] = connection.collective_account or None
    filed["payments"] = _or_word(filed["payments"])
    return filed


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value


def _or_word(payments: dict[str, str]) -> str | dict[str, str]:
    """Return the mode alone when there are no codes."""
    given = {name: value for name, value in payments.items() if value}
    return given if len(given) > 1 else payments["mode"]
