"""The connector's pages in the portal, one file per group of models."""

from connector.admin import alerts, connections, customers, inbox, ledger, mapping, masterdata

__all__ = ["alerts", "connections", "customers", "inbox", "ledger", "mapping", "masterdata"]
