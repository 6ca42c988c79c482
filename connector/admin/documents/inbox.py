"""The inbox: what BigCommerce delivered."""

from django.contrib import admin

from connector.models import Delivery
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(Delivery)
class DeliveryAdmin(ScopedModelAdmin):
    """Accepted webhook requests, newest first."""

    tenant_path = "store__tenant"
    readonly = True
    empty_text = (
        "No store has reported an order yet. It does as soon as one is placed or changed there; when it does not, "
        "Test connection on the connection's page says whether its webhooks are in order."
    )
    list_display = ("id", "scope", "order_id", "store", "proof", "signature", "received_at", "processed_at")
    related = ("store",)
    list_filter = (("store", ScopedRelatedFilter),)
    search_fields = ("order_id__exact",)
    search_help_text = "An order id."
    sortable_by = ()
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("store", "scope", "order_id", "webhook_id")}),
        ("Proof", {"fields": ("proof", "signature")}),
        ("Times", {"fields": ("received_at", "processed_at")}),
        ("As delivered", {"fields": ("body",)}),
    )
