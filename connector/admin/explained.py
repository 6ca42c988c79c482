"""From the symbolic pages of `domain.explain` to addresses, for one connection or one document of it."""

from django.urls import reverse

from connector.domain.explain import Explanation, explain
from connector.flow.tokens import exact_base_url
from connector.models import Connection, OrderSync

PAGE_NAMES = {
    "connection": "the connection",
    "rules": "its rules",
    "vat_rules": "its VAT rules",
    "customers": "Customers",
    "grant": "the consent",
    "store": "the store",
    "exact": "Exact Online",
    "bigcommerce": "the store's control panel",
    "ledger": "the ledger",
}


def explain_document(document: OrderSync) -> tuple[Explanation, str]:
    """Say in plain words why a document stands where it stands, and where that is mended.

    The address may lead to a vendor's own site (`exact`, `bigcommerce`).
    """
    told = explain(document.reason, document.message)
    return told, page_url(told.where, document.connection, document)


def page_url(where: str, connection: Connection, document: OrderSync | None = None) -> str:
    """Return the address of a page for this connection; "" for an unknown page."""
    if where == "exact":
        return exact_base_url(connection.division.region)
    if where == "bigcommerce":
        return _control_panel(connection, document)
    if where in {"rules", "vat_rules"}:
        return _rules(connection, where)
    view, key = {
        "connection": ("connection_change", connection.pk),
        "store": ("store_change", connection.store_id),
        "grant": ("exactgrant_change", connection.division.grant_id),
        "customers": ("customerlink_changelist", None),
        "ledger": ("ordersync_change", document.pk) if document else ("ordersync_changelist", None),
    }.get(where, ("", None))
    return reverse(f"admin:connector_{view}", args=[key] if key else []) if view else ""


def _rules(connection: Connection, where: str) -> str:
    """The version in force, which shows its rules of every kind; their list as long as there is none."""
    version = connection.rule_versions.order_by("-number").values_list("pk", flat=True).first()
    if version is not None:
        return reverse("admin:connector_ruleversion_change", args=[version])
    return reverse(f"admin:connector_{'vatrule' if where == 'vat_rules' else 'mappingrule'}_changelist")


def _control_panel(connection: Connection, document: OrderSync | None) -> str:
    """The order in the store's control panel, at the address that every store has beside its own domain (assumed)."""
    panel = f"https://store-{connection.store.store_hash}.mybigcommerce.com/manage/orders"
    return f"{panel}/{document.order_id}" if document is not None else panel
