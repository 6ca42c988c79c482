"""The codes of a division, cached, so that pick lists, checks and suggestions need no call."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from connector.models.exact import Division


class MasterData(models.Model):
    """One GL account, cost centre, VAT code, journal, item … of a division, as last pulled."""

    class Kind(models.TextChoices):
        GL_ACCOUNT = "gl_account", _("GL account")
        COST_CENTER = "cost_center", _("cost centre")
        COST_UNIT = "cost_unit", _("cost unit")
        VAT_CODE = "vat_code", _("VAT code")
        JOURNAL = "journal", _("journal")
        PAYMENT_CONDITION = "payment_condition", _("payment condition")
        LAYOUT = "layout", _("invoice template")
        ITEM = "item", _("item")
        CURRENCY = "currency", _("currency")
        PERIOD = "period", _("financial period")
        ITEM_GROUP = "item_group", _("item group")
        UNIT = "unit", _("unit")
        WAREHOUSE = "warehouse", _("warehouse")

    division = models.ForeignKey(Division, models.CASCADE, related_name="master_data")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=100)
    name = models.CharField(max_length=255, blank=True)
    exact_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = _("master data")
        constraints = [
            models.UniqueConstraint(fields=["division", "kind", "code"], name="masterdata_once"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "gl_account",
                        "cost_center",
                        "cost_unit",
                        "vat_code",
                        "journal",
                        "payment_condition",
                        "layout",
                        "item",
                        "currency",
                        "period",
                        "item_group",
                        "unit",
                        "warehouse",
                    ]
                ),
                name="masterdata_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()
