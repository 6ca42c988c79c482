"""The store of a webhook address, with its secrets and the lanes that have no wake-up yet."""

from datetime import timedelta
from uuid import uuid4

import pytest

from connector.flow.clock import database_now
from connector.flow.inbox.webhook_store import WebhookStore, find_store
from connector.models import Division, Store
from tests.factories import ConnectionFactory, StoreFactory

pytestmark = pytest.mark.django_db


def find(store: Store) -> WebhookStore:
    found = find_store(store.webhook_uuid)
    assert found is not None
    return found


def test_an_address_that_no_store_has_finds_none() -> None:
    StoreFactory.create()
    assert find_store(uuid4()) is None


def test_only_lanes_without_a_wake_up_are_idle() -> None:
    store = StoreFactory.create()
    assert find(store).idle_lanes == []
    awake, idle = (ConnectionFactory.create(store=store, mode="shadow").division_id for _ in range(2))
    Division.objects.filter(pk=awake).update(woken_at=database_now())
    assert find(store).idle_lanes == [idle]


@pytest.mark.parametrize(("minutes", "secrets"), [(1, ["present", "former"]), (-1, ["present"])])
def test_a_former_secret_counts_until_it_ends(minutes: int, secrets: list[str]) -> None:
    until = database_now() + timedelta(minutes=minutes)
    store = StoreFactory.create(
        client_secret="signs", hook_secret="present", hook_secret_previous="former", hook_secret_previous_until=until
    )
    assert list(find(store).hook_secrets()) == secrets
    assert find(store).client_secret() == "signs"
