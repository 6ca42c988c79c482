"""A person takes an item back that the connector made, while no invoice has it."""

import pytest

from connector.flow.actions.items import take_back
from connector.flow.actions.transaction import NotPossible
from connector.flow.leases import acquire, release
from connector.models import Division, ItemLink, MasterData, SyncEvent
from tenants.models import User
from tests.acme import DIVISION, Acme
from tests.flow.invoice.new_goods import ITEMS, create_items, items_in_exact, place, post, posts_of_items


@pytest.fixture
def unused(acme: Acme) -> ItemLink:
    """An item that was made for an order whose invoice Exact then refused."""
    create_items(acme)
    acme.sandbox.exact.faults.add("400:Ongeldig: Factuur voor (Type)", "POST", "*/salesinvoice/SalesInvoices")
    assert post(acme, place(acme, "CUP-01")) == "blocked"
    return ItemLink.objects.get()


def test_an_unused_item_is_deleted_and_the_next_order_makes_it_again(acme: Acme, unused: ItemLink, ann: User) -> None:
    take_back(unused, ann, "A typing error in the shop")
    assert "cup-01" not in items_in_exact(acme)
    assert not MasterData.objects.filter(kind="item", code="CUP-01").exists()
    unused.refresh_from_db()
    assert (unused.item_id, unused.taken_back_at is not None) == ("", True)
    event = SyncEvent.objects.get(kind="action")
    assert (event.actor, "A typing error in the shop" in event.text) == (ann, True)
    acme.drain()
    assert post(acme, place(acme, "CUP-01", order_id=7002)) == "posted"
    assert (len(items_in_exact(acme)["cup-01"]), posts_of_items(acme)) == (1, 2)
    unused.refresh_from_db()
    assert unused.taken_back_at is None


def test_an_item_on_an_invoice_stays(acme: Acme) -> None:
    create_items(acme)
    post(acme, place(acme, "CUP-01"))
    with pytest.raises(NotPossible, match="An invoice in Exact has item CUP-01"):
        take_back(ItemLink.objects.get(), None, "mistake")
    assert acme.sandbox.exact.calls.count("DELETE", f"*/{ITEMS}*") == 0
    assert len(items_in_exact(acme)["cup-01"]) == 1


def test_an_item_that_somebody_made_stays(acme: Acme) -> None:
    create_items(acme)
    acme.sandbox.exact.create(DIVISION, ITEMS, Code="CUP-01", Description="Our cup", IsSalesItem=True)
    acme.sandbox.exact.faults.add("400:Ongeldig: Factuur voor (Type)", "POST", "*/salesinvoice/SalesInvoices")
    post(acme, place(acme, "CUP-01"))
    with pytest.raises(NotPossible, match="did not make this item"):
        take_back(ItemLink.objects.get(), None, "mistake")
    assert len(items_in_exact(acme)["cup-01"]) == 1


def test_an_unclear_answer_is_said_and_asked_again(acme: Acme, unused: ItemLink) -> None:
    acme.sandbox.exact.faults.add("close_after", "DELETE", f"*/{ITEMS}*")
    with pytest.raises(NotPossible, match="not clear"):
        take_back(unused, None, "mistake")
    unused.refresh_from_db()
    assert unused.item_id
    take_back(unused, None, "mistake")
    unused.refresh_from_db()
    assert (unused.item_id, acme.sandbox.exact.calls.count("DELETE", f"*/{ITEMS}*")) == ("", 1)


def test_it_says_why_and_waits_for_no_worker(unused: ItemLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.flow.actions.held_division.PATIENCE_SECONDS", 0.0)
    with pytest.raises(NotPossible, match="Say why"):
        take_back(unused, None, " ")
    lease = acquire(Division, unused.division_id)
    assert lease is not None
    with pytest.raises(NotPossible, match="Try again"):
        take_back(unused, None, "mistake")
    release(lease)
