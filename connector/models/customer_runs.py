"""A pull, a push or a report over all customers of a connection, with its progress."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connector.models.connections import Connection
from tenants.models import Tenant


class CustomerRun(models.Model):
    """A run over all customers of a connection. `cursor` says where its step goes on. The numbers are of customers.

    PULL reads both sides, links, makes missing accounts, and carries over what changed since. PUSH also makes equal
    what differed when they were linked, as the owners of the details say. REPORT reads both sides and finds the account
    of each customer: it links nobody and writes to neither side.
    """

    class What(models.TextChoices):
        PULL = "pull", _("Pull")
        PUSH = "push", _("Push")
        REPORT = "report", _("Match report")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")

    class Step(models.TextChoices):
        ACCOUNTS = "accounts", _("Reads Exact's accounts")
        CUSTOMERS = "customers", _("Reads the store's customers")
        MATCH = "match", _("Finds the account of each customer")
        WRITE = "write", _("Makes missing accounts")
        STEP = "step", _("Carries over what changed")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="customer_runs")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="customer_runs")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    what = models.CharField(max_length=10, choices=What.choices)
    scheduled = models.BooleanField(default=False, help_text=_("The schedule began it, no person."))
    state = models.CharField(max_length=20, choices=State.choices, default=State.RUNNING)
    step = models.CharField(max_length=20, choices=Step.choices, default=Step.ACCOUNTS)
    cursor = models.TextField(blank=True, default="", editable=False)
    accounts = models.PositiveIntegerField(default=0, help_text=_("Accounts that were read."))
    customers = models.PositiveIntegerField(default=0, help_text=_("Customers that were read."))
    handled = models.PositiveIntegerField(default=0, help_text=_("Customers that have been dealt with in this step."))
    linked = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    ambiguous = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True, help_text=_("Why it failed, as codes."))
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Calls in a row that failed."))
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When it goes on."))
    lease_token = models.BigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("run over all customers")
        verbose_name_plural = _("runs over all customers")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused", "stopped", "finished", "failed"]),
                name="customerrun_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="running", due_at__isnull=False) | (~Q(state="running") & Q(due_at__isnull=True)),
                name="customerrun_due_while_running",
            ),
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(state__in=["running", "paused"]),
                name="customerrun_one_of_a_connection",
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "-id"], name="customerrun_newest"),
            models.Index(fields=["due_at"], condition=Q(state="running"), name="customerrun_due"),
        ]

    def __str__(self) -> str:
        return f"{self.connection}, {self.get_what_display()}"
