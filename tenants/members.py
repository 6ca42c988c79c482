"""The members of an organisation: added by e-mail, given another role, removed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from unfold.widgets import UnfoldAdminEmailInputWidget

from tenants.invitations import invite
from tenants.models import Membership, Role, Tenant, User
from tenants.scope import active_tenant, may
from tenants.scoped_admin import ScopedForm, ScopedModelAdmin


class NewMemberForm(ScopedForm):
    """A person by e-mail address, whether or not somebody of that address is known here: nobody is told which."""

    tenant: Tenant | None = None
    email = forms.EmailField(
        label="E-mail address",
        widget=UnfoldAdminEmailInputWidget(),
        help_text="They are mailed how to get in, and choose their own password.",
    )

    class Meta:
        model = Membership
        fields = ("role",)

    def clean_email(self) -> str:
        """Refuse who is a member already."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if Membership.objects.filter(tenant=self.tenant, user__email=email).exists():
            raise ValidationError("They are a member already.")
        return email

    def save(self, commit: bool = True) -> Any:
        """Make the person when the address is new. They cannot log in before they have chosen a password."""
        email = self.cleaned_data["email"]
        known = User.objects.filter(email=email).first()
        self.instance.user = known or User.objects.create_user(email)
        self.instance.tenant = self.tenant
        return super().save(commit)


@admin.register(Membership)
class MembershipAdmin(ScopedModelAdmin):
    """Who belongs to the active organisation. Nobody changes their own place, so an owner always stays."""

    tenant_path = "tenant"
    list_display = ("user", "role", "tenant")
    list_filter = ("role",)
    related = ("user", "tenant")
    ordering = ("user__email", "id")
    fields = ("user", "tenant", "role")
    editable = ("role",)
    change_form_template = "admin/member.html"

    def get_urls(self) -> list[Any]:
        """Add the address that mails again, before the page's own, which takes whatever is left."""
        view = self.admin_site.admin_view(self.invite_view)
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/invite/", view, name="tenants_membership_invite"), *super().get_urls()]

    def invite_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Mail a member once more how to get in."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        membership: Membership = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, membership):
            raise PermissionDenied
        _mail(request, membership)
        return HttpResponseRedirect(reverse("admin:tenants_membership_change", args=[membership.pk]))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Leave the people's password hashes where they are."""
        return super().get_queryset(request).defer("user__password")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let an owner add, and a superuser to the organisation that is chosen."""
        return may(request, self.change_roles)

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Let an owner change the others' roles."""
        return super().has_change_permission(request, obj) and not _own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Let an owner remove the others."""
        return may(request, self.change_roles) and not _own(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        """Ask for an address when adding; the organisation can only be the active one."""
        if change:
            return super().get_form(request, obj, change=change, **kwargs)
        form = super().get_form(request, obj, change=change, **{**kwargs, "form": NewMemberForm})
        return type("NewMember", (form,), {"tenant": active_tenant(request), "__module__": form.__module__})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Propose the role that may do least."""
        return {"role": Role.VIEWER}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Show the person, who never changes, or ask for one."""
        return self.fields if obj else ("email", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        """Ask for both when adding."""
        return super().get_readonly_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Mail a new member how to get in."""
        if change:
            _require_an_owner(obj, leaving=obj.role != Role.OWNER)
        super().save_model(request, obj, form, change)
        if not change:
            _mail(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove, unless nobody would be left to mind the others."""
        _require_an_owner(obj, leaving=True)
        super().delete_model(request, obj)


def _own(request: HttpRequest, membership: Membership | None) -> bool:
    return membership is not None and membership.user_id == request.user.pk


def _require_an_owner(membership: Membership, *, leaving: bool) -> None:
    """Two owners who remove each other at once must not both succeed: the organisation's row makes them take turns.

    Raises PermissionDenied.
    """
    Tenant.objects.select_for_update().get(pk=membership.tenant_id)
    others = Membership.objects.filter(tenant=membership.tenant_id, role=Role.OWNER).exclude(pk=membership.pk)
    if leaving and not others.exists():
        raise PermissionDenied("An organisation needs an owner.")


def _mail(request: HttpRequest, membership: Membership) -> None:
    if invite(membership, str(request.user)):
        messages.success(request, f"{membership.user} was mailed how to get in.")
    else:
        messages.warning(request, f"No mail could be sent to {membership.user}. Try again from the member's page.")
