"""Who may open what: a class for every address, and what each class answers to each of eight visitors.

The columns: nobody logged in, viewer, operator, accountant, owner, another organisation's owner, the owner of an
organisation that is suspended, superuser. An answer is one letter:

L  led to the log-in               o  a page             r  led on, or done and led on
f  forbidden (403)                 n  not found (404)    m  not by this method (405)
b  a bad request (400)             t  not of this media type (415)

The POSTs are empty forms, so that an answer of `o` shows a form with its errors.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.urls import URLPattern

from tests.tenants.addresses import patterns
from tests.tenants.world import PLATFORM

VISITORS: Final = ("anonymous", "vera", "oscar", "adam", "alice", "charlie", "suspended", "sue")

# What a class answers to GET, and to POST.
CLASSES: Final = {
    # Without a log-in
    "open page": ("oooooooo", "mmmmmmmm"),
    "open form": ("oooooooo", "oooooooo"),
    "this machine, or a token": ("oooooooo", "mmmmmmmm"),
    "log-in": ("orrrrrrr", "orrrrrrr"),
    "sign-up, closed": ("orrrrrfr", "frrrrrfr"),
    "code of a sign-up": ("rrrrrrfr", "rrrrrrfr"),
    "led on": ("rrrrrrrr", "rrrrrrrr"),
    "webhook": ("mmmmmmmm", "tttttttt"),
    "webhook, tried empty": ("mmmmmmmm", "oooooooo"),
    "way back from Exact": ("fbbbbbbb", "mmmmmmmm"),
    "password of an invitation": ("oooooofo", "oooooofo"),
    # One's own account, in no organisation
    "account": ("Looooooo", "Looooooo"),
    "account, pressed": ("Looooooo", "Lrrrrrrr"),
    "account, read": ("Looooooo", "Lmmmmmmm"),
    "account, led on": ("Lrrrrrrr", "Lrrrrrrr"),
    "account, not in use": ("Lfffffff", "Lfffffff"),
    "account, nothing there": ("Lnnnnnnn", "Lnnnnnnn"),
    "account, none to read": ("Lnnnnnnn", "Lmmmmmmm"),
    "log-out": ("rooooooo", "rrrrrrrr"),
    # The portal
    "list": ("Looooofo", "Looooofo"),
    "row, read": ("Loooonfo", "Loooonfo"),
    "row, read only": ("Loooonfo", "Lffffnff"),
    "row of accountants": ("Loooonfo", "Lffoonfo"),
    "row of owners": ("Loooonfo", "Lfffonfo"),
    "nobody adds": ("Lfffffff", "Lfffffff"),
    "nobody deletes": ("Lffffnff", "Lffffnff"),
    "owners add": ("Lfffoofo", "Lfffoofo"),
    "superusers": ("Lffffffo", "Lffffffo"),
    "row of superusers": ("Lnnnnnfo", "Lnnnnnfo"),
    "row of superusers, read only": ("Lnnnnnfo", "Lnnnnnff"),
    "row of superusers, never deleted": ("Lnnnnnff", "Lnnnnnff"),
    "own membership": ("Loooonfo", "Lffffnfo"),
    "own membership, deleted": ("Lffffnfo", "Lffffnfo"),
    "own membership, mailed": ("Lmmmmmfm", "Lffffnfr"),
    "operators press": ("Lmmmmmfm", "Lfrrrnfr"),
    "operators look": ("Lmmmmmfm", "Lfooonfo"),
    "operators do": ("Lfooonfo", "Lfooonfo"),
    "operators confirm": ("Lfooonfo", "Lfrrrnfr"),
    "operators begin": ("Loooonfo", "Lfrrrnfr"),
    "accountants press": ("Lmmmmmfm", "Lffrrnfr"),
    "accountants edit": ("Lrroonfo", "Lffoonfo"),
    "accountants begin": ("Loooonfo", "Lffrrnfr"),
    "accountants try": ("Lffoonfo", "Lffrrnfr"),
    "accountants download": ("Lffoonfo", "Lmmmmmfm"),
    "export": ("Looooofo", "Lmmmmmfm"),
    "accountants close": ("Loooonfo", "Lffrrnfr"),
    "owners press": ("Lfffmnfm", "Lfffrnfr"),
    "owners decide": ("Lfffonfr", "Lfffrnfr"),
    "owners pick": ("Lfffonfo", "Lfffrnfr"),
    "script": ("Looooofo", "Lmmmmmfm"),
    "choices of a field": ("Lfffffff", "Lmmmmmfm"),
    "switch of organisation": ("Lmmmmmmm", "Lnnnnnnr"),
    "former address": ("Lrrrrrfr", "Lrrrrrfr"),
    "not there": ("Lnnnnnfn", "Lnnnnnfn"),
    # Get started, which walks on from the first step that is due
    "first step": ("Lfffoofo", "Lfffrrfr"),
    "later step": ("Lfffrrfr", "Lfffrrfr"),
}

# The usual pages of a model. A model that lets somebody change, add or delete has its class in NAMED.
OF_A_MODEL: Final = {
    "changelist": "list",
    "history": "row, read",
    "change": "row, read only",
    "add": "nobody adds",
    "delete": "nobody deletes",
}
# And those of a model that belongs to no organisation.
OF_THE_PLATFORM: Final = {
    "changelist": "superusers",
    "history": "row of superusers",
    "change": "row of superusers, read only",
    "add": "nobody adds",
    "delete": "row of superusers, never deleted",
}
_MODEL_PAGE = re.compile(r"((?:tenants|connector)_[a-z]+)_(changelist|history|change|add|delete)")
_PLATFORM = {f"{model._meta.app_label}_{model._meta.model_name}" for model in PLATFORM}

NAMED: Final = {
    "home": "open page",
    "healthz": "open page",
    "readyz": "open page",
    "metrics": "this machine, or a token",
    "account_inactive": "open page",
    "account_reset_password_done": "open page",
    "account_reset_password_from_key_done": "open page",
    "account_reset_password": "open form",
    "account_reset_password_from_key": "open form",
    "account_login": "log-in",
    "account_signup": "led on",
    "get-started": "sign-up, closed",
    "get-started-verify": "code of a sign-up",
    "bigcommerce-webhook": "webhook",
    "exact-webhook": "webhook, tried empty",
    "exact-consent-callback": "way back from Exact",
    "choose_password": "password of an invitation",
    "account_reauthenticate": "account",
    "account_change_password": "account",
    "account_email": "account, pressed",
    "account_language": "account, pressed",
    "usersessions_list": "account, pressed",
    "mfa_index": "account, read",
    "mfa_list_webauthn": "account, read",
    "account_email_verification_sent": "account, led on",
    "account_set_password": "account, led on",
    "account_confirm_login_code": "account, led on",
    "mfa_authenticate": "account, led on",
    "mfa_reauthenticate": "account, led on",
    "mfa_activate_totp": "account, led on",
    "mfa_generate_recovery_codes": "account, led on",
    "mfa_add_webauthn": "account, led on",
    "mfa_reauthenticate_webauthn": "account, led on",
    "mfa_remove_webauthn": "account, led on",
    "mfa_edit_webauthn": "account, led on",
    "mfa_login_webauthn": "account, led on",
    "account_request_reauthentication_code": "account, not in use",
    "account_confirm_reauthentication_code": "account, not in use",
    "mfa_deactivate_totp": "account, nothing there",
    "mfa_download_recovery_codes": "account, nothing there",
    "mfa_view_recovery_codes": "account, none to read",
    "account_logout": "log-out",
    "logout": "log-out",
    "login": "former address",
    "password_change": "former address",
    "password_change_done": "script",
    "jsi18n": "script",
    "index": "list",
    "app_list": "list",
    "search": "not there",
    "autocomplete": "choices of a field",
    "choose_tenant": "switch of organisation",
    "tenants_tenant_change": "row of owners",
    "connector_store_change": "row of owners",
    "connector_exactgrant_change": "row of owners",
    "connector_connection_change": "row of accountants",
    "tenants_membership_add": "owners add",
    "connector_store_add": "owners add",
    "connector_exactgrant_add": "owners add",
    "connector_connection_add": "owners add",
    "tenants_tenant_add": "superusers",
    "tenants_user_add": "superusers",
    "tenants_user_change": "row of superusers",
    "tenants_membership_change": "own membership",
    "tenants_membership_delete": "own membership, deleted",
    "tenants_membership_invite": "own membership, mailed",
    "connector_bulkrun_stop": "operators press",
    "connector_breaker_try": "operators press",
    "connector_itemlink_take_back": "accountants press",
    "connector_connection_test": "operators look",
    "connector_ordersync_do": "operators do",
    "connector_ordersync_try-cause": "operators press",
    "connector_ordersync_tried": "list",
    "connector_ordersync_csv": "export",
    "connector_ordersync_xlsx": "export",
    "connector_ordersync_evidence": "accountants download",
    "connector_ruleversion_again": "accountants press",
    "connector_connection_do": "accountants press",
    "connector_connection_rules": "accountants edit",
    "connector_connection_what-if": "accountants try",
    "connector_connection_months": "row, read",
    "connector_connection_month": "accountants close",
    "connector_connection_backfill": "accountants begin",
    "connector_connection_shadow": "accountants begin",
    "connector_customerlink_do": "operators confirm",
    "connector_storecustomer_do": "operators confirm",
    "connector_connection_customers": "operators begin",
    "connector_connection_matches": "operators begin",
    "connector_exactgrant_connect": "owners press",
    "connector_exactgrant_confirm": "owners decide",
    "connector_exactgrant_divisions": "owners pick",
    "connector_division_codes": "not there",
}
# Addresses without a name of their own, and those that share one.
ROUTES: Final = {
    "/admin/(?P<url>.*)$": "not there",
    "/get-started/store/": "first step",
    "/get-started/exact/": "first step",
    "/get-started/division/": "later step",
    "/get-started/mapping/": "later step",
    "/get-started/fit/": "later step",
    "/get-started/look/": "later step",
    "/get-started/first/": "later step",
    "/get-started/live/": "later step",
}
_FORMER = re.compile(r"/admin/(?:tenants|connector)/[a-z]+/<path:object_id>/")


def class_of(name: str, route: str) -> str:
    """Return the class of an address. Raises KeyError for one that has none."""
    if found := NAMED.get(name) or ROUTES.get(route):
        return found
    if page := _MODEL_PAGE.fullmatch(name):
        return (OF_THE_PLATFORM if page[1] in _PLATFORM else OF_A_MODEL)[page[2]]
    if not name and _FORMER.fullmatch(route):
        return "former address"
    raise KeyError(f"{name or 'no name'} at {route}: say in tests/tenants/access.py who may open it")


def classified() -> Iterator[tuple[str, str, URLPattern]]:
    """Each address: its class, its route and its pattern."""
    for route, entry in patterns():
        yield class_of(entry.name or "", route), route, entry
