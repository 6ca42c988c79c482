"""The connection of a store with a division: every setting that decides what is posted."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from connector.models.exact import Division
from connector.models.stores import Store


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
