"""The page of the chains of hashes: how far each connection's has come."""

from django.contrib import admin

from connector.models import Chain
from tenants.scoped_admin import ScopedModelAdmin


@admin.register(Chain)
class ChainAdmin(ScopedModelAdmin):
    """The last entry of each connection's chain. Its number and hash are what a person keeps elsewhere."""

    tenant_path = "connection__store__tenant"
    readonly = True
    list_display = ("connection", "number", "hash", "begun_at")
    related = ("connection__store", "connection__division")
    sortable_by = ()
    ordering = ("connection",)
    fields = ("connection", "number", "hash", "begun_at")
