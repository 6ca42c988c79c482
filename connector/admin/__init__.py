"""The connector's pages in the portal, one file per group of models."""

from connector.admin import (
    alerts,
    breakers,
    bulk,
    connections,
    customers,
    daily,
    grants,
    inbox,
    ledger,
    mapping,
    masterdata,
    stores,
)

__all__ = [
    "alerts",
    "breakers",
    "bulk",
    "connections",
    "customers",
    "daily",
    "grants",
    "inbox",
    "ledger",
    "mapping",
    "masterdata",
    "stores",
]
