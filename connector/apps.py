"""The app that turns orders into invoices."""

from django.apps import AppConfig


class ConnectorConfig(AppConfig):
    """Stores, divisions, rules, the inbox and the ledger."""

    name = "connector"
    verbose_name = "Connector"
