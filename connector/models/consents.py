"""A consent that is being given: begun here, given at Exact, returned to the callback address."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.models.exact import ExactGrant
from tenants.fields import SealedModel, SecretField
from tenants.models import Tenant


class ConsentRequest(SealedModel):
    """One press of "Connect to Exact". Its state is valid once, in time, for the same session and person."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="consent_requests")
    grant = models.ForeignKey(ExactGrant, models.CASCADE, related_name="consent_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consent_requests")
    # SHA-256: a reader of the table can neither forge the state nor take over the session.
    state_hash = models.CharField(max_length=64, unique=True, editable=False)
    session_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, editable=False)
    # The tokens that Exact gave for the code, until the grant uses or refuses them. Never the grant's own pair.
    pair = SecretField(default="", blank=True)
    # A new secret of the app, until a consent has proved it. Empty: the grant's own is used.
    client_secret = SecretField(default="", db_default="", blank=True)
    exact_user_id = models.CharField(max_length=40, blank=True, editable=False)
    exact_user_name = models.CharField(max_length=200, blank=True, editable=False)
    reachable = models.JSONField(default=list, editable=False, help_text=_("The divisions that it reaches."))
    getting_started = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("It was begun in Get started.")
    )
    refusal = models.CharField(max_length=20, blank=True, default="", db_default="", editable=False)
    concerns = models.JSONField(default=list, editable=False, help_text=_("What differs from the consent in use."))

    class Meta:
        verbose_name = _("consent request")
        indexes = [models.Index(fields=["grant", "-id"])]

    def __str__(self) -> str:
        return gettext("Consent for %(name)s") % {"name": self.grant.name}
