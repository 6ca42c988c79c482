"""Keys are replaced while everything runs: what was stored stays readable, and old keys can be dropped afterwards."""

import pytest
from django.core.management import CommandError
from django.db.models import TextField
from django.db.models.functions import Cast
from pytest_django.fixtures import Settings

from connector.models import ExactGrant, Store
from tenants import rekey
from tenants.unreadable import UnreadableSecret
from tests.factories import StoreFactory, TenantFactory
from tests.management.commands.test_rotatekeys import rotate


def ciphertexts() -> dict[int, str]:
    """Return the stored values by store."""
    rows = Store.objects.annotate(stored=Cast("access_token", TextField()))
    return dict(rows.values_list("pk", "stored"))


@pytest.fixture
def stores(db: None) -> list[Store]:
    tenant = TenantFactory.create()
    return [StoreFactory.create(tenant=tenant, access_token=f"token-{n}") for n in range(5)]


def test_after_it_the_old_salt_can_go(stores: list[Store], settings: Settings) -> None:
    old = settings.SALT_KEY
    settings.SALT_KEY = ["new-salt", *old]
    assert rotate() == "10 credentials, 10 encrypted again, 0 unreadable"  # each has a hook secret as well
    settings.SALT_KEY = ["new-salt"]
    assert [store.access_token for store in Store.objects.order_by("pk")] == [f"token-{n}" for n in range(5)]
    settings.SALT_KEY = old
    with pytest.raises(UnreadableSecret, match="is missing"):
        assert Store.objects.earliest("pk").access_token


def test_after_it_the_old_secret_key_can_go(stores: list[Store], settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-another-secret-key-another-secret-key-0123456789"
    assert Store.objects.get(pk=stores[0].pk).access_token == "token-0"
    rotate()
    settings.SECRET_KEY_FALLBACKS = []
    assert Store.objects.get(pk=stores[0].pk).access_token == "token-0"


def test_twice_it_changes_nothing(stores: list[Store], settings: Settings) -> None:
    settings.SALT_KEY = ["new-salt", *settings.SALT_KEY]
    rotate()
    before = ciphertexts()
    assert rotate() == "10 credentials, 0 encrypted again, 0 unreadable"
    assert ciphertexts() == before


def test_stopped_in_the_middle_it_goes_on_where_it_was(
    stores: list[Store], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rekey, "BATCH", 2)
    settings.SALT_KEY = ["new-salt", *settings.SALT_KEY]

    def stop(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rekey.renew_all(stop)
    assert rotate() == "10 credentials, 6 encrypted again, 0 unreadable"


def test_every_column_of_credentials_is_among_them() -> None:
    found = {model: [field.name for field in fields] for model, fields in rekey.models_with_secrets()}
    assert {"access_token", "client_secret", "hook_secret", "hook_secret_previous"} == set(found[Store])
    assert {"client_secret", "webhook_secret", "access_token", "refresh_token"} == set(found[ExactGrant])


def test_what_no_key_reads_is_left_as_it_is_and_counted(stores: list[Store], settings: Settings) -> None:
    before = ciphertexts()
    settings.SALT_KEY = ["new-salt"]
    with pytest.raises(CommandError, match="Put the missing key back"):
        rotate()
    assert ciphertexts() == before
