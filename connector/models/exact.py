"""The Exact side: a consent and the divisions that it reaches."""

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from connector.models.credentials import Credentialed, Health
from tenants.fields import SecretField
from tenants.models import Tenant
from tenants.typed import name_constraint, validate_name


class ExactGrant(Credentialed):
    """An OAuth consent on one Exact region. The refresh token is single use: see flow/outbound/access_tokens."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="grants")
    name = models.CharField(max_length=200, validators=[validate_name])
    region = models.CharField(max_length=2, help_text=_("nl, be, de, uk, fr, es or us"))
    client_id = models.CharField(max_length=200)
    client_secret = SecretField(default="", blank=True)
    webhook_secret = SecretField(default="", blank=True)
    access_token = SecretField(default="", blank=True)
    access_expires_at = models.DateTimeField(null=True, editable=False)
    refresh_token = SecretField(default="", blank=True)
    refresh_expires_at = models.DateTimeField(null=True, editable=False)
    # SHA-256 of every imported refresh token, so that an old file never brings back a used one.
    imported_fingerprints = models.JSONField(default=list, editable=False)
    refreshed_at = models.DateTimeField(null=True, editable=False)
    # Changes with every new consent, so that a failure of an older consent is recognised.
    consented_at = models.DateTimeField(null=True, editable=False)
    consented_by = models.CharField(max_length=254, blank=True, editable=False, help_text=_("Who connected it here."))
    exact_user_id = models.CharField(max_length=40, blank=True, editable=False)
    exact_user_name = models.CharField(max_length=200, blank=True, editable=False)
    reachable = models.JSONField(
        default=list, editable=False, help_text=_("The divisions that it reaches, as last read.")
    )
    refresh_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    refresh_after = models.DateTimeField(
        null=True, editable=False, help_text=_("Exact gave no token. It is not asked before this time.")
    )
    kept_alive_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When it was last refreshed while idle.")
    )
    state = models.CharField(max_length=20, choices=Health.choices, default=Health.ACTIVE)
    lease_token = models.BigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Exact consent")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="grant_name_once_a_tenant"),
            models.CheckConstraint(condition=Q(state__in=Health.values), name="grant_state_known"),
            name_constraint("grant"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.region})"


class Division(models.Model):
    """An Exact administration: the lane. Leases, budgets and the order of posting are per division."""

    grant = models.ForeignKey(ExactGrant, models.PROTECT, related_name="divisions")
    region = models.CharField(max_length=2, editable=False)
    code = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=2, blank=True)
    lease_token = models.BigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=100, blank=True, editable=False)
    woken_at = models.DateTimeField(
        null=True, editable=False, help_text=_("Since when it stands in the queue; empty while it does not.")
    )
    handed_back = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("It stands there after a turn.")
    )
    closed_until = models.DateTimeField(
        null=True, editable=False, help_text=_("A limit was reached. No call before this time.")
    )
    minute_calls_left = models.IntegerField(null=True, editable=False)
    minute_calls_limit = models.IntegerField(null=True, editable=False)
    minute_ends_at = models.DateTimeField(null=True, editable=False)
    day_calls_left = models.IntegerField(null=True, editable=False)
    day_calls_limit = models.IntegerField(null=True, editable=False)
    day_calls_read_at = models.DateTimeField(null=True, editable=False)
    day_ends_at = models.DateTimeField(null=True, editable=False)
    # 429s in a row, for the backoff when they do not say how long to wait.
    refused_times = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    accounts_timestamp = models.BigIntegerField(default=0, editable=False)
    accounts_read_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When all changed accounts were last read; empty when that is too old.")
    )
    # Accounts that could not be read: what is wrong with each, by its name in Exact's list.
    odd_accounts = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)
    # sync/Deleted: where the list of deleted records was last read to.
    deleted_timestamp = models.BigIntegerField(default=0, db_default=0, editable=False)
    has_forgotten = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("A customer with an account in it was forgotten.")
    )
    # Exact's webhook for changed accounts. It has an address once it is needed.
    webhook_uuid = models.UUIDField(null=True, unique=True, editable=False)
    webhook_id = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    webhook_checked_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When its webhook was last looked at.")
    )
    # Until then the ledger may not know what was posted, because a backup was restored; see flow/ledger/restored.
    restored_at = models.DateTimeField(null=True, editable=False)
    recovering = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("Nothing is posted until it was recovered.")
    )
    numbers_read_at = models.DateTimeField(null=True, editable=False)
    # Closed periods, known from refusals, as pairs of ISO dates. No call is made for them before the next pull.
    closed_periods = models.JSONField(default=list, editable=False)
    master_data_at = models.DateTimeField(null=True, editable=False)
    # Which division a person chose in Get started, and the read of its master data by a worker.
    chosen_at = models.DateTimeField(null=True, editable=False)
    pull_alive_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When the read was asked for or last got on; empty when none is due.")
    )
    pull = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="division_once_an_installation")]
        indexes = [models.Index(fields=["woken_at"], name="division_in_the_queue", condition=Q(woken_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()
