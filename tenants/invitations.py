"""Invites a new member by mail. The link works once and opens a page to choose a password."""

from typing import TYPE_CHECKING, Any

import structlog
from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from unfold.widgets import UnfoldAdminPasswordWidget

from tenants.accounts.addresses import verify
from tenants.languages import of_reader
from tenants.models import Membership, User

if TYPE_CHECKING:  # generic for the type checker only
    AnySetPasswordForm = SetPasswordForm[User]
else:
    AnySetPasswordForm = SetPasswordForm

log = structlog.get_logger(__name__)

DAYS = settings.PASSWORD_RESET_TIMEOUT // 86_400


TOO_MANY = gettext_lazy("Too many invitations were mailed today. Mail this one tomorrow.")


def may_mail(request: HttpRequest, tenant_id: int, email: str) -> bool:
    """Return whether one more invitation may be mailed today, and count it: by person, organisation and address."""
    counted = consume(request, action="invite", key=email.lower())
    return counted and consume(request, action="invite_of_organisation", key=str(tenant_id))


def invite(membership: Membership, by: str) -> bool:
    """Mail a new member how to log in; returns whether the mail was sent.

    A person who has a password gets the log-in address instead of a link. The owner sees no difference. Only the
    person gets the link, so nobody else chooses the password.
    """
    person = membership.user
    with override(of_reader(person.email, membership.tenant.language)):
        subject, text = _written(membership, by)
    try:
        send_mail(subject, text, None, [person.email])
    except OSError as error:
        log.error("invitation_not_mailed", membership=membership.pk, error=type(error).__name__)
        return False
    return True


def _written(membership: Membership, by: str) -> tuple[str, str]:
    person, tenant = membership.user, " ".join(membership.tenant.name.split())
    if person.has_usable_password():
        address = f"{settings.PUBLIC_URL}{reverse('account_login')}"
        how = _("Log in with your own password: %(address)s") % {"address": address}
    else:
        how = _("Choose your password here. The link works once, within %(days)s days: %(address)s") % {
            "days": DAYS,
            "address": _link(person),
        }
    what = _("%(person)s made you a member of %(organisation)s in ml-connector, as %(role)s.") % {
        "person": by,
        "organisation": tenant,
        "role": membership.get_role_display(),
    }
    return _("You are a member of %(organisation)s") % {"organisation": tenant}, f"{what}\n\n{how}\n"


def _link(person: User) -> str:
    key = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("admin:choose_password", args=[key, default_token_generator.make_token(person)])
    return f"{settings.PUBLIC_URL}{path}"


class ChoosePasswordForm(AnySetPasswordForm):
    """Asks twice for the same password and checks it against the rules for passwords."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})


class ChoosePassword(PasswordResetConfirmView):
    """The page of the link. Django moves the token from the address into the session before it shows anything."""

    form_class = ChoosePasswordForm
    template_name = "admin/choose_password.html"
    success_url = reverse_lazy("account_login")
    title = gettext_lazy("Choose your password")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what every page of the portal shows."""
        return {**admin.site.each_context(self.request), **super().get_context_data(**kwargs)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on to the log-in page. The link came by mail, so the address is proved."""
        verify(form.user)
        messages.success(self.request, _("Your password is set. Log in with it."))
        return super().form_valid(form)
