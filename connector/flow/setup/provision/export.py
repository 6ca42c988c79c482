"""Export: a tenant as the provision file that would make it, without secrets.

With the secrets put back in, provisioning it changes nothing.
"""

from typing import Any

from connector.flow.setup import rule_versions
from connector.flow.setup.provision.apply import PAYMENTS, SAME_NAME
from connector.models import Connection, ExactGrant, Store
from tenants.models import Tenant

ITEMS = ("strategy", "default", "shipping", "handling", "wrapping", "fee", "gift_certificate", "rounding")


def export(tenant: Tenant) -> dict[str, Any]:
    """Return the provision file of a tenant; passwords, client secrets and tokens are left out."""
    stores = tenant.stores.order_by("store_hash")
    connections = Connection.objects.filter(store__tenant=tenant).select_related("store", "division")
    return {
        "tenant": {
            "slug": tenant.slug,
            "name": tenant.name,
            "timezone": tenant.timezone,
            "alert_emails": tenant.alert_emails,
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
        "start_date": connection.start_date.isoformat(),
        **{name: getattr(connection, name) for name in SAME_NAME},
        **named_codes(connection),
        **(rule_versions.as_filed(version) if version else {}),
    }


def named_codes(connection: Connection) -> dict[str, Any]:
    """Return the settings of a connection that name codes of its division, as they stand in the file."""
    return {
        "journal": connection.journal,
        "invoice_template": connection.invoice_template,
        "customers": {
            "strategy": connection.customer_strategy,
            "guests": connection.guest_strategy,
            "direction": connection.customer_direction,
            "collective_account": connection.collective_account or None,
        },
        "items": {name: getattr(connection, f"item_{name}") for name in ITEMS},
        "payments": _payments(connection),
        "rounding": {"limit": str(connection.rounding_limit), "gl_account": connection.rounding_gl_account},
    }


def _payments(connection: Connection) -> str | dict[str, str]:
    """One word where there is no code to tell."""
    read: dict[str, str] = {name: getattr(connection, column) for name, column in PAYMENTS.items()}
    return {name: value for name, value in read.items() if value} if any(list(read.values())[1:]) else read["mode"]
