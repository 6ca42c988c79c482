"""The orders from before a connection: a run that reads them, what Exact may have of them, and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connector.models.connections import Connection
from connector.models.documents import OrderSync
from connector.models.read_documents import ReadDocument
from tenants.models import Tenant


class BackfillRun(models.Model):
    """The backfill of the orders placed from `since` to `until`, both included, in the store's time zone.

    Only flow/inbox/backfill changes it. `cursor` says where its step goes on. The numbers are of orders. A dry run
    tries the orders instead of putting them into the ledger; `result` is what they would become, added up.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")

    class Step(models.TextChoices):
        EXACT = "exact", _("Reads Exact's documents")
        STORE = "store", _("Reads the store's orders")
        MATCH = "match", _("Compares both")
        LEDGER = "ledger", _("Puts the orders into the ledger")
        TRIAL = "trial", _("Tries the orders")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="backfills")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="backfills")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    since = models.DateField()
    until = models.DateField()
    dry_run = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RUNNING)
    step = models.CharField(max_length=20, choices=Step.choices, default=Step.EXACT)
    cursor = models.TextField(blank=True, default="", editable=False)
    # The last change in Exact that was looked at before orders were posted: its server's time, without a zone.
    seen_until = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    expected = models.PositiveIntegerField(help_text=_("How many orders there are, about."))
    documents = models.PositiveIntegerField(default=0, help_text=_("Documents of Exact that were read."))
    orders = models.PositiveIntegerField(default=0, help_text=_("Orders that were read."))
    queued = models.PositiveIntegerField(default=0, help_text=_("Orders to be posted."))
    adopted = models.PositiveIntegerField(default=0, help_text=_("Orders that a person had typed into Exact."))
    likely = models.PositiveIntegerField(
        default=0, help_text=_("Orders of which a person says whether Exact has them.")
    )
    skipped = models.PositiveIntegerField(
        default=0, help_text=_("Orders that the ledger had, or for which no document is due.")
    )
    result = models.JSONField(null=True, blank=True, editable=False)
    problems = models.JSONField(default=list, blank=True, help_text=_("Why it failed, as codes."))
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Calls in a row that failed."))
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When it goes on."))
    lease_token = models.BigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("backfill")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused", "stopped", "finished", "failed"]),
                name="backfill_state_known",
            ),
            models.CheckConstraint(condition=Q(since__lte=models.F("until")), name="backfill_in_order"),
            models.CheckConstraint(
                condition=Q(state="running", due_at__isnull=False) | (~Q(state="running") & Q(due_at__isnull=True)),
                name="backfill_due_while_running",
            ),
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(state__in=["running", "paused"]),
                name="backfill_one_of_a_connection",
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "-id"]),
            models.Index(fields=["due_at"], condition=Q(state="running"), name="backfill_due"),
        ]

    def __str__(self) -> str:
        return f"{self.connection}, {self.since} - {self.until}"

    @property
    def handled(self) -> int:
        """How many orders have their place."""
        return self.queued + self.adopted + self.likely + self.skipped


class BackfillOrder(models.Model):
    """One order of a run. `found` are the documents of Exact that it may be, each with its sign.

    `marks` say who the customer is, as the order has it and until the orders are compared. `done`: it is in the ledger,
    or tried; then `tried` says what it would become, until the dry run ends.
    """

    class Outcome(models.TextChoices):
        QUEUED = "queued", _("To be posted")
        ADOPTED = "adopted", _("Was in Exact")
        LIKELY = "likely", _("May be in Exact")
        SKIPPED = "skipped", _("Skipped")

    run = models.ForeignKey(BackfillRun, models.CASCADE, related_name="rows")
    order_id = models.BigIntegerField()
    day = models.DateField(null=True, blank=True)
    total = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    marks = models.JSONField(default=list, blank=True, editable=False)
    not_due = models.JSONField(default=list, blank=True, help_text=_("Why no document is due, as a code."))
    outcome = models.CharField(max_length=20, blank=True, choices=Outcome.choices)
    found = models.JSONField(default=list, blank=True)
    done = models.BooleanField(default=False)
    tried = models.JSONField(null=True, blank=True, editable=False)
    document = models.ForeignKey(OrderSync, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("order of a backfill")
        constraints = [models.UniqueConstraint(fields=["run", "order_id"], name="backfillorder_once")]
        indexes = [models.Index(fields=["run", "done", "outcome", "order_id"])]

    def __str__(self) -> str:
        return str(self.order_id)


class BackfillDocument(ReadDocument):
    """A document of Exact that a run has read. Those that are no order's are forgotten when all are compared."""

    run = models.ForeignKey(BackfillRun, models.CASCADE, related_name="documents_read")

    class Meta:
        verbose_name = _("document of Exact that a backfill has read")
        constraints = [models.UniqueConstraint(fields=["run", "exact_id"], name="backfilldocument_once")]
