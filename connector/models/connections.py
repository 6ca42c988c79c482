"""The two sides and what joins them: Store, ExactGrant, Division, Connection."""

import secrets
import uuid
from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenants.fields import SecretField
from tenants.models import Tenant, validate_time_zone


class Health(models.TextChoices):
    """Whether the credentials of one side still work."""

    ACTIVE = "active"
    RECONNECT = "reconnect"


class WebhookAuth(models.TextChoices):
    """What proves that a delivery is BigCommerce's."""

    EITHER = "either"
    SIGNATURE = "signature"
    SECRET = "secret"


def new_hook_secret() -> str:
    """Return a fresh value for the header that only BigCommerce and we know."""
    return secrets.token_urlsafe(32)


class Credentialed(models.Model):
    """A row with credentials of which it is known since when they are what they are."""

    credentials_set = models.JSONField(
        default=dict, editable=False, help_text="Name of a credential → when it was set, ISO 8601 UTC."
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note of a new row's credentials that they are set now."""
        if self._state.adding:
            secrets_ = [field.name for field in self._meta.fields if isinstance(field, SecretField)]
            self._note([name for name in secrets_ if getattr(self, name) and name not in self.credentials_set])
        super().save(*args, **kwargs)

    def set_credential(self, name: str, value: str) -> None:
        """Put a credential in its place and note when; not saved, and `credentials_set` is to be saved with it."""
        setattr(self, name, value)
        self._note([name])

    def _note(self, names: list[str]) -> None:
        now = timezone.now().isoformat(timespec="seconds")
        self.credentials_set = {**self.credentials_set, **dict.fromkeys(names, now)}


class Store(Credentialed):
    """A BigCommerce store and the API account we read it with."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="stores")
    name = models.CharField(max_length=200)
    store_hash = models.CharField(
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]{4,20}$", "4 to 20 of a-z and 0-9, as in the API path.")],
    )
    client_id = models.CharField(max_length=200)
    client_secret = SecretField(default="", blank=True)
    access_token = SecretField(default="", blank=True)
    webhook_uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hook_secret = SecretField(default=new_hook_secret, editable=False)
    hook_secret_previous = SecretField(default="", blank=True, editable=False)
    hook_secret_previous_until = models.DateTimeField(null=True, editable=False, help_text="Both are good until then.")
    webhook_auth = models.CharField(
        max_length=20,
        choices=WebhookAuth.choices,
        default=WebhookAuth.EITHER,
        help_text="What proves that a request is BigCommerce's. Either: our own header, when it is there, decides; "
        "else the signature. Signature or secret: that one must be there and right.",
    )
    prefix = models.CharField(
        max_length=10,
        validators=[RegexValidator(r"^[A-Z0-9]{2,10}$", "2 to 10 of A-Z and 0-9.")],
        help_text="Begins our reference on every invoice; frozen after the first document.",
    )
    currency = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=2, blank=True)
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    prices_include_tax = models.BooleanField(null=True)
    state = models.CharField(max_length=20, choices=Health.choices, default=Health.ACTIVE)
    closed_until = models.DateTimeField(null=True, editable=False, help_text="A limit was hit: no call before this.")
    hooks_tried_at = models.DateTimeField(null=True, editable=False)
    hooks_checked_at = models.DateTimeField(null=True, editable=False, help_text="When its hooks were last in order.")
    # By the store's own clock: where the poll began, and up to which change it has read.
    polled_from = models.DateTimeField(null=True, editable=False)
    polled_until = models.DateTimeField(null=True, editable=False)
    polled_at = models.DateTimeField(null=True, editable=False)
    ledger_checked_at = models.DateTimeField(null=True, editable=False)
    ledger_complete_at = models.DateTimeField(null=True, editable=False)
    calls_left = models.IntegerField(null=True, editable=False)
    calls_limit = models.IntegerField(null=True, editable=False)
    calls_end_at = models.DateTimeField(null=True, editable=False, help_text="When the window of 30 s ends.")
    refused_times = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # A division belongs to one tenant, so once per tenant is once per division.
            models.UniqueConstraint(fields=["tenant", "prefix"], name="store_prefix_once_a_tenant"),
            models.CheckConstraint(condition=Q(state__in=Health.values), name="store_state_known"),
            models.CheckConstraint(condition=Q(webhook_auth__in=WebhookAuth.values), name="store_webhook_auth_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.store_hash})"


class ExactGrant(Credentialed):
    """An OAuth consent on one Exact region. The refresh token is single use: see flow/tokens."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="grants")
    name = models.CharField(max_length=200)
    region = models.CharField(max_length=2, help_text="nl, be, de, uk, fr, es or us")
    client_id = models.CharField(max_length=200)
    client_secret = SecretField(default="", blank=True)
    webhook_secret = SecretField(default="", blank=True)
    access_token = SecretField(default="", blank=True)
    access_expires_at = models.DateTimeField(null=True, editable=False)
    refresh_token = SecretField(default="", blank=True)
    refresh_expires_at = models.DateTimeField(null=True, editable=False)
    # SHA-256 of every refresh token that was handed in, so that an old file never brings back a dead one.
    imported_fingerprints = models.JSONField(default=list, editable=False)
    refreshed_at = models.DateTimeField(null=True, editable=False)
    # Changes with every new consent, so that a failure of an older one is told from one of this.
    consented_at = models.DateTimeField(null=True, editable=False)
    consented_by = models.CharField(max_length=254, blank=True, editable=False, help_text="Who connected it here.")
    exact_user_id = models.CharField(max_length=40, blank=True, editable=False)
    exact_user_name = models.CharField(max_length=200, blank=True, editable=False)
    reachable = models.JSONField(default=list, editable=False, help_text="The divisions that it reaches, as last read.")
    refresh_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    refresh_after = models.DateTimeField(null=True, editable=False, help_text="Exact gave no token: not asked before.")
    kept_alive_at = models.DateTimeField(null=True, editable=False, help_text="When an idle one was last refreshed.")
    state = models.CharField(max_length=20, choices=Health.choices, default=Health.ACTIVE)
    lease_token = models.BigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "Exact consent"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="grant_name_once_a_tenant"),
            models.CheckConstraint(condition=Q(state__in=Health.values), name="grant_state_known"),
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
    woken_at = models.DateTimeField(null=True, editable=False)
    closed_until = models.DateTimeField(null=True, editable=False, help_text="A limit was hit: no call before this.")
    minute_calls_left = models.IntegerField(null=True, editable=False)
    minute_calls_limit = models.IntegerField(null=True, editable=False)
    minute_ends_at = models.DateTimeField(null=True, editable=False)
    day_calls_left = models.IntegerField(null=True, editable=False)
    day_calls_limit = models.IntegerField(null=True, editable=False)
    day_calls_read_at = models.DateTimeField(null=True, editable=False)
    day_ends_at = models.DateTimeField(null=True, editable=False)
    # 429s in a row, for the backoff when they do not say how long.
    refused_times = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    accounts_timestamp = models.BigIntegerField(default=0, editable=False)
    numbers_read_at = models.DateTimeField(null=True, editable=False)
    # Periods that a refusal told to be closed, as pairs of ISO dates: no call is spent on them before the next pull.
    closed_periods = models.JSONField(default=list, editable=False)
    master_data_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="division_once_an_installation")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class Mode(models.TextChoices):
    """What a connection does with an order."""

    OFF = "off"
    SHADOW = "shadow"
    APPROVAL = "approval"
    LIVE = "live"


class Policy(models.TextChoices):
    """What happens when a posted order is refunded or cancelled."""

    CREDIT = "credit"
    REVIEW = "review"
    IGNORE = "ignore"


class EditPolicy(models.TextChoices):
    """What happens when a posted order is edited."""

    REVIEW = "review"
    CREDIT_AND_REPOST = "credit_and_repost"
    IGNORE = "ignore"


class CustomerStrategy(models.TextChoices):
    """How an order finds its account in Exact."""

    MATCH_OR_CREATE = "match_or_create"
    MATCH = "match"
    COLLECTIVE = "collective"


class ItemStrategy(models.TextChoices):
    """How an order line finds its item in Exact."""

    SKU_THEN_DEFAULT = "sku_then_default"
    SKU = "sku"
    DEFAULT = "default"


def default_post_statuses() -> list[int]:
    """Return the paid statuses: shipped, partially shipped, awaiting pickup, shipment, fulfilment; completed."""
    return [2, 3, 8, 9, 10, 11]


def default_vat_number_fields() -> list[str]:
    """Return the names of the form fields in which shops commonly ask for a VAT number."""
    return ["VAT number", "VAT Number", "VAT ID", "BTW-nummer", "USt-IdNr.", "Numéro de TVA"]


class Connection(models.Model):
    """Store → Division, with every setting that decides what is posted. Codes are Exact's."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="connections")
    division = models.ForeignKey(Division, models.PROTECT, related_name="connections")
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.SHADOW)
    paused_mode = models.CharField(max_length=20, blank=True, choices=Mode.choices, editable=False)
    schedule = models.CharField(max_length=60, default="immediate")
    run_requested_at = models.DateTimeField(null=True, editable=False)
    start_date = models.DateField(help_text="Orders placed before this day, in the store's time zone, are skipped.")
    document = models.CharField(
        max_length=20,
        choices=[("sales_invoice", "Sales invoice"), ("sales_entry", "Sales entry")],
        default="sales_invoice",
    )
    finalize = models.BooleanField(default=False, help_text="Print the invoice with the template; it is final then.")
    invoice_template = models.CharField(max_length=200, blank=True)
    journal = models.CharField(max_length=20)
    post_statuses = models.JSONField(default=default_post_statuses)
    test_orders = models.BooleanField(default=False)

    customer_strategy = models.CharField(max_length=20, choices=CustomerStrategy.choices, default="match_or_create")
    guest_strategy = models.CharField(max_length=20, choices=CustomerStrategy.choices, default="match_or_create")
    customer_direction = models.CharField(max_length=20, default="both")
    collective_account = models.CharField(max_length=20, blank=True)

    item_strategy = models.CharField(max_length=20, choices=ItemStrategy.choices, default="sku_then_default")
    item_default = models.CharField(max_length=60, blank=True)
    item_shipping = models.CharField(max_length=60, blank=True)
    item_handling = models.CharField(max_length=60, blank=True)
    item_wrapping = models.CharField(max_length=60, blank=True)
    item_fee = models.CharField(max_length=60, blank=True)
    item_gift_certificate = models.CharField(max_length=60, blank=True)
    item_rounding = models.CharField(max_length=60, blank=True)

    rounding_limit = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal("0.00"))
    rounding_gl_account = models.CharField(max_length=20, blank=True)
    vat_rounding = models.CharField(max_length=10, choices=[("line", "per line"), ("code", "per code")], default="line")
    force_vat = models.BooleanField(default=False)
    vat_number_fields = models.JSONField(default=default_vat_number_fields)
    refunds = models.CharField(max_length=20, choices=Policy.choices, default=Policy.REVIEW)
    cancellations = models.CharField(max_length=20, choices=Policy.choices, default=Policy.REVIEW)
    edits = models.CharField(max_length=20, choices=EditPolicy.choices, default=EditPolicy.REVIEW)
    credit_sign = models.CharField(
        max_length=10, choices=[("quantity", "quantity"), ("price", "price")], default="quantity"
    )
    order_refund_vat = models.CharField(
        max_length=10, choices=[("pro_rata", "pro rata"), ("hold", "hold")], default="pro_rata"
    )
    invoice_date = models.CharField(
        max_length=10,
        choices=[("order", "order"), ("post", "post")],
        default="order",
        help_text="Given when the invoice is printed. Without finalising this cannot act: Exact dates the invoice.",
    )
    closed_period = models.CharField(
        max_length=20, choices=[("hold", "hold"), ("first_open", "first open")], default="hold"
    )
    gift_certificates = models.CharField(
        max_length=10, choices=[("multi", "multi"), ("single", "single")], default="multi"
    )
    payments = models.CharField(max_length=10, choices=[("off", "off"), ("receipts", "receipts")], default="off")
    receipt_journal = models.CharField(max_length=20, blank=True, default="", db_default="")
    receivable_account = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="Empty: the division's only one of that type."
    )
    gift_certificate_account = models.CharField(max_length=20, blank=True, default="", db_default="")
    store_credit_account = models.CharField(max_length=20, blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "division"], name="connection_once"),
            models.UniqueConstraint(
                fields=["store"],
                condition=Q(mode__in=["approval", "live"]),
                name="connection_one_posts_a_store",
            ),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="connection_mode_known"),
            models.CheckConstraint(condition=Q(rounding_limit__gte=0), name="connection_rounding_limit_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.store.name} → {self.division}"
