"""The figures of the first page: each day's documents and money, and the refused deliveries."""

from django.contrib import admin

from connector.models import DailyCount, RefusedDeliveries
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(DailyCount)
class DailyCountAdmin(ScopedModelAdmin):
    """Counted as it happens, never by hand."""

    tenant_path = "connection__store__tenant"
    readonly = True
    list_display = ("day", "connection", "currency", "posted", "posted_amount", "credited", "credited_amount", "held")
    related = ("connection__store", "connection__division")
    list_filter = (("connection", ScopedRelatedFilter),)
    sortable_by = ()
    ordering = ("-day", "connection", "currency", "id")
    fields = ("day", "connection", "currency", "posted", "posted_amount", "credited", "credited_amount", "held")


@admin.register(RefusedDeliveries)
class RefusedDeliveriesAdmin(ScopedModelAdmin):
    """How many deliveries of a store were refused, by hour (UTC) and status."""

    tenant_path = "store__tenant"
    readonly = True
    list_display = ("hour", "store", "status", "count")
    related = ("store",)
    list_filter = (("store", ScopedRelatedFilter),)
    sortable_by = ()
    ordering = ("-hour", "id")
    fields = ("hour", "store", "status", "count")
