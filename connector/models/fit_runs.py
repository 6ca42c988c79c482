"""Orders of the last days that are tried against a connection's rules, and what each of them would become."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connector.models.connections import Connection
from connector.models.rules import RuleVersion
from tenants.models import Tenant


class FitRun(models.Model):
    """One try of the orders of the last `days`. Only flow/setup/fit changes it.

    `rules` are those of a draft, in the provision file's form; without them those in force are tried. `result` is what
    `domain/fit/add_up` writes, `moves` what `domain/fit/moves` writes, `five` the orders to look at.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")
        TROUBLE = "trouble", _("Trouble")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="fit_runs")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="fit_runs")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    days = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    older = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("The store sold nothing in these days, so that its latest orders are tried."),
    )
    rules = models.JSONField(null=True, blank=True)
    version = models.ForeignKey(RuleVersion, models.SET_NULL, null=True, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RUNNING)
    listed = models.BooleanField(default=False, help_text=_("Every order of these days was read."))
    expected = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("How many orders there are to try, about; empty before it is known.")
    )
    done = models.PositiveIntegerField(default=0, help_text=_("Orders that were tried."))
    result = models.JSONField(default=dict, blank=True)
    moves = models.JSONField(default=dict, blank=True)
    five = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True, help_text=_("Why it stands still, as codes."))
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Calls in a row that failed."))
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When it goes on."))
    lease_token = models.BigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True, help_text=_("When a person had looked at the five."))

    class Meta:
        verbose_name = _("try of the rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["running", "stopped", "done", "trouble"]), name="fitrun_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", due_at__isnull=False) | (~Q(state="running") & Q(due_at__isnull=True)),
                name="fitrun_due_while_running",
            ),
            models.UniqueConstraint(
                fields=["connection"], condition=Q(state="running"), name="fitrun_one_runs_a_connection"
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "-id"]),
            models.Index(fields=["due_at"], condition=Q(state="running"), name="fitrun_due"),
        ]

    def __str__(self) -> str:
        return f"{self.connection}, {self.created_at:%Y-%m-%d}"


class FitOrder(models.Model):
    """One order of a run. `outcome` is None while it is to be tried again; `before` is by the rules in force.

    `order_data` is kept while it is needed: of orders that are held, and of those to look at.
    """

    run = models.ForeignKey(FitRun, models.CASCADE, related_name="orders")
    order_id = models.BigIntegerField()
    outcome = models.JSONField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)
    order_data = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "order_id"], name="fitorder_once")]

    def __str__(self) -> str:
        return str(self.order_id)
