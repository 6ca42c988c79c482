"""The page of a customer of the store, who may have no account yet."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from connector.admin.customers.actions import act_view
from connector.admin.customers.page import customer_view
from connector.models import StoreCustomer
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

    class Media:
        css: Mapping[str, Any] = {"all": ["connector/ledger.css", "connector/customers.css"]}

    def get_urls(self) -> list[Any]:
        """Add the address of the actions before the page's own, which matches every other address."""
        view = self.admin_site.admin_view(partial(act_view, self))
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/do/<slug:name>/", view, name="connector_storecustomer_do"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> TemplateResponse:
        """Show the customer beside the account, where there is one. Raises PermissionDenied for a POST."""
        return customer_view(self, request, object_id, form_url, extra_context)
