"""The app that turns orders into invoices."""

from django.apps import AppConfig

from tenants.column_words import give_words


class ConnectorConfig(AppConfig):
    """Stores, divisions, rules, the inbox and the ledger."""

    name = "connector"
    verbose_name = "Connector"

    def ready(self) -> None:
        """Name the tables and columns in the reader's language."""
        give_words(self)
