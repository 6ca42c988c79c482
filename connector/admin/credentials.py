"""Credentials on a page: whether and since when one is set, never what it is; a new one is typed over it."""

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget

from tenants.models import Tenant
from tenants.scope import active_tenant, may
from tenants.scoped_admin import ScopedForm, ScopedModelAdmin

TYPED = "new_"  # begins the name of a field in which a credential is typed


def typed(help_text: str) -> forms.CharField:
    """Return a field for a new credential: what is typed never comes back, and nothing typed keeps the present one."""
    return forms.CharField(
        required=False,
        max_length=1000,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=help_text,
    )


class CredentialsForm(ScopedForm):
    """Takes new credentials, in fields named `new_…`; a new row needs them all."""

    tenant: ClassVar[Tenant | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adding = self.instance._state.adding
        if adding:
            self.instance.tenant = self.tenant
        for name, field in self.fields.items():
            if name.startswith(TYPED) and adding:
                field.required, field.label = True, name.removeprefix(TYPED).replace("_", " ").capitalize()
            elif name.startswith(TYPED):
                field.help_text = f"{field.help_text} Leave empty to keep the present one."

    def columns(self) -> list[str]:
        """Name the columns that saving writes. The others belong to the worker, and may have changed since."""
        typed_in = any(name.startswith(TYPED) for name in self.changed_data)
        return [*(name.removeprefix(TYPED) for name in self.changed_data), *(["credentials_set"] if typed_in else [])]

    def save(self, commit: bool = True) -> Any:
        """Put the credentials that were typed in their place."""
        for name, value in self.cleaned_data.items():
            if name.startswith(TYPED) and value:
                self.instance.set_credential(name.removeprefix(TYPED), value)
        return super().save(commit)


class CredentialsAdmin(ScopedModelAdmin):
    """Adds the page's `credentials` line. The database tells what is empty, so nothing is decrypted."""

    secrets: ClassVar[tuple[str, ...]]
    fieldsets_when_new: ClassVar[tuple[Any, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Ask of every credential whether there is one."""
        asked = {f"{name}_is_set": ExpressionWrapper(~Q(**{name: ""}), BooleanField()) for name in self.secrets}
        rows: QuerySet[Any] = super().get_queryset(request)
        answered: QuerySet[Any] = rows.annotate(**asked)
        return answered

    @display(description="credentials")
    def credentials(self, obj: Any) -> str:
        """Say of each credential whether it is set, and since when, in the organisation's time."""
        zone = ZoneInfo(obj.tenant.timezone)
        told = ((name.replace("_", " "), *self._told(obj, name, zone)) for name in self.secrets)
        return format_html_join("", "<div>{}: <strong>{}</strong>{}</div>", told)

    def _told(self, obj: Any, name: str, zone: ZoneInfo) -> tuple[str, str]:
        if not getattr(obj, f"{name}_is_set", False):
            return "not set", ""
        since = self.set_on(obj, name)
        return "set", f" on {since.astimezone(zone):%d %B %Y, %H:%M}" if since else ""

    def set_on(self, obj: Any, name: str) -> datetime | None:
        """Return when a credential was set; None for one that is older than such notes."""
        noted = obj.credentials_set.get(name)
        return datetime.fromisoformat(noted) if noted else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let an owner add, where there is a page for it."""
        return bool(self.fieldsets_when_new) and may(request, self.change_roles)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        """Tell the form to which organisation a new row belongs."""
        form: type[Any] = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"tenant": active_tenant(request), "__module__": form.__module__})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for what a new row needs; leave out the fields for credentials where nothing may be typed."""
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
        """Take every field of the page for a new row."""
        return super().get_readonly_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write what was changed and nothing else."""
        if change:
            obj.save(update_fields=form.columns())
        else:
            obj.save()
