"""Rows that keep credentials: what works, and since when each is what it is."""

from typing import Any

from django.db import models
from django.utils import timezone

from tenants.fields import SecretField


class Health(models.TextChoices):
    """Whether the credentials of one side still work."""

    ACTIVE = "active"
    RECONNECT = "reconnect"


class Credentialed(models.Model):
    """A row with credentials of which it is known since when they are what they are."""

    credentials_set = models.JSONField(
        default=dict, editable=False, help_text="Name of a credential → when it was set, ISO 8601 UTC."
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note of a new row's credentials that they are set now."""
        if self._state.adding:
            secrets_ = [field.name for field in self._meta.fields if isinstance(field, SecretField)]
            self._note([name for name in secrets_ if getattr(self, name) and name not in self.credentials_set])
        super().save(*args, **kwargs)

    def set_credential(self, name: str, value: str) -> None:
        """Put a credential in its place and note when; not saved, and `credentials_set` is to be saved with it."""
        setattr(self, name, value)
        self._note([name])

    def _note(self, names: list[str]) -> None:
        now = timezone.now().isoformat(timespec="seconds")
        self.credentials_set = {**self.credentials_set, **dict.fromkeys(names, now)}
