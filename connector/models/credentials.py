"""Rows that keep credentials: whether they work, and when each was set."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.fields import SealedModel, secret_fields


class Health(models.TextChoices):
    """Whether the credentials of one side still work."""

    ACTIVE = "active", _("Active")
    RECONNECT = "reconnect", _("Reconnect")


class Credentialed(SealedModel):
    """A row with credentials. It records when each was set."""

    credentials_set = models.JSONField(
        default=dict, editable=False, help_text=_("Name of a credential → when it was set, ISO 8601 UTC.")
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and record for a new row that its credentials are set now."""
        if self._state.adding:
            names = [field.name for field in secret_fields(type(self))]
            self._note([name for name in names if getattr(self, name) and name not in self.credentials_set])
        super().save(*args, **kwargs)

    def set_credential(self, name: str, value: str) -> None:
        """Set a credential and record when. The caller saves it, with `credentials_set`."""
        setattr(self, name, value)
        self._note([name])

    def _note(self, names: list[str]) -> None:
        now = timezone.now().isoformat(timespec="seconds")
        self.credentials_set = {**self.credentials_set, **dict.fromkeys(names, now)}
