"""The second factor: an authenticator app or a passkey, with recovery codes. A setting says who must have one."""

import secrets
from base64 import b32encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.accounts import factor_secrets
from tenants.models import Role, User
from tenants.sealed import KeyMissing, Moved

log = structlog.get_logger(__name__)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of apps and recovery codes encrypted as credentials are."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("The code is wrong or too old."),
        "cannot_delete_authenticator": gettext_lazy("A second factor is required here. Add another one first."),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt for the database, for the person who sets the factor up."""
        person = getattr(context.request, "user", None)
        return factor_secrets.sealed_for(str(getattr(person, "pk", None) or ""), text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt what the database holds. A secret that is another person's, or without its key, fits no code."""
        try:
            return factor_secrets.of_its_own_person(encrypted_text)
        except (KeyMissing, Moved) as error:
            log.error("second_factor_not_read", error=type(error).__name__)
            return b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        """Return the name under which an app lists the account."""
        return "ml-connector"

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """Propose a name for the next passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the host of PUBLIC_URL, whatever host the request names."""
        theirs: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {"id": urlsplit(settings.PUBLIC_URL).hostname or theirs["id"], "name": "ml-connector"}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last one of a person who must have one."""
        return (
            not must_have_one(authenticator.user) or _factors(authenticator.user).exclude(pk=authenticator.pk).exists()
        )


def must_have_one(person: User) -> bool:
    """Return whether REQUIRE_SECOND_FACTOR includes the person. `owners` includes who runs the platform."""
    if settings.REQUIRE_SECOND_FACTOR == "owners":
        return person.is_superuser or person.memberships.filter(role=Role.OWNER).exists()
    return bool(settings.REQUIRE_SECOND_FACTOR)


def _factors(person: User) -> QuerySet[Any]:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=person, type__in=kinds)


def guard(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lead a person who must have a second factor and has none to its page, before any page of the portal."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_SECOND_FACTOR and request.path.startswith(settings.PORTAL_PAGES):
            person = request.user
            if isinstance(person, User) and must_have_one(person) and not _factors(person).exists():
                messages.warning(request, _("A second factor is required here. Set one up to go on."))
                return HttpResponseRedirect(reverse("mfa_index"))
        return get_response(request)

    return answer
