"""Customers with their Exact accounts, and the division's account directory for matching."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.models.exact import Division
from connector.models.stores import Store


class CustomerLink(models.Model):
    """A BigCommerce customer ↔ an Exact account. Without an account id a request to create it may have been sent."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="customer_links")
    division = models.ForeignKey(Division, models.CASCADE, related_name="customer_links")
    customer_key = models.CharField(
        max_length=40,
        help_text=_(
            "The customer's id, or G and a hash of the e-mail for a guest; with a mark for a further company that "
            "orders under it."
        ),
    )
    name = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text=_("The customer's name in the orders.")
    )
    search_code = models.CharField(max_length=60)
    account_id = models.CharField(max_length=40, blank=True)
    account_code = models.CharField(max_length=20, blank=True)
    account_name = models.CharField(max_length=200, blank=True)
    matched_by = models.CharField(max_length=20, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text=_("When the account's creation began."))
    failed_searches = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("How often the search for an account that may have been made failed.")
    )
    addresses = models.JSONField(default=dict, help_text=_("Fingerprint of a delivery address → its id in Exact."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("customer")
        constraints = [
            models.UniqueConstraint(fields=["store", "division", "customer_key"], name="customerlink_once"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_key} ↔ {self.account_name or gettext('not yet')}"


class DirectoryAccount(models.Model):
    """One account of the division, as last synchronised, with the columns that matching needs."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="accounts")
    account_id = models.CharField(max_length=40)
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200, blank=True)
    search_code = models.CharField(max_length=60, blank=True, help_text=_("Upper case."))
    vat_number = models.CharField(max_length=40, blank=True, help_text=_("Upper case, no separators, with its prefix."))
    email = models.CharField(max_length=254, blank=True, help_text=_("Lower case."))
    is_customer = models.BooleanField(default=False)
    status = models.CharField(
        max_length=1, blank=True, default="", db_default="", help_text=_("A none, S suspect, P prospect, C customer.")
    )
    ends = models.DateField(null=True, blank=True, help_text=_("The account's last day."))
    blocked = models.BooleanField(default=False)
    address = models.CharField(max_length=64, blank=True, help_text=_("Fingerprint of the visiting address."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "account_id"], name="directoryaccount_once")]
        indexes = [
            models.Index(
                fields=["division", "search_code"],
                condition=~Q(search_code=""),
                name="account_by_search_code",
            ),
            models.Index(fields=["division", "vat_number"], condition=~Q(vat_number=""), name="account_by_vat_number"),
            models.Index(fields=["division", "email"], condition=~Q(email=""), name="account_by_email"),
            models.Index(fields=["division", "code"], name="account_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
