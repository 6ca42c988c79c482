"""The page of the inbox: what BigCommerce delivered."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from connector.models import Delivery
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(Delivery)
class DeliveryAdmin(ScopedModelAdmin):
    """Accepted webhook requests, newest first."""

    tenant_path = "store__tenant"
    newest_of = "store"
    readonly = True
    empty_text = _(
        "No store has reported an order yet. A store reports an order when it is placed or changed. "
        "Test connection on the connection's page shows whether its webhooks are in order."
    )
    list_display = (
        "id",
        "scope",
        "order_id",
        "customer_id",
        "store",
        "proof",
        "signature",
        "received_at",
        "processed_at",
    )
    related = ("store",)
    list_filter = (("store", ScopedRelatedFilter),)
    search_fields = ("order_id__exact", "customer_id__exact")
    search_help_text = _("An order id, or a customer's.")
    sortable_by = ()
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("store", "scope", "order_id", "customer_id", "webhook_id")}),
        (_("Proof"), {"fields": ("proof", "signature")}),
        (_("Times"), {"fields": ("received_at", "processed_at")}),
        (_("As delivered"), {"fields": ("body",)}),
    )
