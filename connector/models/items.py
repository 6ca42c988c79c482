"""Items that products get in Exact: those found or made for a SKU."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.models.exact import Division


class ItemLink(models.Model):
    """A SKU ↔ an item of a division. Without an item id a request to make it may have been sent."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="item_links")
    code_key = models.CharField(max_length=120, editable=False, help_text=_("The same for codes that are one code."))
    code = models.CharField(max_length=60)
    sku = models.TextField()
    name = models.CharField(max_length=255, blank=True)
    item_id = models.CharField(max_length=40, blank=True)
    made = models.BooleanField(default=False, help_text=_("The connector made it; otherwise it was found by its code."))
    order_id = models.BigIntegerField(help_text=_("The first order that had it."))
    sent_at = models.DateTimeField(null=True, blank=True, help_text=_("When the request to make it was sent."))
    found_at = models.DateTimeField(null=True, blank=True, help_text=_("When Exact last had it."))
    taken_back_at = models.DateTimeField(null=True, blank=True, help_text=_("When a person took it back."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("item of a SKU")
        verbose_name_plural = _("items of SKUs")
        constraints = [
            models.UniqueConstraint(fields=["division", "code_key"], name="itemlink_once"),
        ]
        indexes = [
            models.Index(fields=["division", "-id"], condition=Q(made=True), name="itemlink_made"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({gettext('made') if self.made else gettext('found')})"
