"""The store's customers, as last read, so that matching and comparing them needs no call."""

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from connector.models.stores import Store


class StoreCustomer(models.Model):
    """One customer of the store, as last read.

    `customer_key` is the customer's id, as in CustomerLink. `addresses` are those of the customer's address book, in
    its order: each an object with id, first_name, last_name, company, street_1, street_2, postcode, city, state,
    country (ISO) and phone. The first is the customer's own.
    """

    store = models.ForeignKey(Store, models.CASCADE, related_name="customers")
    customer_key = models.CharField(max_length=40)
    email = models.CharField(max_length=254, blank=True, help_text=_("As the customer wrote it."))
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    group_id = models.IntegerField(null=True, blank=True)
    language = models.CharField(max_length=10, blank=True)
    vat_number = models.CharField(max_length=60, blank=True, help_text=_("As the customer wrote it."))
    vat_number_field = models.CharField(max_length=200, blank=True, help_text=_("The form field that it came from."))
    chamber_of_commerce = models.CharField(max_length=60, blank=True)
    peppol_id = models.CharField(max_length=60, blank=True)
    addresses = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    modified_at = models.DateTimeField(null=True, blank=True, help_text=_("When the store last changed it."))
    read_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When our own last change of it was stored: what was read before is older."),
    )
    deleted_at = models.DateTimeField(null=True, blank=True, help_text=_("Since when the store does not have it."))
    due_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When it is read again, because the store reported a change."),
    )
    forgotten_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the customer was forgotten: nothing personal is kept; empty again after a later order."),
    )

    class Meta:
        verbose_name = _("customer of the store")
        verbose_name_plural = _("customers of the store")
        constraints = [models.UniqueConstraint(fields=["store", "customer_key"], name="storecustomer_once")]
        indexes = [
            models.Index(fields=["store", "email"], condition=~Q(email=""), name="storecustomer_by_email"),
            models.Index(fields=["store", "due_at"], condition=Q(due_at__isnull=False), name="storecustomer_due"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_key} {self.name}".strip()

    @property
    def name(self) -> str:
        """The company, else the person."""
        return self.company or f"{self.first_name} {self.last_name}".strip()
