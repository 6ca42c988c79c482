"""The pages of an organisation's settings and, for superusers, of all people."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from tenants.accounts.addresses import verify
from tenants.last_owner import why_active, why_superuser
from tenants.members import MembershipAdmin
from tenants.models import TENANT_SETTINGS, Tenant, User
from tenants.scope import scope
from tenants.scoped_admin import PlatformModelAdmin, ScopedForm, ScopedModelAdmin
from tenants.typed import validate_address

__all__ = ["MembershipAdmin", "TenantAdmin", "UserAdmin"]


class TenantForm(ScopedForm):
    """Checks each address for alerts."""

    def clean_alert_emails(self) -> list[str]:
        """Take a JSON list of e-mail addresses. Raises ValidationError for anything else."""
        emails = self.cleaned_data["alert_emails"]
        if not isinstance(emails, list):
            raise ValidationError(_('Give a list, such as ["ops@shop.example"].'))
        for email in emails:
            validate_address(email)
        return emails


@admin.register(Tenant)
class TenantAdmin(ScopedModelAdmin):
    """The active organisation. Superusers add others, and suspend one."""

    tenant_path = "pk"
    form = TenantForm
    list_display = ("name", "slug", "timezone")
    ordering = ("name", "id")
    fields = ("slug", *TENANT_SETTINGS, "suspended", "created_at")
    editable = (*TENANT_SETTINGS, "suspended")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let superusers add an organisation. It has no members yet."""
        return scope(request).superuser

    def get_fields(self, request: HttpRequest, obj: Tenant | None = None) -> tuple[str, ...]:
        """Leave out the date when adding. Only superusers suspend."""
        if obj is None:
            return self.fields[:-2]
        return tuple(name for name in self.fields if name != "suspended" or scope(request).superuser)

    def has_change_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        """Let a superuser change a suspended organisation too, to end that."""
        mine = scope(request)
        return super().has_change_permission(request, obj) or (mine.superuser and mine.tenant is not None)

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> tuple[str, ...]:
        """Make the slug read-only once the organisation exists."""
        return super().get_readonly_fields(request, obj) if obj else ()


class UserForm(ScopedForm):
    """A person. The password is set here and never shown."""

    new_password = forms.CharField(
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty to keep the present password. A person without a password cannot log in."),
    )

    def clean_new_password(self) -> str:
        """Check the password against the rules. Raises ValidationError when it breaks one."""
        password = str(self.cleaned_data["new_password"])
        if password:
            validate_password(password, self.instance)
        return password

    def clean(self) -> dict[str, Any]:
        """Keep the last owner of each organisation, and the last superuser. Raises ValidationError."""
        cleaned = super().clean()
        if not self.instance._state.adding:
            off = not cleaned.get("is_active", True)
            if off and (why := why_active(self.instance)):
                self.add_error("is_active", why)
            if (off or not cleaned.get("is_superuser", True)) and (why := why_superuser(self.instance)):
                self.add_error("is_active" if off else "is_superuser", why)
        return cleaned

    def save(self, commit: bool = True) -> User:
        """Set the password when one is given. A new person without one cannot log in.

        The sessions of a person who is switched off end for good.
        """
        if "is_active" in self.changed_data and not self.cleaned_data["is_active"]:
            self.instance.session_era += 1
        password = self.cleaned_data["new_password"]
        if password or self.instance._state.adding:
            self.instance.set_password(password or None)
        person: User = super().save(commit)
        return person


@admin.register(User)
class UserAdmin(PlatformModelAdmin):
    """All people with a log-in. Nobody is deleted, as the history shows names: an account is switched off instead."""

    form = UserForm
    list_display = ("email", "name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("email__exact",)
    search_help_text = _("An e-mail address, in full.")
    ordering = ("email",)
    fields = ("email", "name", "new_password", "is_active", "is_staff", "is_superuser", "last_login", "date_joined")
    editable = ("email", "name", "new_password", "is_active", "is_staff", "is_superuser")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Let the address that was entered log in, and no former one."""
        super().save_model(request, obj, form, change)
        verify(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let superusers add people."""
        return scope(request).superuser
