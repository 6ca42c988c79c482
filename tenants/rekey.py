"""Encrypts every stored credential with the first keys and for its place, so that older keys can be removed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection as database
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from tenants.accounts import factor_secrets
from tenants.fields import SecretField, secret_fields
from tenants.sealed import KeyMissing, Moved, is_newest
from tenants.unreadable import UnreadableSecret

BATCH = 100


@dataclass(slots=True)
class Count:
    """How many credentials were seen, how many were encrypted again, and how many cannot be decrypted."""

    seen: int = 0
    renewed: int = 0
    unreadable: int = 0


def renew_all(report: Callable[[str], None]) -> Count:
    """Encrypt again every credential that is not encrypted with the first key for its place.

    A second run changes nothing, and a stopped run can be repeated. Each batch is a transaction that locks its rows, so
    that it does not overwrite a token that a worker refreshes.
    """
    count = Count()
    for model, fields in models_with_secrets():
        for keys in _batches(model, _filled(fields)):
            _renew(model, fields, keys, count)
            _tell(report, model, count)
    factors = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)  # passkeys hold no secret
    for keys in _batches(Authenticator, Q(pk__in=factors)):
        _renew_second_factors(keys, count)
        _tell(report, Authenticator, count)
    return count


def models_with_secrets() -> Iterator[tuple[type[Model], list[SecretField]]]:
    """Return each model that holds credentials, with those columns."""
    for model in apps.get_models():
        if fields := secret_fields(model):
            yield model, fields


def _tell(report: Callable[[str], None], model: type[Model], count: Count) -> None:
    text = _("%(model)s: %(seen)s seen, %(renewed)s encrypted again")
    report(text % {"model": model._meta.verbose_name_plural, "seen": count.seen, "renewed": count.renewed})


def _filled(fields: list[SecretField]) -> Q:
    filled = Q()
    for field in fields:
        filled |= ~Q(**{field.name: ""})
    return filled


def _batches(model: type[Model], wanted: Q) -> Iterator[list[int]]:
    last = 0
    while keys := list(
        model._base_manager.filter(wanted, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield keys
        last = keys[-1]


@transaction.atomic
def _renew(model: type[Model], fields: list[SecretField], keys: list[int], count: Count) -> None:
    rows = model._base_manager.filter(pk__in=keys).order_by("pk")
    if database.vendor == "postgresql":
        list(rows.select_for_update().values_list("pk"))
    for pk, *values in rows.values_list("pk", *(field.name for field in fields)):
        changes = {}
        for field, value in zip(fields, values, strict=True):
            if not value:
                continue
            count.seen += 1
            try:
                secret = field.unsealed(value, pk)
            except UnreadableSecret:
                count.unreadable += 1
                continue
            if not is_newest(value):
                changes[field.name] = field.sealed(secret, pk)
        count.renewed += len(changes)
        if changes:
            model._base_manager.filter(pk=pk).update(**changes)


@transaction.atomic
def _renew_second_factors(keys: list[int], count: Count) -> None:
    """Encrypt again the secret of each app and the seed of each set of recovery codes."""
    for factor in Authenticator.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        person, renewed = str(factor.user_id), 0
        for name in factor_secrets.NAMES & factor.data.keys():
            count.seen += 1
            stored = factor.data[name]
            try:
                owner, secret = factor_secrets.of_person(stored)
            except (KeyMissing, Moved):
                count.unreadable += 1
                continue
            if owner not in {"", person}:
                count.unreadable += 1
            elif not factor_secrets.is_up_to_date(stored, person):
                factor.data[name] = factor_secrets.sealed_for(person, secret)
                renewed += 1
        count.renewed += renewed
        if renewed:
            factor.save(update_fields=["data"])
