"""The backfills of each connection, their orders, and the documents of Exact that were read for them."""

from django.contrib import admin

from connector.models import BackfillDocument, BackfillOrder, BackfillRun
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter

NUMBERS = ("orders", "queued", "adopted", "likely", "skipped")


@admin.register(BackfillRun)
class BackfillRunAdmin(ScopedModelAdmin):
    """The backfills. A page of the connection begins them."""

    tenant_path = "tenant"
    readonly = True
    list_display = ("created_at", "connection", "since", "until", "dry_run", "state", *NUMBERS, "actor", "finished_at")
    related = ("connection__store", "connection__division", "actor")
    list_filter = ("state", "dry_run", ("connection", ScopedRelatedFilter))
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        *("connection", "actor", "since", "until", "dry_run", "state", "step", "expected", "documents", *NUMBERS),
        *("created_at", "finished_at"),
    )


@admin.register(BackfillOrder)
class BackfillOrderAdmin(ScopedModelAdmin):
    """The orders of the backfills, by number, and what became of them."""

    tenant_path = "run__tenant"
    readonly = True
    list_display = ("order_id", "run", "day", "total", "currency", "outcome")
    related = ("run__connection__store", "run__connection__division")
    list_filter = ("outcome", ("run__connection", ScopedRelatedFilter))
    search_fields = ("order_id__exact",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("order_id", "run", "day", "total", "currency", "outcome", "document")


@admin.register(BackfillDocument)
class BackfillDocumentAdmin(ScopedModelAdmin):
    """The documents of Exact that are orders', or may be."""

    tenant_path = "run__tenant"
    readonly = True
    list_display = ("number", "run", "your_ref", "description", "amount", "currency", "dated")
    related = ("run__connection__store", "run__connection__division")
    list_filter = (("run__connection", ScopedRelatedFilter),)
    search_fields = ("number__exact",)
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        *("number", "exact_id", "is_entry", "run", "your_ref", "description", "order_number"),
        *("amount", "currency", "dated"),
    )
