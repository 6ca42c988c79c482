"""The list of closed months, with who closed each and why."""

from django.contrib import admin

from connector.models import ClosedMonth
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(ClosedMonth)
class ClosedMonthAdmin(ScopedModelAdmin):
    """The closed months, and those that were opened again. They are closed and opened on the month's page."""

    tenant_path = "connection__store__tenant"
    readonly = True
    list_display = ("month", "connection", "closed_at", "closed_by", "reason", "opened_at", "opened_by")
    related = ("connection__store", "connection__division", "closed_by", "opened_by")
    list_filter = (("connection", ScopedRelatedFilter),)
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        *("connection", "month", "run", "closed_at", "closed_by", "reason"),
        *("opened_at", "opened_by", "opened_because"),
    )
