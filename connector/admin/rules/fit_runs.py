"""The pages of the tries: which orders were tried against a connection's rules, and how it went."""

from django.contrib import admin

from connector.models import FitOrder, FitRun
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(FitRun)
class FitRunAdmin(ScopedModelAdmin):
    """The tries of each connection. Get started and the rules begin them."""

    tenant_path = "tenant"
    readonly = True
    list_display = ("created_at", "connection", "days", "state", "done", "actor", "finished_at")
    related = ("connection__store", "connection__division", "actor")
    list_filter = ("state", ("connection", ScopedRelatedFilter))
    sortable_by = ()
    ordering = ("-id",)
    fields = ("connection", "actor", "created_at", "days", "most", "version", "state", "done", "finished_at")


@admin.register(FitOrder)
class FitOrderAdmin(ScopedModelAdmin):
    """The orders of the tries, by number. What each would become stands on the page of its try."""

    tenant_path = "run__tenant"
    readonly = True
    list_display = ("order_id", "run")
    related = ("run__connection__store", "run__connection__division")
    list_filter = (("run__connection", ScopedRelatedFilter),)
    search_fields = ("order_id__exact",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("order_id", "run")
