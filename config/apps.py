"""The admin app, with the portal's own site as the default one."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Makes every `@admin.register` go to the tenant-scoped site."""

    default_site = "tenants.site.PortalSite"
