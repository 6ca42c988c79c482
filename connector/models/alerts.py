"""Alerts: what a person must do."""

from django.db import models
from django.db.models import Q, Value
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant


class Alert(models.Model):
    """Something that only a person can fix, with the page where it is fixed. One open alert per cause."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="alerts")
    cause = models.CharField(max_length=100, help_text=_("What it is about, such as grant:3."))
    text = models.TextField()
    code = models.CharField(
        max_length=40, blank=True, default="", db_default="", editable=False, help_text=_("What it says, as a code.")
    )
    params = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), editable=False, help_text=_("What completes it.")
    )
    page = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "cause"], condition=Q(closed_at=None), name="alert_once_open")
        ]
        indexes = [models.Index(fields=["tenant", "-id"])]

    def __str__(self) -> str:
        return gettext("alert of %(date)s") % {"date": date_format(self.opened_at, "d F Y")}
