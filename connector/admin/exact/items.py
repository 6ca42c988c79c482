"""The items that were found or made for SKUs, with the button that takes one back."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.documents.actions import actor_of
from connector.flow.actions.items import take_back
from connector.flow.actions.transaction import NotPossible
from connector.models import ItemLink
from tenants.roles import ACCOUNTANTS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(ItemLink)
class ItemLinkAdmin(ScopedModelAdmin):
    """What unknown SKUs became in Exact, the newest first."""

    tenant_path = "division__grant__tenant"
    readonly = True
    list_display = ("code", "sku", "name", "made", "taken_back_at", "order_id", "division", "created_at")
    related = ("division",)
    list_filter = ("made", ("division", ScopedRelatedFilter))
    search_fields = ("code__exact", "sku__exact")
    search_help_text = gettext_lazy("A code or a SKU, in full.")
    sortable_by = ()
    ordering = ("-id",)
    change_form_template = "admin/connector/item_link.html"
    fields = (
        "division",
        "sku",
        "code",
        "name",
        "made",
        "order_id",
        "item_id",
        "sent_at",
        "found_at",
        "taken_back_at",
        "created_at",
    )

    def get_urls(self) -> list[Any]:
        """Add the address of the button before the page's own, which matches every other address."""
        view = self.admin_site.admin_view(self.take_back_view)
        vars(view)["model_admin"] = self
        own = path("<path:object_id>/take-back/", view, name="connector_itemlink_take_back")
        return [own, *super().get_urls()]

    def take_back_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Delete the item in Exact, with the person's reason. Raises PermissionDenied for other roles."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may(request, ACCOUNTANTS):
            raise PermissionDenied
        link: ItemLink = self.get_object(request, unquote(object_id))
        try:
            take_back(link, actor_of(request), request.POST.get("reason", "").strip())
        except NotPossible as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Exact does not have the item any more. The next order of its SKU makes it."))
        return HttpResponseRedirect(reverse("admin:connector_itemlink_change", args=[link.pk]))
