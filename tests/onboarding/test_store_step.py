"""The step of the store: what is pasted, what the store answers, and what is saved."""

from collections.abc import Callable

import pytest

from connector.models import Store
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.state import READ_SCOPES, Account
from tests.factories import ConnectionFactory, OrderSyncFactory, StoreFactory, TenantFactory
from tests.onboarding.conftest import Walker

HASH = "nlshop1"


@pytest.fixture
def account(sandbox: Sandbox) -> dict[str, str]:
    """The API account of a store of the sandbox."""
    shop = sandbox.stores.store(HASH).shop
    return {"client_id": shop.client_id, "client_secret": shop.client_secret, "access_token": shop.access_token}


@pytest.fixture
def downloaded(account: dict[str, str]) -> Callable[..., str]:
    """The text of the file that BigCommerce lets one download, with changes."""

    def text(**changes: str) -> str:
        values = account | changes
        lines = [f"{name.replace('_', ' ').upper()}: {value}" for name, value in values.items()]
        return "\r\n".join([*lines, f"API PATH: https://api.bigcommerce.com/stores/{HASH}/v3/"])

    return text


def test_the_whole_way_with_a_mistake(
    sandbox: Sandbox, walker: Walker, account: dict[str, str], downloaded: Callable[..., str]
) -> None:
    """A wrong token, then the right one alone: what was pasted with it is kept, and no secret is shown."""
    assert walker.press("store", "ping", credentials=downloaded(access_token="of-another-store")) == "store"
    assert walker.state == "trouble"
    assert HASH in walker.errors["access_token"]
    assert "of-another-store" not in walker.page
    assert account["client_secret"] not in walker.page
    assert walker.page.count("Kept.") == 1  # the client secret, not the token that was refused
    assert walker.press("store", "ping", access_token=account["access_token"]) == "store"
    assert walker.errors == {}
    for shown in ("EUR", "including tax", "Europe/Amsterdam", "Orders of the last 30 days", *READ_SCOPES):
        assert shown in walker.page
    assert "the first signed delivery does" in walker.page
    assert Store.objects.count() == 0
    name = sandbox.stores.store(HASH).shop.name
    assert f'value="{name}"' in walker.page
    assert walker.press("store", "go", name="Web shop", prefix="web", store_hash=HASH, client_id=account["client_id"])
    store = Store.objects.get()
    assert (store.tenant, store.store_hash, store.name, store.prefix) == (walker.tenant, HASH, "Web shop", "WEB")
    assert (store.client_secret, store.access_token) == (account["client_secret"], account["access_token"])
    assert (store.currency, store.country, store.timezone) == ("EUR", "NL", "Europe/Amsterdam")
    assert walker.open("store") == "store"
    assert walker.state == "done"
    assert account["access_token"] not in walker.page


def test_pasting_and_going_on_is_enough(walker: Walker, downloaded: Callable[..., str]) -> None:
    """The name is the store's, and the prefix comes from it. A second press makes nothing twice."""
    for _ in range(2):
        walker.press("store", "go", credentials=downloaded())
    store = Store.objects.get()
    assert store.name
    assert store.prefix.isupper()


def test_an_outage_says_so_and_keeps_everything(
    walker: Walker, sandbox: Sandbox, downloaded: Callable[..., str]
) -> None:
    sandbox.stores.faults.add("503_html", "GET", "*", times=-1)
    walker.press("store", "go", credentials=downloaded(), name="Web shop")
    assert "BigCommerce does not answer" in walker.errors[""]
    assert 'value="Web shop"' in walker.page
    sandbox.stores.faults.clear()
    walker.press("store", "go", name="Web shop")
    assert Store.objects.get().name == "Web shop"


def test_a_missing_scope_has_its_name_and_purpose(walker: Walker, sandbox: Sandbox, account: dict[str, str]) -> None:
    scopes = READ_SCOPES - {"store_v2_orders_read_only"}
    sandbox.stores.store(HASH).add_account(Account(**account, scopes=scopes))
    walker.press("store", "go", store_hash=HASH, **account)
    assert "store_v2_orders_read_only" in walker.errors["access_token"]
    assert "reads the orders" in walker.page
    assert not Store.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "store_hash"),
        ({"store_hash": "https://shop.example/"}, "store_hash"),
        ({"credentials": "Dear customer"}, "credentials"),
        ({"store_hash": "abc123", "client_id": "id"}, "access_token"),
    ],
    ids=["nothing", "another address", "another text", "no token"],
)
def test_bad_input_has_its_error_at_the_field(walker: Walker, typed: dict[str, str], field: str) -> None:
    walker.press("store", "ping", **typed)
    assert field in walker.errors
    assert " such as " in walker.errors[field] or "looks like" in walker.errors[field]


def test_a_store_of_another_organisation_is_refused_without_a_hint(
    walker: Walker, downloaded: Callable[..., str]
) -> None:
    other = StoreFactory.create(store_hash=HASH, name="Secretive")
    walker.press("store", "go", credentials=downloaded())
    assert walker.errors["store_hash"] == ("This store cannot be set up here. Ask the person who runs this connector.")
    assert "Secretive" not in walker.page
    assert Store.objects.get().tenant == other.tenant


def test_a_stored_secret_need_not_be_typed_a_second_time(walker: Walker, downloaded: Callable[..., str]) -> None:
    walker.press("store", "go", credentials=downloaded())
    before = Store.objects.get()
    walker.press("store", "go", store_hash=HASH, client_id="another", name="New name", prefix=before.prefix)
    store = Store.objects.get()
    assert (store.name, store.client_id, store.access_token) == ("New name", "another", before.access_token)


def test_a_store_is_removed_until_a_document_hangs_on_it(walker: Walker) -> None:
    connection = ConnectionFactory.create(store__tenant=walker.tenant)
    walker.open("store")
    assert "Remove this store" in walker.page
    document = OrderSyncFactory.create(connection=connection)
    walker.press("store", "remove")
    assert "stays" in walker.errors[""]
    assert "Remove this store" not in walker.page
    document.delete()
    walker.press("store", "remove")
    assert not Store.objects.exists()


def test_another_store_takes_the_place_of_one_that_is_not_connected(
    walker: Walker, downloaded: Callable[..., str]
) -> None:
    wrong = StoreFactory.create(tenant=walker.tenant)
    walker.press("store", "go", credentials=downloaded())
    assert [store.store_hash for store in Store.objects.all()] == [HASH]
    ConnectionFactory.create(store=Store.objects.get())
    Store.objects.update(store_hash=wrong.store_hash)
    walker.press("store", "go", credentials=downloaded())
    assert "connected already" in walker.errors["store_hash"]


def test_a_prefix_of_another_store_is_refused(walker: Walker, downloaded: Callable[..., str]) -> None:
    taken = StoreFactory.create(tenant=walker.tenant)
    ConnectionFactory.create(store=taken)
    Store.objects.update(store_hash=HASH)
    StoreFactory.create(tenant=walker.tenant, prefix="TAKEN")
    walker.press("store", "go", credentials=downloaded(), prefix="TAKEN")
    assert "Another store" in walker.errors["prefix"]
    StoreFactory.create(tenant=TenantFactory.create(), prefix="FREE")
    walker.press("store", "go", credentials=downloaded(), prefix="FREE")
    assert Store.objects.get(pk=taken.pk).prefix == "FREE"
