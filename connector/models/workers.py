"""The workers, as they were last seen."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

SILENT_AFTER_SWEEPS = 3


class Worker(models.Model):
    """A worker's supervising process. Only flow/worker/heartbeat writes here; one that stops in order removes it."""

    name = models.CharField(max_length=100, unique=True)
    seen_at = models.DateTimeField()
    late = models.BooleanField(default=False, help_text=_("Whether it found work that nobody took for three sweeps."))

    def __str__(self) -> str:
        return self.name

    @classmethod
    def patience(cls) -> timedelta:
        """Return for how long a worker may be silent, and work undone."""
        return timedelta(seconds=SILENT_AFTER_SWEEPS * settings.CONNECTOR_SWEEP_SECONDS)
