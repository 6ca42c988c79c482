"""What happened to each customer, and what a person must decide."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from connector.domain.choices import FieldGroup
from connector.models.choice_words import choices_of
from connector.models.customers import CustomerLink
from connector.models.exact import Division
from connector.models.store_customers import StoreCustomer
from connector.models.stores import Store
from tenants.models import Tenant


class CustomerEvent(models.Model):
    """One thing that happened to a customer. Rows are only added; only `forget` takes values out of them.

    `before` and `after` are what the side that was written had before, and what was written: values by name.
    """

    class Kind(models.TextChoices):
        LINKED = "linked", _("Linked")
        UNLINKED = "unlinked", _("Unlinked")
        MERGED = "merged", _("Merged")
        CREATED = "created", _("Account made")
        TO_EXACT = "to_exact", _("Written to Exact")
        TO_STORE = "to_store", _("Written to the store")
        CONFLICT = "conflict", _("Both sides changed")
        DECIDED = "decided", _("Decided by a person")
        REFUSED = "refused", _("Refused")
        FORGOTTEN = "forgotten", _("Personal data removed")

    class Origin(models.TextChoices):
        ORDER = "order", _("An order")
        WEBHOOK = "webhook", _("A change that was reported")
        SCHEDULE = "schedule", _("The schedule")
        RUN = "run", _("A run over all customers")
        PERSON = "person", _("A person")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="customer_events")
    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    division = models.ForeignKey(Division, models.CASCADE, related_name="+", null=True)
    customer_key = models.CharField(max_length=40)
    account_id = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    origin = models.CharField(max_length=20, choices=Origin.choices)
    group = models.CharField(max_length=20, blank=True, default="", choices=choices_of(FieldGroup))
    before = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    after = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    problems = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("customer event")
        verbose_name_plural = _("history of customers")
        indexes = [
            models.Index(fields=["store", "customer_key", "-id"], name="customerevent_of_one"),
            models.Index(
                fields=["store", "customer_key", "at"], condition=Q(kind="forgotten"), name="customerevent_forgotten"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.customer_key}"


class CustomerConflict(models.Model):
    """Details that both sides changed since they were last in step. Both values are kept until a person decides."""

    class Decision(models.TextChoices):
        STORE = "store", _("The store's is right")
        EXACT = "exact", _("Exact's is right")
        NEITHER = "neither", _("Leave both")

    link = models.ForeignKey(CustomerLink, models.CASCADE, related_name="conflicts")
    group = models.CharField(max_length=20, choices=choices_of(FieldGroup))
    store_values = models.JSONField(default=dict)
    exact_values = models.JSONField(default=dict)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    decision = models.CharField(max_length=10, blank=True, default="", choices=Decision.choices)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("conflict")
        constraints = [
            models.UniqueConstraint(fields=["link", "group"], condition=Q(decided_at=None), name="conflict_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.get_group_display()}"


class CustomerMatch(models.Model):
    """What the match of a store's customer with a division's accounts came to, until the customer is linked.

    `candidates` are the accounts in question, best first: each an object with account_id, code, name, score, reason.
    A person's choice is an account's id, or `new`.
    """

    class Outcome(models.TextChoices):
        AMBIGUOUS = "ambiguous", _("A person chooses")
        NEW = "new", _("No account yet")
        HELD = "held", _("Cannot be matched")

    NEW_ACCOUNT = "new"

    customer = models.ForeignKey(StoreCustomer, models.CASCADE, related_name="matches")
    division = models.ForeignKey(Division, models.CASCADE, related_name="customer_matches")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    candidates = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    problems = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    choice = models.CharField(max_length=40, blank=True, default="")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)
    matched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [models.UniqueConstraint(fields=["customer", "division"], name="customermatch_once")]
        indexes = [models.Index(fields=["division", "outcome", "id"], name="customermatch_by_outcome")]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_outcome_display()}"
