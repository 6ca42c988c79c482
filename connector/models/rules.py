"""The rules that choose GL account, cost centre, VAT code and payment condition.

A set of rules is a version. It is never changed: a change makes the next version. Every posted document names
the version that it used.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Value
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.domain.document.states import LONGEST_REASON
from connector.models.connections import Connection

_BOOKING = ("priority", "when", "gl_account", "cost_center", "cost_unit", "item", "vat_code", "warehouse")


class RuleVersion(models.Model):
    """One set of rules of a connection; the highest number is in force."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="rule_versions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    note = models.CharField(max_length=LONGEST_REASON, blank=True)
    sku_items = models.JSONField(
        blank=True,
        default=list,
        db_default=Value([], models.JSONField()),
        editable=False,
        help_text=_("The table of SKUs: rows with a sku and the code of its item."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("version of the rules")
        verbose_name_plural = _("versions of the rules")
        constraints = [models.UniqueConstraint(fields=["connection", "number"], name="ruleversion_once")]

    def __str__(self) -> str:
        return gettext("version %(number)s") % {"number": self.number}

    @cached_property
    def content(self) -> dict[str, Any]:
        """Its number and its rules as JSON; the chain of hashes has the hash of this. Three queries."""
        return {
            "version": self.number,
            "mapping": [_without_empty_warehouse(rule) for rule in self.mapping_rules.values(*_BOOKING)],
            "vat": list(self.vat_rules.values("position", "when", "code", "tax_as_line")),
            "payment": list(self.payment_rules.order_by("position").values("position", "when", "code")),
            **({"sku_items": self.sku_items} if self.sku_items else {}),  # earlier versions keep their hash
        }


def _without_empty_warehouse(rule: dict[str, Any]) -> dict[str, Any]:
    """Rules of earlier versions had none, and the chain has the hash of those."""
    return {name: value for name, value in rule.items() if value or name != "warehouse"}


class MappingRule(models.Model):
    """A condition on a line, and the account that the line gets. The first match wins."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="mapping_rules")
    priority = models.PositiveIntegerField()
    when = models.JSONField(default=dict, blank=True)
    gl_account = models.CharField(_("GL account"), max_length=20, blank=True)
    cost_center = models.CharField(_("cost centre"), max_length=60, blank=True)
    cost_unit = models.CharField(max_length=60, blank=True)
    item = models.CharField(max_length=60, blank=True)
    vat_code = models.CharField(_("VAT code"), max_length=10, blank=True)
    warehouse = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("rule")
        ordering = ["priority", "id"]
        indexes = [models.Index(fields=["version", "priority", "id"])]

    def __str__(self) -> str:
        return gettext("rule %(number)s") % {"number": self.priority}


class VatRule(models.Model):
    """A condition on a line's tax, and its VAT code or a separate line for the tax."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="vat_rules")
    position = models.PositiveIntegerField()
    when = models.JSONField(default=dict, blank=True)
    code = models.CharField(max_length=10)
    tax_as_line = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("VAT rule")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="vatrule_position_once")]

    def __str__(self) -> str:
        return gettext("VAT rule %(number)s") % {"number": self.position}


class PaymentRule(models.Model):
    """A condition on an order's payment, and its payment condition."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="payment_rules")
    position = models.PositiveIntegerField()
    when = models.JSONField(default=dict, blank=True)
    code = models.CharField(max_length=20)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="paymentrule_position_once")]

    def __str__(self) -> str:
        return gettext("payment rule %(number)s") % {"number": self.position}
