"""The connection of a store with a division: every setting that decides what is posted."""

from decimal import Decimal

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from connector.domain.choices import (
    POSTING_MODES,
    Bundles,
    ClosedPeriod,
    CompleteVat,
    CreditSign,
    CustomerConflicts,
    CustomerDirection,
    CustomerStrategy,
    DocumentForm,
    EditPolicy,
    FieldOwner,
    ForeignVat,
    GiftCertificates,
    InvoiceDate,
    ItemStrategy,
    Mode,
    OrderRefundVat,
    Payments,
    Policy,
    ScheduleKind,
    VatRounding,
)
from connector.domain.customer.customer import PLACEHOLDER_EMAILS
from connector.domain.order.statuses import PAID
from connector.models.choice_words import choices_of
from connector.models.exact import Division
from connector.models.stores import Store


def default_post_statuses() -> list[int]:
    """Return the statuses of an order that is paid."""
    return sorted(PAID)


def default_vat_number_fields() -> list[str]:
    """Return the names of the form fields in which shops commonly ask for a VAT number."""
    return ["VAT number", "VAT Number", "VAT ID", "BTW-nummer", "USt-IdNr.", "Numéro de TVA"]


def default_placeholder_emails() -> list[str]:
    """Return e-mail addresses that shops and their tills give to customers who left none."""
    return [*PLACEHOLDER_EMAILS]


def _owner_column(owner: FieldOwner) -> "models.CharField[str, str]":
    return models.CharField(max_length=10, choices=choices_of(FieldOwner), default=owner.value, db_default=owner.value)


class Connection(models.Model):
    """Store → Division, with every setting that decides what is posted. Codes are Exact's."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="connections")
    division = models.ForeignKey(Division, models.PROTECT, related_name="connections")
    mode = models.CharField(max_length=20, choices=choices_of(Mode), default=Mode.SHADOW)
    paused_mode = models.CharField(max_length=20, blank=True, choices=choices_of(Mode), editable=False)
    schedule = models.CharField(max_length=60, default=ScheduleKind.IMMEDIATE)
    run_requested_at = models.DateTimeField(null=True, editable=False)
    start_date = models.DateField()
    document = models.CharField(max_length=20, choices=choices_of(DocumentForm), default=DocumentForm.SALES_INVOICE)
    finalize = models.BooleanField(default=False)
    invoice_template = models.CharField(max_length=200, blank=True)
    journal = models.CharField(max_length=20)
    post_statuses = models.JSONField(default=default_post_statuses)
    test_orders = models.BooleanField(default=False)

    customer_strategy = models.CharField(
        max_length=20, choices=choices_of(CustomerStrategy), default=CustomerStrategy.MATCH_OR_CREATE
    )
    guest_strategy = models.CharField(
        max_length=20, choices=choices_of(CustomerStrategy), default=CustomerStrategy.MATCH_OR_CREATE
    )
    customer_direction = models.CharField(
        max_length=20, choices=choices_of(CustomerDirection), default=CustomerDirection.BOTH
    )
    collective_account = models.CharField(max_length=20, blank=True)
    complete_vat = models.CharField(
        max_length=10, choices=choices_of(CompleteVat), default=CompleteVat.OURS, db_default=CompleteVat.OURS.value
    )
    placeholder_emails = models.JSONField(
        blank=True,
        default=default_placeholder_emails,
        db_default=models.Value([*PLACEHOLDER_EMAILS], models.JSONField()),
    )
    # Who owns which details of a customer.
    names_owner = _owner_column(FieldOwner.STORE)
    contact_owner = _owner_column(FieldOwner.NEWEST)
    addresses_owner = _owner_column(FieldOwner.STORE)
    vat_number_owner = _owner_column(FieldOwner.NEWEST)
    payment_condition_owner = _owner_column(FieldOwner.EXACT)
    customer_conflicts = models.CharField(
        max_length=10,
        choices=choices_of(CustomerConflicts),
        default=CustomerConflicts.PERSON,
        db_default=CustomerConflicts.PERSON.value,
    )
    customer_minutes = models.PositiveSmallIntegerField(
        default=60, db_default=60, help_text=_("How often both sides' customers are read. 0: never.")
    )
    promote_prospects = models.BooleanField(default=False, db_default=False)
    # Guests get an account of their own from this amount, or this many orders, on.
    guest_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    guest_orders = models.PositiveSmallIntegerField(null=True, blank=True)
    collective_by_country = models.JSONField(
        blank=True, default=dict, db_default=Value({}, models.JSONField()), help_text=_("Country (ISO) → account code.")
    )
    chamber_fields = models.JSONField(blank=True, default=list, db_default=Value([], models.JSONField()))
    peppol_fields = models.JSONField(blank=True, default=list, db_default=Value([], models.JSONField()))
    account_rules = models.JSONField(
        blank=True,
        default=list,
        db_default=Value([], models.JSONField()),
        help_text=_("What a new account gets: first match wins."),
    )

    item_strategy = models.CharField(
        max_length=20, choices=choices_of(ItemStrategy), default=ItemStrategy.SKU_THEN_DEFAULT
    )
    item_bundles = models.CharField(
        max_length=20, choices=choices_of(Bundles), default=Bundles.PARENT, db_default=Bundles.PARENT.value
    )
    # What a new item gets.
    item_new_group = models.CharField(max_length=60, blank=True, default="", db_default="")
    item_new_unit = models.CharField(max_length=60, blank=True, default="", db_default="")
    item_new_vat_code = models.CharField(max_length=60, blank=True, default="", db_default="")
    item_new_stock = models.BooleanField(default=False, db_default=False)
    item_default = models.CharField(max_length=60, blank=True)
    item_shipping = models.CharField(max_length=60, blank=True)
    item_handling = models.CharField(max_length=60, blank=True)
    item_wrapping = models.CharField(max_length=60, blank=True)
    item_fee = models.CharField(max_length=60, blank=True)
    item_gift_certificate = models.CharField(max_length=60, blank=True)
    item_rounding = models.CharField(max_length=60, blank=True)

    rounding_limit = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal("0.00"))
    rounding_gl_account = models.CharField(max_length=20, blank=True)
    vat_rounding = models.CharField(max_length=10, choices=choices_of(VatRounding), default=VatRounding.LINE)
    force_vat = models.BooleanField(default=False)
    vat_number_fields = models.JSONField(default=default_vat_number_fields)
    refunds = models.CharField(max_length=20, choices=choices_of(Policy), default=Policy.REVIEW)
    cancellations = models.CharField(max_length=20, choices=choices_of(Policy), default=Policy.REVIEW)
    edits = models.CharField(max_length=20, choices=choices_of(EditPolicy), default=EditPolicy.REVIEW)
    credit_sign = models.CharField(max_length=10, choices=choices_of(CreditSign), default=CreditSign.QUANTITY)
    order_refund_vat = models.CharField(
        max_length=10, choices=choices_of(OrderRefundVat), default=OrderRefundVat.PRO_RATA
    )
    invoice_date = models.CharField(max_length=10, choices=choices_of(InvoiceDate), default=InvoiceDate.ORDER)
    closed_period = models.CharField(max_length=20, choices=choices_of(ClosedPeriod), default=ClosedPeriod.HOLD)
    gift_certificates = models.CharField(
        max_length=10, choices=choices_of(GiftCertificates), default=GiftCertificates.MULTI
    )
    b2b_foreign_vat = models.CharField(
        max_length=10, choices=choices_of(ForeignVat), default=ForeignVat.HOLD, db_default=ForeignVat.HOLD.value
    )
    payments = models.CharField(max_length=10, choices=choices_of(Payments), default=Payments.OFF)
    receipt_journal = models.CharField(max_length=20, blank=True, default="", db_default="")
    receivable_account = models.CharField(max_length=20, blank=True, default="", db_default="")
    gift_certificate_account = models.CharField(max_length=20, blank=True, default="", db_default="")
    store_credit_account = models.CharField(max_length=20, blank=True, default="", db_default="")
    closed_months = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        editable=False,
    )
    """The first days of the months that a person closed."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "division"], name="connection_once"),
            models.UniqueConstraint(
                fields=["store"],
                condition=Q(mode__in=list(POSTING_MODES)),
                name="connection_one_posts_a_store",
            ),
            models.CheckConstraint(condition=Q(mode__in=list(Mode)), name="connection_mode_known"),
            models.CheckConstraint(condition=Q(rounding_limit__gte=0), name="connection_rounding_limit_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.store.name} → {self.division}"
