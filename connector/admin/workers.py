"""The page of the workers."""

from django.contrib import admin

from connector.models import Worker
from tenants.scoped_admin import PlatformModelAdmin


@admin.register(Worker)
class WorkerAdmin(PlatformModelAdmin):
    """The workers as they were last seen. They work for all organisations, so only superusers see them."""

    readonly = True
    list_display = ("name", "seen_at", "late")
    sortable_by = ()
    ordering = ("-seen_at", "name")
    fields = ("name", "seen_at", "late")
