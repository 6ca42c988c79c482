"""The set-up of the demo as a provision file: one tenant, four stores, three Exact divisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from connector.sandbox.catalogue import SHOPS, Shop

Json = dict[str, Any]

DIVISIONS: Mapping[str, int] = {"nlshop1": 100001, "nltrade1": 100001, "frshop1": 200002, "lushop1": 300003}
EU = ["NL", "BE", "DE", "FR", "LU"]
EXPORT = ["CH", "GB", "US", "CA"]
# A rate needs no rule when exactly one of the division's codes fits it. The rules are for the other rates.
TENANT = {
    "slug": "demo",
    "name": "Demo",
    "timezone": "Europe/Amsterdam",
    "alert_emails": ["owner@demo.example"],
}
ITEMS = {
    "strategy": "sku_then_default",
    "default": "WEBSHOP",
    "shipping": "SHIP",
    "handling": "WEBSHOP",
    "wrapping": "WEBSHOP",
    "fee": "WEBSHOP",
    "gift_certificate": "GIFT",
    "rounding": "ROUND",
}


def provision_file(exact: Json, *, password: str, shops: Sequence[Shop] = SHOPS) -> Json:
    """The provision file of the demo. `exact` is the grant's part, with its client and its refresh token."""
    file = {
        "tenant": TENANT,
        "users": [{"email": "owner@demo.example", "password": password, "role": "owner"}],
        "exact": [exact],
        "stores": [_store(shop) for shop in shops],
        "connections": [_connection(shop) for shop in shops],
    }
    return deepcopy(file)  # so that a caller can change it


def _store(shop: Shop) -> Json:
    return {
        "name": shop.name,
        "store_hash": shop.store_hash,
        "client_id": shop.client_id,
        "client_secret": shop.client_secret,
        "access_token": shop.access_token,
        "webhook_auth": "either",
        "prefix": shop.prefix,
    }


def _connection(shop: Shop) -> Json:
    return {
        "store": shop.store_hash,
        "division": DIVISIONS[shop.store_hash],
        "mode": "live",
        "schedule": "immediate",
        "start_date": "2026-01-01",
        "document": "sales_invoice",
        "finalize": True,
        "invoice_template": "Webshop",
        "journal": "70",
        "customers": {"strategy": "match_or_create", "guests": "match_or_create", "direction": "both"},
        "items": ITEMS,
        "rules": _rules(shop),
        "vat": _vat(shop),
        "payment_conditions": [
            {"when": {"payment_method": "PayPal"}, "code": "PP"},
            {"when": {"payment_method": "Bank Deposit"}, "code": "30"},
            {"when": {}, "code": "00"},
        ],
        "rounding": {"limit": "0.05", "gl_account": "4900"},
        "b2b_foreign_vat": "note",  # one order of the demo is of a business in Germany that paid German VAT
    }


def _rules(shop: Shop) -> list[Json]:
    """The rules for revenue: by kind of line first, then by ship-to country, then by product."""
    abroad = [country for country in (*EU, *EXPORT) if country != shop.country]
    return [
        _rule(10, {"line": "shipping"}, "8100", "ONLINE"),
        _rule(20, {"line": "handling"}, "8100", "ONLINE"),
        _rule(30, {"line": "wrapping"}, "8300", "ONLINE"),
        _rule(40, {"line": "fee"}, "8200", "ONLINE"),
        _rule(50, {"line": "gift_certificate"}, "1540"),
        _rule(100, {"line": "product", "country": ["US"], "state": ["California"]}, "8020", "US-WEST"),
        _rule(110, {"line": "product", "country": ["US", "CA"]}, "8020", "ONLINE"),
        _rule(120, {"line": "product", "country": ["DE"]}, "8020", "EU-EAST"),
        _rule(130, {"line": "product", "country": abroad}, "8020", "EU-WEST"),
        _rule(200, {"line": "product", "sku": ["BOOK-*", "EBOOK-*"]}, "8010", "EU-WEST"),
        _rule(1000, {}, "8000", "EU-WEST"),
    ]


def _rule(priority: int, when: Json, gl_account: str, cost_center: str = "") -> Json:
    """One rule for a GL account. Some accounts, such as liabilities, take no cost centre."""
    then = {"gl_account": gl_account} | ({"cost_center": cost_center} if cost_center else {})
    return {"priority": priority, "when": when, "then": then}


def _vat(shop: Shop) -> list[Json]:
    """The VAT rules that the division needs, because it has several codes without VAT."""
    others = [country for country in EU if country != shop.country]
    rules: list[Json] = [
        {"when": {"country": EXPORT, "rate": "0"}, "code": "6"},
        {"when": {"country": others, "b2b": True, "rate": "0"}, "code": "7"},
        {"when": {"line": "shipping", "country": [shop.country], "rate": "0"}, "code": "0"},
    ]
    if shop.country == "LU":
        rules += [
            {"when": {"country": ["LU"], "rate": "3"}, "code": "3E"},
            {"when": {"line": "shipping", "country": ["LU"], "rate": "1"}, "code": "1E"},
        ]
    return rules
