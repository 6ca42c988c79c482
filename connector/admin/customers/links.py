"""The list of all customers, and the page of one who has an account."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.http import urlencode
from django.utils.text import capfirst

from connector.admin.customers.actions import act_view
from connector.admin.customers.listing import Asked, listed, number_of
from connector.admin.customers.page import customer_view
from connector.admin.customers.pairs import COLOURS, WORDS, Visible
from connector.models import Connection, CustomerLink, Store
from tenants.scope import active_tenant
from tenants.scoped_admin import ScopedModelAdmin, visible_rows

MOST_CONNECTIONS, MOST_STORES = 20, 100


@admin.register(CustomerLink)
class CustomerLinkAdmin(ScopedModelAdmin):
    """Every customer: who has an account, and who has none yet."""

    tenant_path = "store__tenant"
    readonly = True
    related = ("store", "division")

    class Media:
        css: Mapping[str, Any] = {"all": ["connector/ledger.css", "connector/customers.css"]}

    def get_urls(self) -> list[Any]:
        """Add the address of the actions before the page's own, which matches every other address."""
        view = self.admin_site.admin_view(partial(act_view, self))
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/do/<slug:name>/", view, name="connector_customerlink_do"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the customers of both tables. Raises PermissionDenied for a person who has no role."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        stores = visible_rows(self.admin_site, Store, request)
        asked, visible = Asked.of(request.GET.dict()), Visible.to(request, self.admin_site)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": capfirst(str(self.opts.verbose_name_plural)),
            "asked": asked,
            "found": listed(visible, asked),
            "chips": _chips(request, visible, asked),
            "stores": list(stores.order_by("name", "pk").values_list("pk", "name")[:MOST_STORES]),
            "connections": list(visible_rows(self.admin_site, Connection, request)[:MOST_CONNECTIONS]),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/connector/customers/list.html", context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> TemplateResponse:
        """Show both sides beside each other. Raises PermissionDenied for a POST: buttons have their own addresses."""
        return customer_view(self, request, object_id, form_url, extra_context)


def _chips(request: HttpRequest, visible: Visible, asked: Asked) -> list[dict[str, Any]]:
    """Return the states with how many customers each has, and the address of their list."""
    if active_tenant(request) is None:
        return []
    kept = {"store": asked.store} if asked.store is not None else {}
    found = []
    for state in WORDS:
        number, chosen = number_of(visible, state, asked.store), state == asked.state
        found.append(
            {
                "label": f"{WORDS[state]} {number}",
                "colour": COLOURS[state] if number != "0" else "",
                "url": f"?{urlencode(kept if chosen else {**kept, 'state': state.value})}",
                "chosen": chosen,
            }
        )
    return found
