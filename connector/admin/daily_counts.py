"""The pages of the daily figures: documents and money of each day, and refused deliveries."""

from django.contrib import admin

from connector.models import DailyCount, RefusedDeliveries
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(DailyCount)
class DailyCountAdmin(ScopedModelAdmin):
    """The figures of each day. The connector counts them when a document is posted."""

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
    """The number of refused deliveries of a store, by hour (UTC) and status."""

    tenant_path = "store__tenant"
    readonly = True
    list_display = ("hour", "store", "status", "count")
    related = ("store",)
    list_filter = (("store", ScopedRelatedFilter),)
    sortable_by = ()
    ordering = ("-hour", "id")
    fields = ("hour", "store", "status", "count")
