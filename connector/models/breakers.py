"""What Exact refused of late: an endpoint that is closed before Exact closes the whole key."""

from django.db import models

from connector.models.exact import Division


class Breaker(models.Model):
    """The errors of one endpoint of a division within the hour. Only flow/breakers changes it."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="breakers")
    endpoint = models.CharField(max_length=100)
    errors = models.JSONField(default=list, help_text="When Exact refused, within the last hour.")
    last_error = models.TextField(blank=True)
    open_until = models.DateTimeField(null=True, blank=True, help_text="No call before this; then one is tried.")
    opened_times = models.PositiveSmallIntegerField(default=0, help_text="In a row: each pause is twice as long.")
    tried_at = models.DateTimeField(null=True, blank=True, help_text="When the one call was let through.")

    class Meta:
        verbose_name = "refusing endpoint"
        constraints = [models.UniqueConstraint(fields=["division", "endpoint"], name="breaker_once")]

    def __str__(self) -> str:
        return f"{self.endpoint} of {self.division}"
