"""The pages of the customers and of the account directory."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from connector.models import CustomerLink, DirectoryAccount
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(CustomerLink)
class CustomerLinkAdmin(ScopedModelAdmin):
    """The Exact account of each BigCommerce customer."""

    tenant_path = "store__tenant"
    readonly = True
    list_display = ("customer_key", "account_code", "account_name", "matched_by", "store", "division")
    related = ("store", "division")
    list_filter = (("store", ScopedRelatedFilter),)
    search_fields = ("customer_key__exact", "search_code__exact", "account_code__exact")
    search_help_text = _("A customer id, search code or account code, in full.")
    sortable_by = ()
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("store", "division", "customer_key", "search_code")}),
        (_("Account in Exact"), {"fields": ("account_code", "account_name", "account_id", "matched_by", "sent_at")}),
    )


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
