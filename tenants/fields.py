"""Stored credentials.

`SecretField` wraps django-fernet-encrypted-fields 0.4.0. It keeps the cipher and the key derivation, and avoids four
faults of the library that can break a connection:

1. after one failed form validation the library's field returns ciphertext (a flag stays on the field);
2. threads share that flag, so a read during another thread's validation returns ciphertext too;
3. with a wrong key it returns the ciphertext as if it were the secret, without an error;
4. an empty text becomes NULL.
"""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from encrypted_fields.fields import EncryptedTextField


class UnreadableSecret(Exception):
    """A stored credential cannot be decrypted: its key is no longer in SALT_KEY or SECRET_KEY(_FALLBACKS)."""


@lru_cache(maxsize=8)
def _cipher(*_keys_in_force: str) -> MultiFernet:
    """Derive the keys once per process and setting: each costs 100,000 rounds of PBKDF2."""
    return MultiFernet([Fernet(key) for key in EncryptedTextField().keys])


def cipher() -> MultiFernet:
    """Return the cipher of the settings in force: the first key encrypts, all of them decrypt."""
    return _cipher(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, "", *settings.SALT_KEY)


class SecretField(EncryptedTextField):
    """A text that is encrypted when it is written to the database and decrypted when it is loaded.

    Raises `UnreadableSecret` on loading when no key fits.
    """

    def get_prep_value(self, value: object) -> str | None:
        """Encrypt for the database. None stays NULL and an empty text stays empty."""
        if value is None or value == "":
            return value
        return cipher().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, *_args: Any) -> str | None:
        """Decrypt what the database holds. Raises `UnreadableSecret` when no key fits."""
        if not value:
            return value
        try:
            return cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            raise UnreadableSecret(
                _(
                    "The stored %(field)s of %(model)s cannot be decrypted: the SECRET_KEY or SALT_KEY that encrypted "
                    "it is missing. Put it back, in SECRET_KEY_FALLBACKS or SALT_KEY."
                )
                % {"field": self.verbose_name, "model": self.model._meta.verbose_name}
            ) from None

    def to_python(self, value: object) -> Any:
        """Take the value of a form or a fixture as it is: only the database has ciphertext."""
        return models.TextField.to_python(self, value)

    def clean(self, value: object, model_instance: Any) -> Any:
        """Validate like any text field. The field itself keeps no state."""
        return models.TextField.clean(self, value, model_instance)


def decrypted(model: type[models.Model], column: str, stored: str) -> str:
    """Decrypt what a statement that is written out found in a model's column. Raises `UnreadableSecret`."""
    field = model._meta.get_field(column)
    assert isinstance(field, SecretField)
    return field.from_db_value(stored) or ""
