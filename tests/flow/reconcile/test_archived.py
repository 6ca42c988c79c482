"""Archived orders are listed 250 a call, and seen as what they are."""

from datetime import UTC, date, datetime

import pytest

from connector.domain.timing.days import Days
from connector.flow.outbound.clients import store_client
from connector.flow.reconcile.archived import Archived
from connector.models import OrderSync
from connector.sandbox.bigcommerce import lists
from connector.sandbox.catalogue.build import build
from connector.sandbox.catalogue.nlshop import CARTS
from connector.sandbox.catalogue.shops import NLSHOP
from tests.acme import Acme
from tests.flow.by_hand import put
from tests.flow.reconcile.books import delete, found, run
from tests.flow.reconcile.conftest import shop_of


def test_an_archived_order_that_is_held_is_where_it_is(posted: Acme) -> None:
    delete(posted, 1001)
    put(posted.document(1001), "blocked")
    put(posted.document(1002), "blocked")
    OrderSync.objects.filter(order_id=1001).update(exact_id="", exact_number="")
    shop_of(posted).archive(1001)
    done = run(posted)
    assert [each for each in found(done) if each[1] == 1001] == [("missing_document", 1001)]
    assert sum(done.figures["buckets"]["held"].values()) == 2
    assert done.figures["orders"] == 12
    OrderSync.objects.filter(order_id=1001).update(order_data=None)  # it was never read
    assert sum(run(posted).figures["buckets"]["held"].values()) == 2


def test_a_held_order_that_is_gone_from_the_store_is_in_no_bucket(posted: Acme) -> None:
    delete(posted, 1001)
    put(posted.document(1001), "blocked")
    OrderSync.objects.filter(order_id=1001).update(exact_id="", exact_number="")
    shop_of(posted).delete(1001)
    assert run(posted).figures["buckets"] == {"posted": {"": 11}}


def test_500_archived_orders_are_read_with_a_call_for_250(posted: Acme) -> None:
    shop = shop_of(posted)
    for number in range(5001, 5501):
        shop.place(build(NLSHOP, CARTS[0], number, datetime(2026, 1, 5, tzinfo=UTC)))
        shop.archive(number)
    days = Days(date(2026, 1, 1), date(2026, 1, 31), posted.store.timezone)
    archived, calls = Archived(days, store_client(posted.store), lambda read: read()), posted.store_calls()
    assert all(archived.facts(number) for number in range(5001, 5501))
    assert posted.store_calls() - calls == 3  # the last one is empty
    assert archived.facts(9999) is None


def test_a_store_that_cannot_list_archived_orders_gives_them_one_by_one(
    posted: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    matching = lists.matching
    monkeypatch.setattr(lists, "matching", lambda rows, query: matching(rows, {**query, "is_deleted": "false"}))
    monkeypatch.setattr("connector.sandbox.bigcommerce.v2.matching", lists.matching)
    shop_of(posted).archive(1001)
    shop_of(posted).archive(1002)
    calls = posted.store_calls()
    assert run(posted).complete
    assert posted.store_calls() - calls == 2 + 1 + 2
