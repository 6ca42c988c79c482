"""The portal: the admin site that members of a tenant log in to."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from tenants.invitations import ChoosePassword
from tenants.models import User
from tenants.scope import choose_tenant, scope
from tenants.scoped_admin import ScopedModelAdmin


class LogInForm(AuthenticationForm):
    """Lets members log in. Django's own form lets in only staff."""

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("E-mail")
        self.error_messages = {**self.error_messages, "invalid_login": _("E-mail or password is wrong.")}

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Raise ValidationError for an account that is switched off or belongs to no organisation."""
        if not user.is_active:
            raise ValidationError(_("This account is switched off."), code="inactive")
        if isinstance(user, User) and not user.is_superuser and not user.memberships.exists():
            raise ValidationError(
                _("You do not belong to an organisation yet. Ask an owner of your organisation to add you."),
                code="no_membership",
            )


class PortalSite(UnfoldAdminSite):
    """Shows a member the active tenant's rows. Only models with a `ScopedModelAdmin` can be registered."""

    login_form = LogInForm
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

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Raise Http404: Unfold keeps search results per person, so they would stay after a change of tenant."""
        raise Http404(_("There is no search over everything."))
