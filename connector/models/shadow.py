"""Shadow mode: our drafts are compared with what a bookkeeper typed into Exact by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connector.models.connections import Connection
from connector.models.read_documents import ReadDocument
from tenants.models import Tenant


class ShadowRun(models.Model):
    """One comparison of a connection's drafts from `since` on. Only flow/setup/shadow changes it.

    `cursor` says where reading Exact goes on. `result` is what flow/setup/shadow/compare writes.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")
        TROUBLE = "trouble", _("Trouble")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="shadow_runs")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="shadow_runs")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    since = models.DateField(help_text=_("The day of the oldest order."))
    state = models.CharField(max_length=20, choices=State.choices, default=State.RUNNING)
    cursor = models.TextField(blank=True, default="", editable=False)
    all_read = models.BooleanField(default=False, help_text=_("Every document of Exact was read."))
    documents = models.PositiveIntegerField(default=0, help_text=_("Documents of Exact that were read."))
    result = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True, help_text=_("Why it stands still, as codes."))
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Calls in a row that failed."))
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When it goes on."))
    lease_token = models.BigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("comparison in shadow mode")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["running", "stopped", "done", "trouble"]), name="shadowrun_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", due_at__isnull=False) | (~Q(state="running") & Q(due_at__isnull=True)),
                name="shadowrun_due_while_running",
            ),
            models.UniqueConstraint(
                fields=["connection"], condition=Q(state="running"), name="shadowrun_one_of_a_connection"
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "-id"], name="shadowrun_newest"),
            models.Index(fields=["due_at"], condition=Q(state="running"), name="shadowrun_due"),
        ]

    def __str__(self) -> str:
        return f"{self.connection}, {self.since}"


class ShadowDocument(ReadDocument):
    """A document of Exact that a run has read, and keeps until all are compared.

    The sums are of its lines, by code: `[net, VAT]` as text. They are null when they do not come to its amounts.
    """

    run = models.ForeignKey(ShadowRun, models.CASCADE, related_name="documents_read")
    vat_codes = models.JSONField(null=True, blank=True)
    gl_accounts = models.JSONField(null=True, blank=True)
    cost_centers = models.JSONField(null=True, blank=True)
    payment_condition = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("document of Exact that a comparison has read")
        constraints = [models.UniqueConstraint(fields=["run", "exact_id"], name="shadowdocument_once")]
