"""What was compared between a store and the books, and what differed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connector.domain.document.reconcile import Kind, Remedy
from connector.models.connections import Connection
from connector.models.documents import OrderSync
from connector.models.exact import Division
from connector.models.rules import RuleVersion
from tenants.models import Tenant

KIND_NAMES = {
    Kind.MISSING_DOCUMENT: _("missing in Exact"),
    Kind.MISSING_ORDER: _("no order known"),
    Kind.AMOUNT: _("amount"),
    Kind.VAT: _("VAT"),
    Kind.CURRENCY: _("currency"),
    Kind.ACCOUNT: _("account"),
    Kind.DATE: _("date"),
    Kind.REFERENCE: _("reference"),
    Kind.DUPLICATE: _("duplicate"),
    Kind.DELETED: _("deleted in Exact"),
    Kind.STATE: _("state"),
}


class ReconciliationRun(models.Model):
    """One comparison of a connection's period with Exact. Only flow/reconcile changes it.

    `first` and `last` are business days in `zone`, both included. `figures` are what both sides come to, in the form
    of `domain/document/sums`: `store` and `exact`; beside them `orders`, `refunds` and `documents` count, and
    `buckets` say where every order and refund is. `complete`: it is finished and nothing differs, but for what a person
    accepted with a reason. `cursor` says where an interrupted run goes on.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="reconciliations")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="reconciliations")
    division = models.ForeignKey(Division, models.CASCADE, related_name="reconciliations")
    first = models.DateField()
    last = models.DateField()
    zone = models.CharField(max_length=64)
    rules = models.ForeignKey(RuleVersion, models.SET_NULL, null=True, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RUNNING)
    cursor = models.JSONField(default=dict, blank=True, editable=False)
    figures = models.JSONField(default=dict, blank=True)
    complete = models.BooleanField(default=False)
    problem = models.TextField(blank=True, default="", help_text=_("Why it stands still or failed, for a person."))
    calls_store = models.PositiveIntegerField(default=0)
    calls_exact = models.PositiveIntegerField(default=0)
    by_worker = models.BooleanField(default=False, db_default=False, editable=False)
    """A person asked for it on a page: a worker goes on with it while it is running."""
    lease_token = models.BigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reconciliation")
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="reconciliation_period_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=["running", "stopped", "finished", "failed"]), name="reconciliation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(complete=False) | Q(state="finished"), name="reconciliation_complete_when_finished"
            ),
            models.UniqueConstraint(
                fields=["connection", "first", "last"],
                condition=Q(state__in=["running", "stopped"]),
                name="reconciliation_one_goes_on_a_period",
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "-id"], name="reconciliation_newest"),
            models.Index(fields=["id"], condition=Q(by_worker=True, state="running"), name="reconciliation_asked"),
            models.Index(fields=["connection", "first", "last", "-id"], name="reconciliation_of_period"),
        ]

    def __str__(self) -> str:
        return f"{self.connection}, {self.first} - {self.last}"


class RunDocument(models.Model):
    """A document that a run expects in Exact: `seen` there or not yet. Rows are removed when the run ends.

    `country` and `method` are its order's, under which both sides add it up: Exact knows neither. `day` is the business
    day of its order or refund. One that was compared though its order is of other days has a row too, and is seen.
    """

    run = models.ForeignKey(ReconciliationRun, models.CASCADE, related_name="expected", db_index=False)
    document = models.ForeignKey(OrderSync, models.CASCADE, related_name="+")
    seen = models.BooleanField(default=False)
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    method = models.CharField(max_length=100, blank=True, default="", db_default="")
    day = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "document"], name="rundocument_once")]
        indexes = [models.Index(fields=["run", "id"], condition=Q(seen=False), name="rundocument_unseen")]

    def __str__(self) -> str:
        return str(self.document_id)


class Discrepancy(models.Model):
    """One difference that a run found.

    `expected` is what the store or the ledger says, `found` what Exact has, both as a person reads them; `amount` is
    the money that it is about, in `currency`. `remedy` is the one action that puts it right. `figures` is the hash of
    both, uncut. `day` is the business day of the order, the refund or the document; None when it is about the whole
    period of its run. `open` until a later run looked at the very same again; a person who carried its action out
    (`carried_out_at`) has not settled it yet. `accepted`: a person explained it with a reason, and a later run that
    finds the very same is complete in spite of it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")
        ACCEPTED = "accepted", _("Accepted")

    run = models.ForeignKey(ReconciliationRun, models.CASCADE, related_name="discrepancies", db_index=False)
    kind = models.CharField(max_length=20, choices=[(each.value, name) for each, name in KIND_NAMES.items()])
    order_id = models.BigIntegerField(default=0, help_text=_("0 when no order is known."))
    reference = models.CharField(max_length=60, blank=True)
    document = models.ForeignKey(OrderSync, models.SET_NULL, null=True, blank=True, related_name="discrepancies")
    exact_id = models.CharField(max_length=40, blank=True)
    exact_number = models.CharField(max_length=40, blank=True)
    expected = models.CharField(max_length=400, blank=True)
    found = models.CharField(max_length=400, blank=True)
    figures = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    day = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    remedy = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Remedy])
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text=_("Why it was accepted or how it was resolved."))
    changed_at = models.DateTimeField(null=True, blank=True, help_text=_("When a person acted on it last."))
    carried_out_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When a person had the connector put it right. A later comparison looks.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="discrepancy_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "resolved", "accepted"]), name="discrepancy_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(reason=""), name="discrepancy_accepted_with_reason"
            ),
            models.UniqueConstraint(
                fields=["run", "kind", "order_id", "reference", "exact_id", "figures"], name="discrepancy_once_in_a_run"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "day"], condition=Q(state="open"), name="discrepancy_open_of_day"),
            models.Index(fields=["order_id", "kind"], condition=Q(state="accepted"), name="discrepancy_accepted"),
            models.Index(fields=["document"], condition=Q(state="open"), name="discrepancy_open_of_document"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
