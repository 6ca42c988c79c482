"""A re-post of many documents, cause by cause, and how far it has come."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from connector.domain.document.states import LONGEST_REASON
from tenants.models import Tenant


class BulkRun(models.Model):
    """Many documents that a person sends through again. Only flow/bulk changes it.

    `causes` is a list of {"key", "reason", "text", "division", "state", "left", "going", "seen", "well", "failed",
    "refused"}: ids of documents still to send, of those on their way, and how the others came out.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="bulk_runs")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON)
    causes = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0, help_text="Documents that came out one way or the other.")
    state = models.CharField(max_length=20, choices=State.choices, default=State.RUNNING)
    current = models.CharField(max_length=200, blank=True, help_text="The cause that is being worked on.")
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "bulk re-post"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["running", "stopped", "done"]), name="bulkrun_state_known")
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"]),
            models.Index(fields=["id"], condition=Q(state="running"), name="bulkrun_running"),
        ]

    def __str__(self) -> str:
        return f"re-post of {self.total} documents"
