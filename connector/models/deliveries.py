"""The inbox: the accepted webhook requests."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from connector.clients.bigcommerce import webhook
from connector.models.stores import Store


class Delivery(models.Model):
    """One accepted webhook request. Its body is kept for people to read. It is never used as data."""

    class Proof(models.TextChoices):
        """What proved a delivery: our secret in the header, BigCommerce's signature, or that we asked the store."""

        HEADER = webhook.By.HEADER.value, _("our secret")
        SIGNATURE = webhook.By.SIGNATURE.value, _("signature")
        POLL = "poll", _("read from the store")

    class Signature(models.TextChoices):
        """What the signature of a delivery proved."""

        CONFIRMED = webhook.Signature.CONFIRMED.value, _("confirmed")
        FAILED = webhook.Signature.FAILED.value, _("not confirmed")
        ABSENT = webhook.Signature.ABSENT.value, _("absent")

    store = models.ForeignKey(Store, models.CASCADE, related_name="deliveries", db_index=False)
    webhook_id = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=100)
    order_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True, help_text=_("The customer that it is about, if it is about one."))
    event_hash = models.CharField(max_length=100, blank=True)
    proof = models.CharField(
        max_length=10,
        choices=Proof.choices,
        help_text=_("What proved that it is BigCommerce's: our secret or the signature."),
    )
    signature = models.CharField(max_length=10, choices=Signature.choices)
    body = models.TextField(blank=True)
    request = models.CharField(
        max_length=32,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("Its id in the logs."),
    )
    # By the database's clock, like everything that it is compared with. A web server's clock may be minutes off.
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    processed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = _("inbox")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "webhook_id"], condition=~Q(webhook_id=""), name="delivery_webhook_id_once"
            )
        ]
        indexes = [
            models.Index(fields=["store", "id"], condition=Q(processed_at=None), name="delivery_unprocessed"),
            models.Index(fields=["store", "-id"], name="delivery_newest"),
            models.Index(fields=["store", "order_id"], name="delivery_by_order"),
            models.Index(fields=["store", "received_at", "signature"], name="delivery_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.order_id or self.customer_id or ''}".strip()
