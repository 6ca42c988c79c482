"""The history of documents, to which rows are only added."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connector.models.documents import OrderSync
from tenants.models import Tenant


class HistoryIsAppendOnly(Exception):
    """A row of the history was to be changed or removed."""


class SyncEvent(models.Model):
    """What happened: a transition, a call or a person's action, without any secret."""

    class Kind(models.TextChoices):
        TRANSITION = "transition", _("Transition")
        CALL = "call", _("Call")
        ACTION = "action", _("Action")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="events")
    document = models.ForeignKey(OrderSync, models.CASCADE, null=True, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    text = models.TextField()
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        indexes = [
            models.Index(fields=["document", "id"]),
            models.Index(fields=["tenant", "-id"]),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row. Raises HistoryIsAppendOnly when it exists already."""
        if self.pk:
            raise HistoryIsAppendOnly("A row of the history is never changed.")
        super().save(*args, **kwargs)
