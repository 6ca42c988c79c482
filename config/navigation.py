"""The portal's titles and its side bar (settings of Unfold)."""

from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

# Every page asks for each address several times.
_address = lazy(cache(reverse), str)


def _link(title: str | Promise, icon: str, model: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": _address(f"admin:{model}_changelist")}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "ml-connector",
    "SITE_HEADER": "ml-connector",
    "SITE_SYMBOL": "sync_alt",
    "SHOW_VIEW_ON_SITE": False,
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change password"), "link": _address("account_change_password")},
            {"title": _("Second factor"), "link": _address("mfa_index")},
            {"title": _("Sessions"), "link": _address("usersessions_list")},
            {"title": _("Language"), "link": _address("account_language")},
        ]
    },
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "title": _("Documents"),
                "items": [
                    _link(_("Ledger"), "receipt_long", "connector_ordersync"),
                    _link(_("Bulk re-posts"), "playlist_add_check", "connector_bulkrun"),
                    _link(_("Inbox"), "inbox", "connector_delivery"),
                    _link(_("History"), "history", "connector_syncevent"),
                    _link(_("Chains"), "link", "connector_chain"),
                    _link(_("Alerts"), "notifications", "connector_alert"),
                    _link(_("Daily figures"), "bar_chart", "connector_dailycount"),
                ],
            },
            {
                "title": _("Set-up"),
                "items": [
                    _link(_("Stores"), "storefront", "connector_store"),
                    _link(_("Exact consents"), "key", "connector_exactgrant"),
                    _link(_("Divisions"), "account_balance", "connector_division"),
                    _link(_("Refusing endpoints"), "block", "connector_breaker"),
                    _link(_("Connections"), "cable", "connector_connection"),
                    _link(_("Rules"), "rule", "connector_mappingrule"),
                    _link(_("VAT rules"), "percent", "connector_vatrule"),
                    _link(_("Payment rules"), "payments", "connector_paymentrule"),
                    _link(_("Versions of the rules"), "history_edu", "connector_ruleversion"),
                    _link(_("Customers"), "groups", "connector_customerlink"),
                    _link(_("Items of SKUs"), "sell", "connector_itemlink"),
                    _link(_("Master data"), "dataset", "connector_masterdata"),
                ],
            },
            {
                "title": _("Organisation"),
                "items": [
                    _link(_("Organisation"), "domain", "tenants_tenant"),
                    _link(_("Members"), "badge", "tenants_membership"),
                    {**_link(_("People"), "group", "tenants_user"), "permission": "tenants.scope.is_superuser"},
                ],
            },
        ],
    },
}
