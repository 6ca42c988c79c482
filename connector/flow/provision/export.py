"""Export: a tenant as the provision file that would make it, without secrets.

With the secrets put back in, provisioning it changes nothing.
"""

from typing import Any

from connector.flow.provision.apply import PAYMENTS, SAME_NAME
from connector.models import Connection, ExactGrant, MappingRule, RuleVersion, Store
from tenants.models import Tenant

THEN = ("gl_account", "cost_center", "cost_unit", "item", "vat_code")
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
    version = connection.rule_versions.order_by("-number").first()
    return {
        "store": connection.store.store_hash,
        "division": connection.division.code,
        "start_date": connection.start_date.isoformat(),
        **{name: getattr(connection, name) for name in SAME_NAME},
        "customers": {
            "strategy": connection.customer_strategy,
            "guests": connection.guest_strategy,
            "direction": connection.customer_direction,
            "collective_account": connection.collective_account or None,
        },
        "items": {name: getattr(connection, f"item_{name}") for name in ITEMS},
        "payments": _payments(connection),
        "rounding": {"limit": str(connection.rounding_limit), "gl_account": connection.rounding_gl_account},
        **(_rules(version) if version else {}),
    }


def _payments(connection: Connection) -> str | dict[str, str]:
    """One word where there is no code to tell."""
    read: dict[str, str] = {name: getattr(connection, column) for name, column in PAYMENTS.items()}
    return {name: value for name, value in read.items() if value} if any(list(read.values())[1:]) else read["mode"]


def _rules(version: RuleVersion) -> dict[str, Any]:
    """The rules in force."""
    return {
        "rules": [_mapping(rule) for rule in version.mapping_rules.all()],
        "vat": [
            {"when": rule.when, "code": rule.code, **({"tax_as_line": rule.tax_as_line} if rule.tax_as_line else {})}
            for rule in version.vat_rules.all()
        ],
        "payment_conditions": [{"when": rule.when, "code": rule.code} for rule in version.payment_rules.all()],
    }


def _mapping(rule: MappingRule) -> dict[str, Any]:
    then = {name: getattr(rule, name) for name in THEN if getattr(rule, name)}
    return {"priority": rule.priority, "when": rule.when, "then": then}
