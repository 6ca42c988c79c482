"""The inbox of Exact's webhook."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from connector.models.exact import Division


class ExactDelivery(models.Model):
    """One authentic request of Exact's webhook. It only names what changed; a repeated one has it read again."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="deliveries", db_index=False)
    topic = models.CharField(max_length=40)
    action = models.CharField(max_length=20, blank=True)
    record_id = models.CharField(max_length=40, help_text=_("The id of what changed."))
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the request's content."))
    request = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    processed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delivery from Exact")
        verbose_name_plural = _("deliveries from Exact")
        constraints = [models.UniqueConstraint(fields=["division", "digest"], name="exactdelivery_once")]
        indexes = [
            models.Index(fields=["division", "id"], condition=Q(processed_at=None), name="exactdelivery_unprocessed"),
            models.Index(fields=["received_at"], name="exactdelivery_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.action} {self.record_id}".strip()
