"""Credentials on a page: whether and since when each is set, never its value. A person can enter a new one."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.admin import display
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget

from tenants.models import Tenant
from tenants.scope import active_tenant, may
from tenants.scoped_admin import ScopedForm, ScopedModelAdmin

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TYPED = "new_"  # the beginning of the name of each field for a new credential
CREDENTIAL_NAMES = {
    "client_secret": gettext_lazy("client secret"),
    "access_token": gettext_lazy("access token"),
    "refresh_token": gettext_lazy("refresh token"),
    "webhook_secret": gettext_lazy("webhook secret"),
    "hook_secret": gettext_lazy("hook secret"),
    "hook_secret_previous": gettext_lazy("previous hook secret"),
}


def typed(help_text: "str | _StrPromise") -> forms.CharField:
    """Return a field for a new credential. Its value is never shown. An empty field keeps the present one."""
    return forms.CharField(
        required=False,
        max_length=1000,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=help_text,
    )


class CredentialsForm(ScopedForm):
    """Takes new credentials in fields named `new_…`. A new row needs all of them."""

    tenant: ClassVar[Tenant | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adding = self.instance._state.adding
        if adding:
            self.instance.tenant = self.tenant
        for name, field in self.fields.items():
            if name.startswith(TYPED) and adding:
                field.required, field.label = True, capfirst(CREDENTIAL_NAMES[name.removeprefix(TYPED)])
            elif name.startswith(TYPED):
                field.label = _("New %(credential)s") % {"credential": CREDENTIAL_NAMES[name.removeprefix(TYPED)]}
                field.help_text = " ".join((str(field.help_text), _("Leave empty to keep the present one.")))

    def columns(self) -> list[str]:
        """Return the columns to save. A worker may have changed the others."""
        typed_in = any(name.startswith(TYPED) for name in self.changed_data)
        return [*(name.removeprefix(TYPED) for name in self.changed_data), *(["credentials_set"] if typed_in else [])]

    def save(self, commit: bool = True) -> Any:
        """Save the row with the new credentials."""
        for name, value in self.cleaned_data.items():
            if name.startswith(TYPED) and value:
                self.instance.set_credential(name.removeprefix(TYPED), value)
        return super().save(commit)


class CredentialsAdmin(ScopedModelAdmin):
    """Adds the line `credentials` to the page. The database says which are empty, so nothing is decrypted."""

    secrets: ClassVar[tuple[str, ...]]
    fieldsets_when_new: ClassVar[tuple[Any, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Add to each row whether each credential is set."""
        asked = {f"{name}_is_set": ExpressionWrapper(~Q(**{name: ""}), BooleanField()) for name in self.secrets}
        rows: QuerySet[Any] = super().get_queryset(request)
        answered: QuerySet[Any] = rows.annotate(**asked)
        return answered

    @display(description=gettext_lazy("credentials"))
    def credentials(self, obj: Any) -> str:
        """Show whether and since when each credential is set, in the organisation's time zone."""
        zone = ZoneInfo(obj.tenant.timezone)
        rows = ((CREDENTIAL_NAMES[name], *self._status(obj, name, zone)) for name in self.secrets)
        return format_html_join("", "<div>{}: <strong>{}</strong>{}</div>", rows)

    def _status(self, obj: Any, name: str, zone: ZoneInfo) -> tuple[str, str]:
        if not getattr(obj, f"{name}_is_set", False):
            return _("not set"), ""
        since = self.set_on(obj, name)
        if since is None:
            return _("set"), ""
        return _("set"), _(" on %(date)s") % {"date": date_format(since.astimezone(zone), "DATETIME_FORMAT")}

    def set_on(self, obj: Any, name: str) -> datetime | None:
        """Return when a credential was set; None when that was not recorded."""
        noted = obj.credentials_set.get(name)
        return datetime.fromisoformat(noted) if noted else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let an owner add a row, if there is a page to add one."""
        return bool(self.fieldsets_when_new) and may(request, self.change_roles)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        """Set the organisation of a new row on the form."""
        form: type[Any] = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"tenant": active_tenant(request), "__module__": form.__module__})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the fields that a new row needs. Hide the fields for credentials from a person who may not change."""
        if obj is None and self.fieldsets_when_new:
            return self.fieldsets_when_new
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {**how, "fields": tuple(name for name in how["fields"] if not str(name).startswith(TYPED))})
            for title, how in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Make no field of a new row read-only."""
        return super().get_readonly_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save only the changed columns."""
        if change:
            obj.save(update_fields=form.columns())
        else:
            obj.save()
