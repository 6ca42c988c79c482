"""The rules that choose GL account, cost centre, VAT code and payment condition.

A set of rules is a version. It is never changed: a change makes the next version, and every posted document
names the one that it used.
"""

from django.conf import settings
from django.db import models

from connector.domain.document.states import LONGEST_REASON
from connector.models.connections import Connection


class RuleVersion(models.Model):
    """One set of rules of a connection; the highest number is in force."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="rule_versions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    note = models.CharField(max_length=LONGEST_REASON, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "version of the rules"
        verbose_name_plural = "versions of the rules"
        constraints = [models.UniqueConstraint(fields=["connection", "number"], name="ruleversion_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


class MappingRule(models.Model):
    """When a line looks like this, then it gets this account; the first match wins."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="mapping_rules")
    priority = models.PositiveIntegerField()
    when = models.JSONField(default=dict, blank=True)
    gl_account = models.CharField("GL account", max_length=20, blank=True)
    cost_center = models.CharField("cost centre", max_length=60, blank=True)
    cost_unit = models.CharField(max_length=60, blank=True)
    item = models.CharField(max_length=60, blank=True)
    vat_code = models.CharField("VAT code", max_length=10, blank=True)

    class Meta:
        verbose_name = "rule"
        ordering = ["priority", "id"]
        indexes = [models.Index(fields=["version", "priority", "id"])]

    def __str__(self) -> str:
        return f"rule {self.priority}"


class VatRule(models.Model):
    """When a line is taxed like this, then this VAT code, or a line of its own for the tax."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="vat_rules")
    position = models.PositiveIntegerField()
    when = models.JSONField(default=dict, blank=True)
    code = models.CharField(max_length=10)
    tax_as_line = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = "VAT rule"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="vatrule_position_once")]

    def __str__(self) -> str:
        return f"VAT rule {self.position}"


class PaymentRule(models.Model):
    """When an order was paid like this, then this payment condition."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="payment_rules")
    position = models.PositiveIntegerField()
    when = models.JSONField(default=dict, blank=True)
    code = models.CharField(max_length=20)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="paymentrule_position_once")]

    def __str__(self) -> str:
        return f"payment rule {self.position}"
