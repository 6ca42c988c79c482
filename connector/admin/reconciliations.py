"""The comparisons of the store with the books: each run, and what differed."""

from django.contrib import admin

from connector.models import Discrepancy, ReconciliationRun, RunDocument
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(ReconciliationRun)
class ReconciliationRunAdmin(ScopedModelAdmin):
    """The runs: which period was compared, by whom, and whether it is complete."""

    tenant_path = "tenant"
    readonly = True
    list_display = ("first", "last", "connection", "state", "complete", "actor", "finished_at")
    related = ("connection__store", "connection__division", "actor")
    list_filter = ("state", "complete", ("connection", ScopedRelatedFilter))
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        *("connection", "division", "first", "last", "zone", "rules", "actor", "created_at", "state", "problem"),
        *("complete", "calls_store", "calls_exact", "finished_at"),
    )


@admin.register(Discrepancy)
class DiscrepancyAdmin(ScopedModelAdmin):
    """The differences that the runs found, with both figures."""

    tenant_path = "run__tenant"
    readonly = True
    list_display = ("kind", "order_id", "reference", "expected", "found", "state", "owner", "created_at")
    related = ("owner",)
    list_filter = ("state", "kind", ("run__connection", ScopedRelatedFilter))
    search_fields = ("order_id__exact", "reference__exact", "exact_number__exact")
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        *("run", "kind", "order_id", "reference", "document", "exact_number", "expected", "found", "amount"),
        *("currency", "remedy", "state", "owner", "reason", "changed_at"),
    )


@admin.register(RunDocument)
class RunDocumentAdmin(ScopedModelAdmin):
    """The documents that a run in progress expects in Exact."""

    tenant_path = "run__tenant"
    readonly = True
    list_display = ("document", "run", "seen")
    related = ("run__connection__store", "run__connection__division", "document__connection__store")
    list_filter = ("seen",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("run", "document", "seen")
