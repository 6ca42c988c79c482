"""The pages on which an owner adds members by e-mail, changes their roles and removes them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminEmailInputWidget

from tenants.invitations import TOO_MANY, invite, may_mail
from tenants.last_owner import why_owners_stay
from tenants.models import Membership, Role, Tenant, User
from tenants.scope import active_tenant, may
from tenants.scoped_admin import ScopedForm, ScopedModelAdmin
from tenants.typed import ADDRESS_LENGTH


class NewMemberForm(ScopedForm):
    """A person by e-mail address. The form does not show whether the address has a log-in already."""

    tenant: Tenant | None = None
    request: HttpRequest | None = None
    email = forms.EmailField(
        max_length=ADDRESS_LENGTH,
        label=gettext_lazy("E-mail address"),
        widget=UnfoldAdminEmailInputWidget(),
        help_text=gettext_lazy("They get a mail with a link, and choose their own password."),
    )

    class Meta:
        model = Membership
        fields = ("role",)

    def clean_email(self) -> str:
        """Return the address. Raises ValidationError when the person is a member already."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if Membership.objects.filter(tenant=self.tenant, user__email=email).exists():
            raise ValidationError(_("They are a member already."))
        return email

    def clean(self) -> dict[str, Any]:
        """Count the invitation. Raises ValidationError when there were too many today."""
        cleaned = super().clean()
        asks = self.request if self.tenant and not self.errors else None
        if asks and self.tenant and not may_mail(asks, self.tenant.pk, cleaned["email"]):
            self.add_error("email", TOO_MANY)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Make the person when the address is new. They cannot log in before they choose a password."""
        email = self.cleaned_data["email"]
        known = User.objects.filter(email=email).first()
        self.instance.user = known or User.objects.create_user(email)
        self.instance.tenant = self.tenant
        return super().save(commit)


@admin.register(Membership)
class MembershipAdmin(ScopedModelAdmin):
    """The members of the active organisation. Nobody changes their own membership, so an owner always stays."""

    tenant_path = "tenant"
    list_display = ("user", "role", "tenant")
    list_filter = ("role",)
    related = ("user", "tenant")
    ordering = ("user__email", "id")
    fields = ("user", "tenant", "role")
    editable = ("role",)
    change_form_template = "admin/member.html"

    def get_urls(self) -> list[Any]:
        """Add the address of a new invitation before the page's own, which matches every other address."""
        view = self.admin_site.admin_view(self.invite_view)
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/invite/", view, name="tenants_membership_invite"), *super().get_urls()]

    def invite_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Mail the invitation again. Raises PermissionDenied when the person may not change the member."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        membership: Membership = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, membership):
            raise PermissionDenied
        if may_mail(request, membership.tenant_id, membership.user.email):
            _mail(request, membership)
        else:
            messages.error(request, TOO_MANY)
        return HttpResponseRedirect(reverse("admin:tenants_membership_change", args=[membership.pk]))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Do not load password hashes."""
        return super().get_queryset(request).defer("user__password")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let an owner add, and a superuser who has chosen an organisation."""
        return may(request, self.change_roles)

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Let an owner change the others' roles."""
        return super().has_change_permission(request, obj) and not _own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Let an owner remove the others."""
        return may(request, self.change_roles) and not _own(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        """Ask for an address when adding. The organisation is always the active one."""
        if change:
            return super().get_form(request, obj, change=change, **kwargs)
        form = super().get_form(request, obj, change=change, **{**kwargs, "form": NewMemberForm})
        known = {"tenant": active_tenant(request), "request": request, "__module__": form.__module__}
        return type("NewMember", (form,), known)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Propose the role that may do least."""
        return {"role": Role.VIEWER}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Show the person, or ask for an address when adding."""
        return self.fields if obj else ("email", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        """Make no field read-only when adding."""
        return super().get_readonly_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Mail a new member how to log in. Raises PermissionDenied when no owner would be left."""
        if change:
            _require_an_owner(obj, leaving=obj.role != Role.OWNER)
        super().save_model(request, obj, form, change)
        if not change:
            _mail(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove the member. Raises PermissionDenied when no owner would be left."""
        _require_an_owner(obj, leaving=True)
        super().delete_model(request, obj)


def _own(request: HttpRequest, membership: Membership | None) -> bool:
    return membership is not None and membership.user_id == request.user.pk


def _require_an_owner(membership: Membership, *, leaving: bool) -> None:
    """Raise PermissionDenied when no owner would be left."""
    if leaving and (why := why_owners_stay(membership)):
        raise PermissionDenied(why)


def _mail(request: HttpRequest, membership: Membership) -> None:
    person = {"person": membership.user}
    if invite(membership, str(request.user)):
        messages.success(request, _("%(person)s got an invitation by mail.") % person)
    else:
        messages.warning(request, _("No mail could be sent to %(person)s. Try again from the member's page.") % person)
