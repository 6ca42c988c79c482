"""Numbers of the whole installation, for `/metrics`: they are added up a little behind what happens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """A number by name and label, such as ("calls", "exact,ok"). Only flow/monitor/tallies writes here."""

    name = models.CharField(max_length=20)
    label = models.CharField(max_length=60, blank=True)
    value = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = _("tallies")
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}".strip()
