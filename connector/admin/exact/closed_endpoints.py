"""The page of Exact's endpoints that refused too often, with the button that allows one call."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.documents.actions import actor_of
from connector.flow.actions.connections import try_endpoint
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.outbound import circuit_breaker
from connector.models import Breaker
from tenants.roles import OPERATORS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin


@admin.register(Breaker)
class BreakerAdmin(ScopedModelAdmin):
    """Exact's refusals of the last hour, by endpoint."""

    tenant_path = "division__grant__tenant"
    readonly = True
    list_display = ("endpoint", "division", "refusals", "open_until")
    related = ("division",)
    ordering = ("-id",)
    change_form_template = "admin/connector/breaker.html"
    fields = ("division", "endpoint", "refusals", "open_until", "tried_at", "last_error")

    def get_urls(self) -> list[Any]:
        """Add the address of the button before the page's own, which matches every other address."""
        view = self.admin_site.admin_view(self.try_view)
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/try/", view, name="connector_breaker_try"), *super().get_urls()]

    def try_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Allow one call, with the person's reason. Raises PermissionDenied for other roles."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may(request, OPERATORS):
            raise PermissionDenied
        breaker: Breaker = self.get_object(request, unquote(object_id))
        try:
            try_endpoint(breaker, actor_of(request), request.POST.get("reason", "").strip())
        except NotPossible as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _tried(breaker))
        return HttpResponseRedirect(reverse("admin:connector_breaker_change", args=[breaker.pk]))

    @display(description=gettext_lazy("refusals within the hour"))
    def refusals(self, obj: Breaker) -> str:
        """Count the errors. The endpoint closes at eight; Exact blocks the app at more than ten."""
        return str(len(circuit_breaker.recent(obj, database_now())))


def _tried(breaker: Breaker) -> str:
    """Return what happens next: orders and customers' details are tried apart."""
    if breaker.endpoint.endswith(circuit_breaker.OF_CUSTOMERS):
        return _("The next customer whose details go to Exact is tried. If it succeeds, the others follow.")
    return _("The next order that needs this endpoint is tried. If it succeeds, the others follow.")
