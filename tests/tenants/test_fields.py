"""The encrypted field: the library's four faults, each shown to be there, and gone in ours."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from encrypted_fields.fields import EncryptedTextField
from pytest_django.fixtures import Settings

from connector.models import Store
from tenants.fields import Sealed, SecretField
from tenants.sealed import is_bound
from tenants.unreadable import UnreadableSecret
from tests.factories import StoreFactory

PLAIN = "correct horse battery staple"
AnyField = EncryptedTextField | SecretField


def named(field: AnyField) -> Any:
    """A field as it stands on a model."""
    field.set_attributes_from_name("secret")
    field.model = Store
    return field


def load(field: Any, stored: object) -> Any:
    """What a row's field is, when the database holds `stored`."""
    loaded = field.from_db_value(stored, None, connection)
    return field.unsealed(loaded, 7) if isinstance(loaded, Sealed) else loaded


def written(field: Any) -> Any:
    """What the database gets for the secret of a row."""
    return field.sealed(PLAIN, 7) if isinstance(field, SecretField) else field.get_prep_value(PLAIN)


def read_during_validation(make: Callable[..., AnyField]) -> object:
    """What a second thread reads while the first is in the middle of validating."""
    validating, read = threading.Event(), threading.Event()

    def dawdle(value: object) -> None:
        validating.set()
        assert read.wait(5)

    field = named(make(validators=[dawdle]))
    stored = written(field)
    other = threading.Thread(target=field.clean, args=("typed", None))
    other.start()
    assert validating.wait(5)
    seen = load(field, stored)
    read.set()
    other.join(5)
    return seen


@pytest.fixture
def store(db: None) -> Store:
    """A store with a secret."""
    return StoreFactory.create(client_secret=PLAIN)


def stored(store: Store) -> str:
    """The column as it is in the database."""
    return str(Store.objects.annotate(raw=Cast("client_secret", TextField())).values_list("raw", flat=True).get())


@pytest.mark.parametrize(("make", "faulty"), [(EncryptedTextField, True), (SecretField, False)])
class TestFaults:
    """Faulty: the library's own field. Not: ours."""

    def test_a_failed_validation_leaves_ciphertext_behind(self, make: type[AnyField], faulty: bool) -> None:
        field = named(make())
        ciphertext = written(field)
        with pytest.raises(ValidationError):
            field.clean("", None)
        assert load(field, ciphertext) == (ciphertext if faulty else PLAIN)

    def test_two_threads_race(self, make: type[AnyField], faulty: bool) -> None:
        assert (read_during_validation(make) != PLAIN) is faulty

    def test_a_wrong_key_is_silent(self, make: type[AnyField], faulty: bool, settings: Settings) -> None:
        ciphertext = written(named(make()))
        settings.SALT_KEY = ["lost-and-replaced"]
        if faulty:
            assert load(named(make()), ciphertext) == ciphertext
        else:
            with pytest.raises(UnreadableSecret):
                load(named(make()), ciphertext)

    def test_an_empty_text_becomes_null(self, make: type[AnyField], faulty: bool) -> None:
        assert named(make()).get_prep_value("") == (None if faulty else "")


def test_it_is_ciphertext_in_the_database_and_plain_when_loaded(store: Store) -> None:
    assert is_bound(stored(store))
    assert PLAIN not in stored(store)
    assert Store.objects.get().client_secret == PLAIN
    assert Store.objects.get().access_token == ""


def test_what_looks_like_ciphertext_is_kept_as_typed(store: Store) -> None:
    store.client_secret = stored(store)
    store.save()
    assert is_bound(Store.objects.get().client_secret)


def test_an_unreadable_secret_says_which_and_what_to_do_but_not_what(store: Store, settings: Settings) -> None:
    ciphertext = stored(store)
    settings.SALT_KEY = ["lost-and-replaced"]
    with pytest.raises(UnreadableSecret) as raised:
        assert Store.objects.get().client_secret
    reported = f"{raised.value} {raised.value!r}"
    assert "client secret of store" in reported
    assert "SALT_KEY" in reported
    assert PLAIN not in reported
    assert ciphertext not in reported
    assert raised.value.__cause__ is None


def test_keys_rotate(store: Store, settings: Settings) -> None:
    old = settings.SALT_KEY[0]
    settings.SALT_KEY = ["fresh", old]
    again = Store.objects.get()
    assert again.client_secret == PLAIN
    again.save()
    settings.SALT_KEY = ["fresh"]
    assert Store.objects.get().client_secret == PLAIN


def test_the_secret_key_rotates_too(store: Store, settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" * 8
    assert Store.objects.get().client_secret == PLAIN
