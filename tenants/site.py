"""The portal: the admin site that members of a tenant log in to."""

from collections.abc import Iterable
from typing import Any

from allauth.account.views import logout as log_out
from django.contrib.admin import ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from tenants.invitations import ChoosePassword
from tenants.scope import choose_tenant, scope
from tenants.scoped_admin import ScopedModelAdmin


class PortalSite(UnfoldAdminSite):
    """Shows a member the active tenant's rows. Only models with a `ScopedModelAdmin` can be registered."""

    index_title = gettext_lazy("Home")

    def has_permission(self, request: HttpRequest) -> bool:
        """Allow active people who belong to a tenant, and superusers."""
        mine = scope(request)
        return mine.superuser or bool(mine.memberships)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return no list of all models for the side bar, which has its own: no page shows that list."""
        return super().get_app_list(request, app_label) if app_label else []

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: "type[ModelAdmin[Any]] | None" = None,
        **options: Any,
    ) -> None:
        """Register our own models. Raises ImproperlyConfigured for one without a `ScopedModelAdmin`.

        Models of other packages have no tenant and are not shown: groups, which we do not use, and the queue, which
        has nothing that the ledger does not have.
        """
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in {"tenants", "connector"}]
        if ours and not (admin_class and issubclass(admin_class, ScopedModelAdmin)):
            raise ImproperlyConfigured(f"{ours[0].__name__} must be registered with a ScopedModelAdmin.")
        super().register(ours, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """Add the tenant switch and the first password. Leave out "view on site", which shows any row of any model."""
        switch = path("tenant/", self.admin_view(choose_tenant), name="choose_tenant")
        chosen = path("password/<uidb64>/<token>/", ChoosePassword.as_view(), name="choose_password")
        return [switch, chosen, *(url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site")]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the log-in, and back to the page that was asked for."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return render(request, "account/no_organisation.html", status=403)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Log out as everywhere else."""
        return log_out(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the page that all people use."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Raise Http404: Unfold keeps search results per person, so they would stay after a change of tenant."""
        raise Http404(_("There is no search over everything."))
