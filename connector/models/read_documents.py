"""A document of Exact as a run keeps it until it is compared."""

from django.db import models


class ReadDocument(models.Model):
    """The columns by which a document finds its order. `amount` is with VAT; None when it is not known."""

    exact_id = models.CharField(max_length=40)
    is_entry = models.BooleanField()
    number = models.CharField(max_length=40, blank=True)
    your_ref = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=200, blank=True)
    order_number = models.CharField(max_length=40, blank=True)
    account = models.CharField(max_length=40, blank=True)
    account_name = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    dated = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number or self.exact_id
