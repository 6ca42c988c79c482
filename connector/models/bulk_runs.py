"""A re-post of many documents, cause by cause, and its progress."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from connector.domain.document.states import LONGEST_REASON
from tenants.models import Tenant


class BulkRun(models.Model):
    """Many documents that a person posts again. Only flow/actions/bulk_repost changes it.

    `causes` is a list of {"key", "reason", "text", "problems", "division", "state", "left", "going", "seen", "well",
    "failed", "refused"}: ids of documents still to send and of those on their way, and the results of the others.
    `current` is the key of one. `message` keeps who stopped it and why, as JSON. Runs of earlier releases have
    sentences in these two.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="bulk_runs")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON)
    causes = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0, help_text=_("Documents that are done, posted or not."))
    state = models.CharField(max_length=20, choices=State.choices, default=State.RUNNING)
    current = models.CharField(max_length=200, blank=True, help_text=_("The cause that is being worked on."))
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bulk re-post")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["running", "stopped", "done"]), name="bulkrun_state_known")
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"]),
            models.Index(fields=["id"], condition=Q(state="running"), name="bulkrun_running"),
        ]

    def __str__(self) -> str:
        text = ngettext("re-post of %(number)s document", "re-post of %(number)s documents", self.total)
        return text % {"number": self.total}
