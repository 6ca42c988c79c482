"""What django-allauth asks the project: how mails leave, where their links lead, and what is said."""

from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from tenants.accounts.addresses import verify
from tenants.languages import of_reader

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Log-in by e-mail address. People come by invitation or by Get started, never by allauth's own sign-up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("E-mail or password is wrong."),
        "incorrect_password": gettext_lazy("The password is wrong."),
        "incorrect_code": gettext_lazy("The code is wrong or too old."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait five minutes, or choose a new password by mail."),
        "rate_limited": gettext_lazy("Too many tries. Wait a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: allauth's own form would make a person without an organisation."""
        return False

    def pre_login(self, request: HttpRequest, user: Any, **details: Any) -> HttpResponse | None:
        """Count the person's own address as verified: nobody has a password who did not get it by mail or by hand."""
        answer: HttpResponse | None = super().pre_login(request, user, **details)
        if answer is None:
            verify(user)
        return answer

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it in the reader's language. A mail that cannot leave is logged and said on the page; the rest of the
        step goes on."""
        try:
            with override(of_reader(email, get_language() or "")):
                super().send_mail(template_prefix, email, context)
        except OSError as error:
            log.error("account_mail_not_sent", mail=template_prefix, error=type(error).__name__)
            messages.error(self.request, _("The mail could not be sent. Try again in a few minutes."))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits count by: the one that the outermost trusted proxy saw.

        A request that came past the proxies counts by who sent it; all that came by a socket file count together.
        """
        try:
            address: str = super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            return str(request.META.get("REMOTE_ADDR") or "127.0.0.1")
        return address

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to the portal's own address, whatever host the request names."""
        address: str = super().get_reset_password_from_key_url(key)
        return f"{settings.PUBLIC_URL}{urlsplit(address).path}" if settings.PUBLIC_URL else address
