"""The comparisons in shadow mode, and the documents of Exact that one is reading."""

from django.contrib import admin

from connector.models import ShadowDocument, ShadowRun
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(ShadowRun)
class ShadowRunAdmin(ScopedModelAdmin):
    """The comparisons. A page of the connection begins them and shows what they found."""

    tenant_path = "tenant"
    readonly = True
    list_display = ("created_at", "connection", "since", "state", "documents", "actor", "finished_at")
    related = ("connection__store", "connection__division", "actor")
    list_filter = ("state", ("connection", ScopedRelatedFilter))
    sortable_by = ()
    ordering = ("-id",)
    fields = ("connection", "actor", "since", "state", "documents", "created_at", "finished_at")


@admin.register(ShadowDocument)
class ShadowDocumentAdmin(ScopedModelAdmin):
    """The documents that a comparison has read. It forgets them when it is done."""

    tenant_path = "run__tenant"
    readonly = True
    list_display = ("number", "run", "your_ref", "description", "amount", "currency", "dated")
    related = ("run__connection__store", "run__connection__division")
    list_filter = (("run__connection", ScopedRelatedFilter),)
    search_fields = ("number__exact",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("number", "exact_id", "run", "your_ref", "description", "amount", "currency", "dated")
