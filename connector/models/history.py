"""The history of documents, to which rows are only added."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connector.models.connections import Connection
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
        EXPIRY = "expiry", _("Expiry")
        FORGOTTEN = "forgotten", _("Personal data removed")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="events")
    document = models.ForeignKey(OrderSync, models.CASCADE, null=True, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    text = models.TextField()
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, editable=False)
    # The bodies of a call, until they expire, else ""; `data` keeps their hashes.
    sent = models.TextField(blank=True, default="", db_default="", editable=False)
    answered = models.TextField(blank=True, default="", db_default="", editable=False)

    # Its place in the connection's chain: the lines of one write have one number. At place 0 is the entry, whose hash
    # covers the others. Lines from before the chain, and calls that no write took along, have none. The connection is
    # the document's, so the database need not look it up at each line.
    connection = models.ForeignKey(
        Connection, models.DO_NOTHING, null=True, editable=False, related_name="+", db_index=False, db_constraint=False
    )
    number = models.BigIntegerField(null=True, editable=False)
    place = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    seal = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        indexes = [
            models.Index(fields=["document", "id"]),
            models.Index(fields=["tenant", "-id"]),
            models.Index(fields=["tenant", "at"], condition=Q(kind="call"), name="event_call_by_day"),
            models.Index(fields=["tenant", "at"], condition=~Q(sent="", answered=""), name="event_with_bodies_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "number", "place"], condition=Q(number__isnull=False), name="event_chained_once"
            )
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row. Raises HistoryIsAppendOnly when it exists already."""
        if self.pk:
            raise HistoryIsAppendOnly("A row of the history is never changed.")
        super().save(*args, **kwargs)


class Chain(models.Model):
    """The last entry of a connection's chain: its number, 0 before the first, and its hash."""

    connection = models.OneToOneField(Connection, models.CASCADE, primary_key=True, related_name="chain")
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    begun_at = models.DateTimeField(db_default=Now(), editable=False)
    # The last entry that says what has expired.
    expiry_number = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("chain")
        verbose_name_plural = _("chains")

    def __str__(self) -> str:
        return f"{self.connection} {self.number}"
