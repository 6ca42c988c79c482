"""The app of organisations and the people in them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tenants.column_words import give_words


class TenantsConfig(AppConfig):
    """Tenant, User, Membership, the admin site and the scoped admin base."""

    name = "tenants"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        """Name the tables and columns in the reader's language."""
        give_words(self)
