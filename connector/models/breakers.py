"""Endpoints that Exact refused: each is closed before Exact blocks the whole app."""

from django.db import models
from django.db.models import Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.models.exact import Division


class Breaker(models.Model):
    """The errors of one endpoint of a division within the hour. Only flow/outbound/circuit_breaker changes it."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="breakers")
    endpoint = models.CharField(max_length=100)
    errors = models.JSONField(default=list, help_text=_("When Exact refused, within the last hour."))
    cause = models.TextField(
        blank=True, default="", db_default="", editable=False, help_text=_("What was refused last, without values.")
    )
    was_write = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("What was refused last was a write.")
    )
    documents = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        editable=False,
        help_text=_("The documents that were refused for it in a row; 0 for a call without one."),
    )
    refused = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        editable=False,
        help_text=_("When each document was refused last, within the last hour."),
    )
    let_through = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        editable=False,
        help_text=_("Documents that were refused within the hour, and that a person has sent again."),
    )
    by_hand = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        editable=False,
        help_text=_("When such a document was refused once more, within the last hour."),
    )
    writes_only = models.BooleanField(
        default=False, db_default=False, help_text=_("Only writes were refused. Reading goes on while it is closed.")
    )
    last_error = models.TextField(blank=True)
    open_until = models.DateTimeField(
        null=True, blank=True, help_text=_("No call before this time. Then one call is tried.")
    )
    opened_times = models.PositiveSmallIntegerField(
        default=0, help_text=_("How often in a row. Each pause is twice as long.")
    )
    tried_at = models.DateTimeField(null=True, blank=True, help_text=_("When the one call was let through."))

    class Meta:
        verbose_name = _("refusing endpoint")
        constraints = [models.UniqueConstraint(fields=["division", "endpoint"], name="breaker_once")]

    def __str__(self) -> str:
        return gettext("%(endpoint)s of %(division)s") % {"endpoint": self.endpoint, "division": self.division}
