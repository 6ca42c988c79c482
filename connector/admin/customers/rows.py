"""The rows of customers as they are kept: events, conflicts, matches, runs, deliveries, accounts. Nobody edits one."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from connector.models import (
    CustomerConflict,
    CustomerEvent,
    CustomerMatch,
    CustomerRun,
    DirectoryAccount,
    ExactDelivery,
)
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


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


@admin.register(DirectoryAccount)
class DirectoryAccountAdmin(ScopedModelAdmin):
    """The division's accounts, which customers are matched with."""

    tenant_path = "division__grant__tenant"
    readonly = True
    list_display = ("code", "name", "email", "vat_number", "is_customer", "division")
    related = ("division",)
    list_filter = (("division", ScopedRelatedFilter),)
    search_fields = ("code__exact", "email__exact", "vat_number__exact", "search_code__exact")
    search_help_text = _("An account code, e-mail address, VAT number or search code, in full.")
    sortable_by = ()
    ordering = ("-id",)
    fields = ("division", "code", "name", "search_code", "email", "vat_number", "is_customer", "blocked")
