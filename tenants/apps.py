"""The app of organisations and the people in them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Tenant, User, Membership, the admin site and the scoped admin base."""

    name = "tenants"
    verbose_name = _("Organisation")
