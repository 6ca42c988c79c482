"""A credential is bound to its table, column and row: what is moved in the database is refused."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.test import Client
from django.urls import reverse
from encrypted_fields.fields import EncryptedTextField
from pytest_django.fixtures import Settings

from connector.models import ExactGrant, Store
from tenants.fields import NoRow, Sealed, sealed_for
from tenants.sealed import KeyMissing, Moved, is_bound, is_newest, seal, unseal
from tenants.unreadable import UnreadableSecret
from tests.factories import ExactGrantFactory, StoreFactory, UserFactory

HERE = ("table", "column", "7")


def stored(row: Any, name: str) -> str:
    """The column as it is in the database."""
    return str(type(row).objects.annotate(raw=Cast(name, TextField())).values_list("raw", flat=True).get(pk=row.pk))


def put(row: Any, name: str, text: str) -> None:
    """Write into the database, as somebody who has a door to it would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {name} = %s WHERE id = %s", [text, row.pk])


def rotate() -> str:
    out = StringIO()
    call_command("rotatekeys", stdout=out)
    return out.getvalue().strip()


def former(text: str) -> str:
    """A text as a release before encrypted it: for no place."""
    return Fernet(EncryptedTextField().keys[0]).encrypt(text.encode()).decode()


@pytest.mark.parametrize("text", ["", "x", "é" * 500, "\ud800"])
def test_a_text_comes_back_at_its_place(text: str) -> None:
    assert unseal(seal(text, *HERE), *HERE) == text
    assert seal(text, *HERE) != seal(text, *HERE)


@pytest.mark.parametrize("there", [("other", "column", "7"), ("table", "other", "7"), ("table", "column", "8")])
def test_at_another_place_it_is_refused(there: tuple[str, str, str]) -> None:
    with pytest.raises(Moved):
        unseal(seal("secret", *HERE), *there)


@pytest.mark.parametrize("change", [lambda text: text[:-4] + "AAAA", lambda text: text[:20], lambda text: text + "!"])
def test_a_text_that_was_changed_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(Moved):
        unseal(change(seal("secret", *HERE)), *HERE)


def test_without_its_key_it_says_so(settings: Settings) -> None:
    sealed = seal("secret", *HERE)
    settings.SALT_KEY = ["another", *settings.SALT_KEY]
    assert unseal(sealed, *HERE) == "secret"
    assert not is_newest(sealed)
    settings.SALT_KEY = ["another"]
    with pytest.raises(KeyMissing):
        unseal(sealed, *HERE)


MOVES: dict[str, Callable[[Store, Store, ExactGrant], None]] = {
    "another row": lambda mine, other, grant: put(mine, "access_token", stored(other, "access_token")),
    "another column": lambda mine, other, grant: put(mine, "access_token", stored(mine, "client_secret")),
    "another table": lambda mine, other, grant: put(mine, "access_token", stored(grant, "access_token")),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_ciphertext_of_another_place_is_refused_with_one_sentence(
    db: None, move: Callable[[Store, Store, ExactGrant], None]
) -> None:
    mine, other = (StoreFactory.create(access_token=f"token-{n}", client_secret="c") for n in range(2))
    move(mine, other, ExactGrantFactory.create(access_token="token-of-exact"))
    found = Store.objects.get(pk=mine.pk)
    with pytest.raises(UnreadableSecret, match="access token of store is not its own"):
        assert found.access_token
    assert found.client_secret == "c"  # the others are as they were
    with pytest.raises(CommandError, match="put there from another place"):
        rotate()
    found.access_token = "entered-again"
    found.save()
    assert Store.objects.get(pk=mine.pk).access_token == "entered-again"


def test_a_moved_secret_is_no_fault_of_a_page_or_a_delivery(
    db: None, browser: Callable[[str], Client], acme: Any, client: Client
) -> None:
    store = acme.of(Store)
    put(store, "hook_secret", stored(store, "client_secret"))
    body, headers = {"scope": "x"}, {"X-Connector-Secret": "x"}
    answer = client.post(f"/webhooks/bigcommerce/{store.webhook_uuid}/", body, "application/json", headers=headers)
    assert answer.status_code == 503  # BigCommerce sends it again
    owner = browser("alice")
    for address in ("admin:connector_store_change", "admin:connector_store_history"):
        assert owner.get(reverse(address, args=[store.pk])).status_code == 200


def test_a_new_row_is_bound_in_the_transaction_that_inserts_it(db: None, django_assert_num_queries: Any) -> None:
    tenant = StoreFactory.create().tenant
    with django_assert_num_queries(4):  # savepoint, insert, update, release
        store = StoreFactory.create(tenant=tenant, access_token="token")
    assert is_bound(stored(store, "access_token"))
    assert Store.objects.get(pk=store.pk).access_token == store.access_token == "token"


def test_a_credential_is_never_written_for_no_row(db: None) -> None:
    store = StoreFactory.create()
    with pytest.raises(NoRow), transaction.atomic():
        Store.objects.update(access_token="token")
    with pytest.raises(NoRow), transaction.atomic():
        Store.objects.bulk_create([Store(tenant=store.tenant, access_token="token")])
    Store.objects.update(access_token=sealed_for(store, "access_token", "token"))
    assert Store.objects.get().access_token == "token"
    assert isinstance(Store.objects.values_list("access_token", flat=True).get(), Sealed)


def test_what_a_release_before_stored_is_read_until_it_is_bound(db: None) -> None:
    stores = [StoreFactory.create(hook_secret="h") for _store in range(3)]
    for store in stores:
        put(store, "access_token", former(f"token-{store.pk}"))
    assert Store.objects.earliest("pk").access_token == f"token-{stores[0].pk}"
    assert rotate() == "6 credentials, 3 encrypted again, 0 unreadable"
    assert all(is_bound(stored(store, "access_token")) for store in stores)
    assert [store.access_token for store in Store.objects.order_by("pk")] == [f"token-{store.pk}" for store in stores]
    assert rotate() == "6 credentials, 0 encrypted again, 0 unreadable"


def test_the_session_of_another_person_lets_nobody_in(db: None) -> None:
    clients = []
    for person in (UserFactory.create(is_superuser=True), UserFactory.create(is_superuser=True)):
        clients.append(Client())
        clients[-1].force_login(person)
    rows = [Session.objects.get(session_key=one.session.session_key) for one in clients]
    assert clients[1].get(reverse("admin:index")).status_code == 200
    Session.objects.filter(pk=rows[1].pk).update(session_data=rows[0].session_data)
    assert clients[1].get(reverse("admin:index")).status_code == 302
