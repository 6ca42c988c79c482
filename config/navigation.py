"""The portal's looks and its side bar (Unfold's settings)."""

from typing import Any

from django.urls import reverse_lazy


def _link(title: str, icon: str, model: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{model}_changelist")}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "ml-connector",
    "SITE_HEADER": "ml-connector",
    "SITE_SYMBOL": "sync_alt",
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "title": "Documents",
                "items": [
                    _link("Ledger", "receipt_long", "connector_ordersync"),
                    _link("Bulk re-posts", "playlist_add_check", "connector_bulkrun"),
                    _link("Inbox", "inbox", "connector_delivery"),
                    _link("History", "history", "connector_syncevent"),
                    _link("Alerts", "notifications", "connector_alert"),
                    _link("Daily figures", "bar_chart", "connector_dailycount"),
                ],
            },
            {
                "title": "Set-up",
                "items": [
                    _link("Stores", "storefront", "connector_store"),
                    _link("Exact consents", "key", "connector_exactgrant"),
                    _link("Divisions", "account_balance", "connector_division"),
                    _link("Refusing endpoints", "block", "connector_breaker"),
                    _link("Connections", "cable", "connector_connection"),
                    _link("Rules", "rule", "connector_mappingrule"),
                    _link("VAT rules", "percent", "connector_vatrule"),
                    _link("Payment rules", "payments", "connector_paymentrule"),
                    _link("Versions of the rules", "history_edu", "connector_ruleversion"),
                    _link("Customers", "groups", "connector_customerlink"),
                    _link("Master data", "dataset", "connector_masterdata"),
                ],
            },
            {
                "title": "Organisation",
                "items": [
                    _link("Organisation", "domain", "tenants_tenant"),
                    _link("Members", "badge", "tenants_membership"),
                    {**_link("People", "group", "tenants_user"), "permission": "tenants.scope.is_superuser"},
                ],
            },
        ],
    },
}
