"""A BigCommerce store, its API account and its webhooks."""

import secrets
import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connector.domain.choices import WebhookAuth
from connector.models.choice_words import named
from connector.models.credentials import Credentialed, Health
from tenants.fields import SecretField
from tenants.models import Tenant, validate_time_zone
from tenants.typed import name_constraint, validate_name


def new_hook_secret() -> str:
    """Return a fresh value for the header that only BigCommerce and we know."""
    return secrets.token_urlsafe(32)


class Store(Credentialed):
    """A BigCommerce store and the API account we read it with."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="stores")
    name = models.CharField(max_length=200, validators=[validate_name])
    store_hash = models.CharField(
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]{4,20}$", _("4 to 20 of a-z and 0-9, as in the API path."))],
    )
    client_id = models.CharField(max_length=200)
    client_secret = SecretField(default="", blank=True)
    access_token = SecretField(default="", blank=True)
    webhook_uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hook_secret = SecretField(default=new_hook_secret, editable=False)
    hook_secret_previous = SecretField(default="", blank=True, editable=False)
    hook_secret_previous_until = models.DateTimeField(
        null=True, editable=False, help_text=_("Both are valid until then.")
    )
    webhook_auth = models.CharField(
        max_length=20,
        choices=named(WebhookAuth),
        default=WebhookAuth.EITHER,
        help_text=_(
            "What proves that a request is BigCommerce's. Either: our own header decides when it is present, else the "
            "signature. Signature or secret: that one must be present and right."
        ),
    )
    prefix = models.CharField(
        max_length=10,
        validators=[RegexValidator(r"^[A-Z0-9]{2,10}$", _("2 to 10 of A-Z and 0-9."))],
        help_text=_("Begins our reference on every invoice; frozen after the first document."),
    )
    currency = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=2, blank=True)
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    prices_include_tax = models.BooleanField(null=True)
    state = models.CharField(max_length=20, choices=Health.choices, default=Health.ACTIVE)
    closed_until = models.DateTimeField(
        null=True, editable=False, help_text=_("A limit was reached. No call before this time.")
    )
    hooks_tried_at = models.DateTimeField(null=True, editable=False)
    hooks_checked_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When its hooks were last in order.")
    )
    # By the store's own clock: where the poll began, and the last change that it has read.
    polled_from = models.DateTimeField(null=True, editable=False)
    polled_until = models.DateTimeField(null=True, editable=False)
    polled_at = models.DateTimeField(null=True, editable=False)
    ledger_checked_at = models.DateTimeField(null=True, editable=False)
    # By the store's own clock: the last change of a customer that was read; and when, by the database's clock.
    customers_read_until = models.DateTimeField(null=True, editable=False)
    customers_read_at = models.DateTimeField(null=True, editable=False)
    has_forgotten = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("A customer of it was forgotten, at some time.")
    )
    books_compared_at = models.DateTimeField(null=True, editable=False)
    ledger_complete_at = models.DateTimeField(null=True, editable=False)
    calls_left = models.IntegerField(null=True, editable=False)
    calls_limit = models.IntegerField(null=True, editable=False)
    calls_end_at = models.DateTimeField(null=True, editable=False, help_text=_("When the window of 30 s ends."))
    refused_times = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # A division belongs to one tenant, so once per tenant is once per division.
            models.UniqueConstraint(fields=["tenant", "prefix"], name="store_prefix_once_a_tenant"),
            models.CheckConstraint(condition=Q(state__in=Health.values), name="store_state_known"),
            models.CheckConstraint(
                condition=Q(webhook_auth__in=list(map(str, WebhookAuth))), name="store_webhook_auth_known"
            ),
            name_constraint("store"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.store_hash})"
