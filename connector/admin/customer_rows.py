"""The rows of customers, as they are kept. Nobody edits them here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from connector.models import (
    CustomerConflict,
    CustomerEvent,
    CustomerMatch,
    CustomerRun,
    ExactDelivery,
    StoreCustomer,
)
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(StoreCustomer)
class StoreCustomerAdmin(ScopedModelAdmin):
    """The store's customers, as last read."""

    tenant_path = "store__tenant"
    readonly = True
    list_display = ("customer_key", "name", "email", "vat_number", "store", "modified_at")
    related = ("store",)
    list_filter = (("store", ScopedRelatedFilter),)
    search_fields = ("customer_key__exact", "email__exact")
    search_help_text = _("A customer id or an e-mail address, in full.")
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        *("store", "customer_key", "first_name", "last_name", "company", "email", "phone", "language"),
        *("vat_number", "chamber_of_commerce", "peppol_id", "modified_at", "read_at", "deleted_at"),
    )


@admin.register(CustomerEvent)
class CustomerEventAdmin(ScopedModelAdmin):
    """What happened to customers."""

    tenant_path = "tenant"
    readonly = True
    list_display = ("at", "customer_key", "kind", "origin", "group", "actor", "store")
    related = ("store", "actor")
    list_filter = ("kind", "origin", ("store", ScopedRelatedFilter))
    search_fields = ("customer_key__exact", "account_id__exact")
    search_help_text = _("A customer id or an account's id, in full.")
    sortable_by = ()
    ordering = ("-id",)
    fields = ("at", "store", "division", "customer_key", "account_id", "kind", "origin", "group", "actor")


@admin.register(CustomerConflict)
class CustomerConflictAdmin(ScopedModelAdmin):
    """Details that both sides changed."""

    tenant_path = "link__store__tenant"
    readonly = True
    list_display = ("link", "group", "opened_at", "decision", "decided_by", "decided_at")
    related = ("link__store", "decided_by")
    list_filter = ("group", "decision")
    sortable_by = ()
    ordering = ("-id",)
    fields = ("link", "group", "opened_at", "decision", "decided_by", "decided_at")


@admin.register(CustomerMatch)
class CustomerMatchAdmin(ScopedModelAdmin):
    """What the match of each customer came to."""

    tenant_path = "customer__store__tenant"
    readonly = True
    list_display = ("customer", "outcome", "division", "choice", "chosen_by", "matched_at")
    related = ("customer__store", "division", "chosen_by")
    list_filter = ("outcome", ("division", ScopedRelatedFilter))
    sortable_by = ()
    ordering = ("-id",)
    fields = ("customer", "division", "outcome", "choice", "chosen_by", "chosen_at", "matched_at")


@admin.register(CustomerRun)
class CustomerRunAdmin(ScopedModelAdmin):
    """The runs over all customers."""

    tenant_path = "tenant"
    readonly = True
    list_display = ("created_at", "connection", "what", "state", "linked", "created", "updated", "ambiguous")
    related = ("connection__store", "connection__division")
    list_filter = ("what", "state", ("connection", ScopedRelatedFilter))
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        *("connection", "what", "actor", "state", "step", "accounts", "customers", "handled"),
        *("linked", "created", "updated", "ambiguous", "created_at", "finished_at"),
    )


@admin.register(ExactDelivery)
class ExactDeliveryAdmin(ScopedModelAdmin):
    """The inbox of Exact's webhook."""

    tenant_path = "division__grant__tenant"
    readonly = True
    list_display = ("received_at", "topic", "action", "record_id", "division", "processed_at")
    related = ("division",)
    list_filter = ("topic", ("division", ScopedRelatedFilter))
    search_fields = ("record_id__exact",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("division", "topic", "action", "record_id", "received_at", "processed_at")
