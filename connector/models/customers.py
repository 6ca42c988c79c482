"""Customers with their Exact accounts, and the division's account directory for matching."""

from datetime import datetime

from django.db import models
from django.db.models import Q, Value
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
    score = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How sure the match was, 0 to 100; empty when it was not measured.")
    )
    sent_at = models.DateTimeField(null=True, blank=True, help_text=_("When the account's creation began."))
    failed_searches = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("How often the search for an account that may have been made failed.")
    )
    addresses = models.JSONField(
        default=dict,
        help_text=_("Fingerprint of a delivery or invoice address → its id in Exact; empty for the account's own."),
    )
    contact_id = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text=_("The contact person that was made.")
    )
    contact_asked_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("Since when a contact person is wanted; empty when none is."),
    )
    # Group of details → fingerprint of what each side had when both were last in step, or when they were linked.
    store_base = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)
    exact_base = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)
    in_step_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When both sides were last compared.")
    )
    due_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When it is compared again; empty when neither side changed."),
    )
    read_first = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("Both sides are read before they are compared.")
    )
    failures = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    forgotten_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the customer was forgotten; empty again after a later order."),
    )
    # Group of details → why it is not carried over: a problem, and in `seen` the fingerprints that both sides had then.
    stays = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)
    ordered_as = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("Fingerprint of the details in the last order that differed from these."),
    )
    # Accounts that a person took away from this customer. It is not linked to them again by itself.
    not_accounts = models.JSONField(default=list, db_default=Value([], models.JSONField()), editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    linked_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("Since when it leads to this account; empty for a link of an earlier release."),
    )

    class Meta:
        verbose_name = _("customer")
        constraints = [
            models.UniqueConstraint(fields=["store", "division", "customer_key"], name="customerlink_once"),
        ]
        indexes = [
            models.Index(fields=["division", "account_id"], name="customerlink_by_account"),
            models.Index(fields=["division", "due_at"], condition=Q(due_at__isnull=False), name="customerlink_due"),
            models.Index(
                fields=["division", "account_id"],
                condition=Q(forgotten_at__isnull=False),
                name="customerlink_forgotten",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_key} ↔ {self.account_name or gettext('not yet')}"

    @property
    def since(self) -> datetime:
        """Since when it leads to its account, as far as that is known."""
        return self.linked_at or self.created_at


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
    name_key = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text=_("The name without its suffix and accents.")
    )
    phone = models.CharField(max_length=60, blank=True, default="", db_default="")
    phone_key = models.CharField(max_length=20, blank=True, default="", db_default="", help_text=_("In E.164."))
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    address_line1 = models.CharField(max_length=200, blank=True, default="", db_default="")
    address_line2 = models.CharField(max_length=200, blank=True, default="", db_default="")
    postcode = models.CharField(max_length=40, blank=True, default="", db_default="")
    postcode_key = models.CharField(max_length=40, blank=True, default="", db_default="", help_text=_("Normalised."))
    city = models.CharField(max_length=200, blank=True, default="", db_default="")
    state = models.CharField(max_length=60, blank=True, default="", db_default="")
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    chamber_of_commerce = models.CharField(max_length=40, blank=True, default="", db_default="")
    peppol_id = models.CharField(max_length=60, blank=True, default="", db_default="")
    payment_condition = models.CharField(max_length=20, blank=True, default="", db_default="")
    vat_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    modified_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it was last changed in Exact, as far as it is known.")
    )
    forgotten_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When what is personal was removed; it stays away until a customer has the account again."),
    )
    written_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When our own last change of it was stored: what was read before is older."),
    )
    due_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When it is read again, because Exact reported a change.")
    )

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
            models.Index(
                fields=["division", "postcode_key", "name_key"],
                condition=~Q(postcode_key="") & ~Q(name_key=""),
                name="account_by_name_and_place",
            ),
            models.Index(fields=["division", "due_at"], condition=Q(due_at__isnull=False), name="account_due"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
