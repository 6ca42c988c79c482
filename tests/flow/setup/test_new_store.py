"""A store that was tried: saved once, under a prefix of its own, and removed until a document hangs on it."""

import pytest

from connector.clients.bigcommerce.client import StoreInfo
from connector.flow.setup.new_store import NotSaved, propose_prefix, remove, save
from connector.models import Store
from tenants.models import Tenant
from tests.factories import ConnectionFactory, OrderSyncFactory, StoreFactory, TenantFactory

pytestmark = pytest.mark.django_db
INFO = StoreInfo("Tea", "EUR", "Europe/Paris", "FR", prices_include_tax=True, plan="Plus")


def typed(**changes: str) -> dict[str, str]:
    given = {"store_hash": "tea1", "client_id": "id", "client_secret": "s", "access_token": "t", "name": "Tea"}
    return {**given, "prefix": "TEA", **changes}


@pytest.mark.parametrize(
    ("name", "prefix"), [("Thé & Café", "THE"), ("A B Teahouse-Amsterdam", "TEAHOUSE"), ("茶", "SHOP"), ("Tea", "TEA3")]
)
def test_a_prefix_is_the_names_first_word_with_a_number_when_it_is_taken(name: str, prefix: str) -> None:
    tenant = TenantFactory.create()
    for taken in ("TEA", "TEA2"):
        StoreFactory.create(tenant=tenant, prefix=taken)
    assert propose_prefix(tenant, name) == prefix


def test_it_is_saved_once_with_what_the_store_says_of_itself() -> None:
    tenant = TenantFactory.create()
    for _press in range(2):
        save(tenant, typed(), INFO)
    store = Store.objects.get()
    assert (store.prefix, store.access_token, store.timezone, store.state) == ("TEA", "t", "Europe/Paris", "active")
    save(tenant, typed(access_token="", name="Tea house"), INFO)
    assert (Store.objects.get().access_token, Store.objects.get().name) == ("t", "Tea house")


def refused(tenant: Tenant, instead_of: Store | None = None, **changes: str) -> tuple[str, str]:
    """The field and the words of a refusal."""
    with pytest.raises(NotSaved) as refusal:
        save(tenant, typed(**changes), INFO, instead_of=instead_of)
    return refusal.value.field, str(refusal.value)


def test_each_refusal_stands_at_its_field() -> None:
    connection = OrderSyncFactory.create(connection__store__prefix="OLD").connection
    tenant, store = connection.store.tenant, connection.store
    assert refused(TenantFactory.create(), store_hash=store.store_hash)[0] == "store_hash"
    assert "2 to 10" in refused(tenant, prefix="te a")[1]
    assert "Another store of yours" in refused(tenant, prefix="OLD")[1]
    assert "it cannot change" in refused(tenant, store_hash=store.store_hash)[1]
    assert "is connected already" in refused(tenant, instead_of=store)[1]


def test_one_that_nothing_hangs_on_makes_room_for_another() -> None:
    first = StoreFactory.create()
    save(first.tenant, typed(), INFO, instead_of=first)
    assert [store.store_hash for store in Store.objects.all()] == ["tea1"]


def test_with_a_document_it_stays_and_without_one_it_goes() -> None:
    with pytest.raises(NotSaved, match="Documents hang on this store"):
        remove(OrderSyncFactory.create().connection.store)
    gone = ConnectionFactory.create().store
    remove(gone)
    assert not Store.objects.filter(pk=gone.pk).exists()
