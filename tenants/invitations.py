"""How a person gets in: a mail with a link that works once and lets them choose a password of their own."""

from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.mail import send_mail
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from unfold.widgets import UnfoldAdminPasswordWidget

from tenants.models import Membership, User

if TYPE_CHECKING:  # generic for the type checker only
    AnySetPasswordForm = SetPasswordForm[User]
else:
    AnySetPasswordForm = SetPasswordForm

log = structlog.get_logger(__name__)

DAYS = settings.PASSWORD_RESET_TIMEOUT // 86_400


def invite(membership: Membership, by: str) -> bool:
    """Mail a new member how to get in; returns whether the mail could leave.

    Whoever has a password already is told to use it: what the owner sees is the same for both. The link goes to the
    person alone, so nobody chooses a password for another.
    """
    person, tenant = membership.user, " ".join(membership.tenant.name.split())
    if person.has_usable_password():
        how = f"Log in with your own password: {settings.PUBLIC_URL}{reverse('admin:login')}"
    else:
        how = f"Choose your password here; the link works once, within {DAYS} days: {_link(person)}"
    text = f"{by} made you a member of {tenant} in ml-connector, as {membership.role}.\n\n{how}\n"
    try:
        send_mail(f"You are a member of {tenant}", text, None, [person.email])
    except OSError as error:
        log.error("invitation_not_mailed", membership=membership.pk, error=type(error).__name__)
        return False
    return True


def _link(person: User) -> str:
    key = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("admin:choose_password", args=[key, default_token_generator.make_token(person)])
    return f"{settings.PUBLIC_URL}{path}"


class ChoosePasswordForm(AnySetPasswordForm):
    """Twice the same password, which follows the rules for passwords."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})


class ChoosePassword(PasswordResetConfirmView):
    """The page behind the link; Django moves the token from the address into the session before it shows anything."""

    form_class = ChoosePasswordForm
    template_name = "admin/choose_password.html"
    success_url = reverse_lazy("admin:login")
    title = "Choose your password"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the portal's looks."""
        return {**admin.site.each_context(self.request), **super().get_context_data(**kwargs)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Send them to the log-in."""
        messages.success(self.request, "Your password is set. Log in with it.")
        return super().form_valid(form)
