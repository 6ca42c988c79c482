"""Stored credentials.

`SecretField` wraps django-fernet-encrypted-fields 0.4.0. It keeps the cipher and the key derivation, and avoids four
faults of the library that can break a connection:

1. after one failed form validation the library's field returns ciphertext (a flag stays on the field);
2. threads share that flag, so a read during another thread's validation returns ciphertext too;
3. with a wrong key it returns the ciphertext as if it were the secret, without an error;
4. an empty text becomes NULL.

Each text is bound to its table, column and row (`tenants/sealed.py`): ciphertext that is copied to another place is
refused. The row is its primary key, because everything else in the database names a row by it: who makes another
row have that key has moved the row, not the secret. A new row has no key before it is inserted, so `SealedModel`
inserts it without its secrets and writes them in the same transaction.
"""

from typing import Any

from django.db import models, router, transaction
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_noop as _
from encrypted_fields.fields import EncryptedTextField

from tenants.sealed import KeyMissing, Moved, seal, unseal
from tenants.unreadable import UnreadableSecret


class NoRow(TypeError):
    """A credential was written without its row: it is saved with it, or written as `sealed_for` gives it."""


class Sealed(str):
    """A credential as it stands in the database."""


class SecretAttribute(DeferredAttribute):
    """A credential of a row. It is decrypted when it is used, and bound to the row's key then."""

    field: "SecretField"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        """Raises `UnreadableSecret` when no key fits, or when it belongs to another place."""
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.unsealed(value, instance.pk)
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class SecretField(EncryptedTextField):
    """A text that is encrypted for its row when the row is saved, and decrypted when it is used.

    `values()` has the ciphertext. An update writes what `sealed_for` gives.
    """

    descriptor_class = SecretAttribute

    def sealed(self, value: str, pk: object) -> Sealed:
        """Encrypt a credential for a row."""
        return Sealed(seal(value, *self._place(pk)))

    def unsealed(self, value: str, pk: object) -> str:
        """Decrypt a credential of a row. Raises `UnreadableSecret`."""
        try:
            return unseal(value, *self._place(pk))
        except KeyMissing:
            text = _(
                "The stored %(field)s of %(noun)s cannot be decrypted: the SECRET_KEY or SALT_KEY that encrypted "
                "it is missing. Put it back, in SECRET_KEY_FALLBACKS or SALT_KEY."
            )
        except Moved:
            text = _(
                "The stored %(field)s of %(noun)s is not its own: it was changed in the database, or copied there "
                "from another place. Enter it again."
            )
        raise UnreadableSecret(text, field=str(self.verbose_name), noun=self.model._meta.verbose_name_raw)

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        """Return the ciphertext of the row's credential. What was not used is written as it was read."""
        value = model_instance.__dict__.get(self.attname)
        if not value or isinstance(value, Sealed):
            return value
        return self.sealed(str(value), model_instance.pk)

    def get_prep_value(self, value: object) -> str | None:
        """Pass ciphertext, NULL and the empty text. Raises NoRow for any other."""
        if value is None or value == "":
            return value
        if not isinstance(value, Sealed):
            raise NoRow(self.name)
        return str(value)

    def from_db_value(self, value: str | None, *_args: Any) -> str | None:
        """Mark what the database holds as ciphertext."""
        return Sealed(value) if value else value

    def to_python(self, value: object) -> Any:
        """Take the value of a form or a fixture as it is: only the database has ciphertext."""
        return models.TextField.to_python(self, value)

    def clean(self, value: object, model_instance: Any) -> Any:
        """Validate like any text field. The field itself keeps no state."""
        return models.TextField.clean(self, value, model_instance)

    def _place(self, pk: object) -> tuple[str, str, str]:
        if pk is None:
            raise NoRow(self.name)
        return self.model._meta.db_table, str(self.column), str(pk)


def secret_fields(model: type[models.Model]) -> list[SecretField]:
    """Return the columns of a model that hold credentials."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SecretField)]


def sealed_for(row: models.Model, name: str, value: str) -> str:
    """Encrypt a credential for an update of its row; an empty one stays empty."""
    field = row._meta.get_field(name)
    assert isinstance(field, SecretField)
    return field.sealed(value, row.pk) if value else ""


def decrypted(model: type[models.Model], pk: int, column: str, stored: str) -> str:
    """Decrypt what a statement that is written out found in a row's column. Raises `UnreadableSecret`."""
    field = model._meta.get_field(column)
    assert isinstance(field, SecretField)
    return field.unsealed(stored, pk) if stored else ""


class SealedModel(models.Model):
    """A row with credentials. A new row gets its key first, and then its credentials, in one transaction."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, each of its credentials bound to it."""
        held = {
            field.attname: value for field in secret_fields(type(self)) if (value := self.__dict__.get(field.attname))
        }
        if self.pk is not None or not held:
            super().save(*args, **kwargs)
            return
        using = kwargs.get("using") or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using):
            try:
                self.__dict__.update(dict.fromkeys(held, ""))
                super().save(*args, **kwargs)
            finally:
                self.__dict__.update(held)
            super().save(using=using, update_fields=list(held))
