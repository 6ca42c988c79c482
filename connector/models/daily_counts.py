"""Figures of a day, counted as they happen: a month's figures are read without the ledger."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.models.connections import Connection
from connector.models.stores import Store


class DailyCount(models.Model):
    """A connection's day (in its organisation's zone) in one currency. Only flow/ledger adds to it.

    Amounts are in the document's own currency, VAT included, and never negative. `posted` are invoices, `credited` are
    credit notes; receipts are neither. `held` counts how often a document was held, receipts too: one that is held
    twice counts twice.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="daily_counts")
    day = models.DateField()
    currency = models.CharField(max_length=3, blank=True)
    posted = models.PositiveIntegerField(default=0)
    posted_amount = models.DecimalField(max_digits=22, decimal_places=4, default=Decimal(0))
    credited = models.PositiveIntegerField(default=0)
    credited_amount = models.DecimalField(max_digits=22, decimal_places=4, default=Decimal(0))
    held = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("daily figures")
        verbose_name_plural = _("daily figures")
        constraints = [models.UniqueConstraint(fields=["connection", "day", "currency"], name="daily_count_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.currency}".strip()


class RefusedDeliveries(models.Model):
    """How many webhook requests of a store were refused in an hour (UTC) with one status. Only flow/inbox adds."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="refused_deliveries")
    hour = models.DateTimeField()
    status = models.PositiveSmallIntegerField(help_text=_("The status that was answered, such as 401."))
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = _("refused deliveries")
        constraints = [models.UniqueConstraint(fields=["store", "hour", "status"], name="refused_deliveries_once")]
        indexes = [models.Index(fields=["hour"], name="refused_deliveries_by_hour")]

    def __str__(self) -> str:
        return gettext("%(count)s times %(status)s") % {"count": self.count, "status": self.status}
