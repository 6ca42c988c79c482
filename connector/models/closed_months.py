"""The months of a connection that a person closed, and who opened one again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connector.models.connections import Connection
from connector.models.reconciliation import ReconciliationRun


class ClosedMonth(models.Model):
    """A month of a connection in which nothing more is booked. A row that was opened again stays.

    `Connection.closed_months` repeats the closed ones, so that no further query is needed for a document. Only
    flow/actions/months writes either.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="month_closings")
    month = models.DateField(help_text=_("Its first day, in the store's time zone."))
    run = models.ForeignKey(
        ReconciliationRun, models.SET_NULL, null=True, related_name="+", help_text=_("The comparison that it rests on.")
    )
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True, help_text=_("Why it was closed, when it was not complete."))
    last_document = models.BigIntegerField(help_text=_("The newest document then. What has a higher id came later."))
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    opened_because = models.TextField(blank=True)

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "month"], condition=Q(opened_at__isnull=True), name="month_closed_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="month_is_a_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
