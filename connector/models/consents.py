"""A consent on its way: begun here, agreed to at Exact, brought back to the callback address."""

from django.conf import settings
from django.db import models

from connector.models.exact import ExactGrant
from tenants.fields import SecretField
from tenants.models import Tenant


class ConsentRequest(models.Model):
    """One press of "Connect to Exact". Its state comes back once, in time, to the same session and person."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="consent_requests")
    grant = models.ForeignKey(ExactGrant, models.CASCADE, related_name="consent_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consent_requests")
    # SHA-256: whoever reads the table can neither forge the state nor take over the session.
    state_hash = models.CharField(max_length=64, unique=True, editable=False)
    session_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, editable=False)
    # What Exact gave for the code, until it is the grant's or refused. Never the grant's own pair.
    pair = SecretField(default="", blank=True)
    exact_user_id = models.CharField(max_length=40, blank=True, editable=False)
    exact_user_name = models.CharField(max_length=200, blank=True, editable=False)
    reachable = models.JSONField(default=list, editable=False, help_text="The divisions that it reaches.")
    concerns = models.JSONField(default=list, editable=False, help_text="What differs from the consent in use.")

    class Meta:
        verbose_name = "consent request"
        indexes = [models.Index(fields=["grant", "-id"])]

    def __str__(self) -> str:
        return f"Consent for {self.grant.name}"
