"""Which documents a restored ledger may have lost: those of orders that are older than the restore."""

from datetime import timedelta

import pytest

from connector.flow.clock import database_now
from connector.flow.ledger import restored
from connector.models import OrderSync
from tests.acme import STORE, Acme
from tests.factories import OrderSyncFactory
from tests.flow.pipeline.test_recovery import INVOICES, place, recover

RFC_2822 = "%a, %d %b %Y %H:%M:%S +0000"


@pytest.fixture
def document(db: None) -> OrderSync:
    """A document of a division whose ledger was restored now."""
    document = OrderSyncFactory.create()
    document.division.restored_at = database_now()
    return document


@pytest.mark.parametrize(("minutes", "may"), [(-60, True), (9, True), (11, False)])
def test_an_order_from_before_may_be_posted_whatever_the_stores_clock_says(
    document: OrderSync, minutes: int, may: bool
) -> None:
    placed = (database_now() + timedelta(minutes=minutes)).strftime(RFC_2822)
    assert restored.may_be_posted(document, {"order": {"date_created": placed}}) is may


@pytest.mark.parametrize("kept", [None, {}, {"order": []}, {"order": {"date_created": "yesterday"}}])
def test_an_order_whose_day_cannot_be_read_counts_as_old(document: OrderSync, kept: dict[str, object] | None) -> None:
    assert restored.may_be_posted(document, kept)


def test_what_was_found_or_searched_since_is_not_searched_again(document: OrderSync) -> None:
    document.searched_at = database_now() + timedelta(minutes=1)
    assert not restored.may_be_posted(document)
    document.searched_at, document.exact_id = None, "an-id"
    assert not restored.may_be_posted(document)
    document.exact_id, document.division.restored_at = "", None
    assert not restored.may_be_posted(document)


def test_an_order_placed_after_the_restore_costs_no_search(acme: Acme) -> None:
    place(acme, 1001)
    recover(acme)
    acme.settle()
    placed = (database_now() + timedelta(hours=1)).strftime(RFC_2822)
    acme.sandbox.stores.store(STORE).change(1002, date_created=placed)
    looks = acme.sandbox.exact.calls.count("GET", INVOICES)
    acme.ring(1002)
    acme.settle()
    assert acme.document(1002).state == "posted"
    assert acme.sandbox.exact.calls.count("GET", INVOICES) == looks
