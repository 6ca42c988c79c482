"""Encrypts every stored credential with the first keys, so that older keys can be removed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.db import connection as database
from django.db import transaction
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from encrypted_fields.fields import EncryptedTextField

from tenants.fields import SecretField, cipher

BATCH = 100
FACTOR_SECRETS = {"secret", "seed"}


@dataclass(slots=True)
class Count:
    """How many credentials were seen, how many were encrypted again, and how many no key can decrypt."""

    seen: int = 0
    renewed: int = 0
    unreadable: int = 0


def renew_all(report: Callable[[str], None]) -> Count:
    """Encrypt again every credential that is not encrypted with the first key. A second run changes nothing.

    A stopped run can be repeated. Each batch is a transaction that locks its rows, so that it does not overwrite a
    token that a worker refreshes.
    """
    first = Fernet(EncryptedTextField().keys[0])
    count = Count()
    for model, names in secret_fields():
        last = 0
        while keys := _next_keys(model, names, last):
            _renew(model, names, keys, first, count)
            last = keys[-1]
            text = _("%(model)s: %(seen)s seen, %(renewed)s encrypted again")
            rows = model._meta.verbose_name_plural
            report(text % {"model": rows, "seen": count.seen, "renewed": count.renewed})
    _renew_second_factors(first, count)
    return count


@transaction.atomic
def _renew_second_factors(first: Fernet, count: Count) -> None:
    """Encrypt again the secret of each app and the seed of each set of recovery codes. Passkeys hold no secret."""
    for factor in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN):
        for name in FACTOR_SECRETS & factor.data.keys():
            count.seen += 1
            if _is_of(first, factor.data[name]):
                continue
            try:
                secret = cipher().decrypt(factor.data[name].encode())
            except InvalidToken:
                count.unreadable += 1
                continue
            factor.data[name] = first.encrypt(secret).decode()
            factor.save(update_fields=["data"])
            count.renewed += 1


def secret_fields() -> Iterator[tuple[type[Model], list[str]]]:
    """Return each model that holds credentials, with the names of those columns."""
    for model in apps.get_models():
        if names := [field.name for field in model._meta.concrete_fields if isinstance(field, SecretField)]:
            yield model, names


def _next_keys(model: type[Model], names: list[str], last: int) -> list[int]:
    filled = Q()
    for name in names:
        filled |= ~Q(**{name: ""})
    rows = model._base_manager.filter(filled, pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _renew(model: type[Model], names: list[str], keys: list[int], first: Fernet, count: Count) -> None:
    rows = model._base_manager.filter(pk__in=keys).order_by("pk")
    if database.vendor == "postgresql":
        list(rows.select_for_update().values_list("pk"))
    stored = {f"stored_{name}": Cast(name, TextField()) for name in names}  # as stored, not decrypted
    for pk, *values in rows.annotate(**stored).values_list("pk", *stored):
        changes = {}
        for name, value in zip(names, values, strict=True):
            if not value:
                continue
            count.seen += 1
            if _is_of(first, value):
                continue
            try:
                changes[name] = cipher().decrypt(value.encode()).decode()
            except InvalidToken:
                count.unreadable += 1
        count.renewed += len(changes)
        if changes:
            model._base_manager.filter(pk=pk).update(**changes)


def _is_of(key: Fernet, value: str) -> bool:
    try:
        key.decrypt(value.encode())
    except InvalidToken:
        return False
    return True
