"""The page of the installation's numbers, which `/metrics` shows."""

from django.contrib import admin

from connector.models import Tally
from tenants.scoped_admin import PlatformModelAdmin


@admin.register(Tally)
class TallyAdmin(PlatformModelAdmin):
    """The numbers of the installation. They are of all organisations together, so only superusers see them."""

    readonly = True
    list_display = ("name", "label", "value")
    sortable_by = ()
    ordering = ("name", "label")
    fields = ("name", "label", "value")
