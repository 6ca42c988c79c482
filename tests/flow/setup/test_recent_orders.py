"""The orders of the last days: few calls, each order once and whole, within the store's quota."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.calls import Gate, always_open
from connector.clients.errors import RateLimited, UnexpectedResponse
from connector.clients.transport import Response
from connector.domain.document.codes import Code
from connector.flow.clock import database_now
from connector.flow.outbound.clients import store_client
from connector.flow.setup.recent_orders import Recent, recent_orders
from connector.sandbox.bigcommerce.render import order_document
from connector.sandbox.catalogue import OrderRecord, default_orders
from tests.clients.scripted import SENT_AT, Script, reply

RECORDS = [record for record in default_orders() if record.store_hash == "nlshop1"]
WHOLE = {"include": "consignments.line_items,fees", "consignment_structure": "object"}
NONE = Response(204, {}, b"", SENT_AT)
PROGRESS: list[str] = []


def shown(record: OrderRecord, **changes: Any) -> Mapping[str, Any]:
    return order_document(record, WHOLE) | changes


def client_of(script: Script, gate: Gate = always_open) -> BigCommerceClient:
    return BigCommerceClient(
        script,
        base_url="https://api.bigcommerce.com",
        store_hash="abc123",
        access_token="token-1",
        on_call=script.calls.append,
        gate=gate,
    )


def found(script: Script, *, most: int = 250, gate: Gate = always_open) -> list[Recent]:
    client = client_of(script, gate)
    return list(recent_orders(client, days=90, most=most, prices_include_tax=True, tell=PROGRESS.append))


@pytest.fixture(autouse=True)
def known_time(monkeypatch: pytest.MonkeyPatch) -> datetime:
    now = datetime(2026, 4, 1, 12, tzinfo=UTC)
    monkeypatch.setattr("connector.flow.setup.recent_orders.database_now", lambda: now)
    return now


def test_fifty_orders_cost_one_call_and_come_whole(known_time: datetime) -> None:
    script = Script(reply([shown(record) for record in RECORDS[:30]]), NONE)
    orders = found(script)
    assert [each.order_id for each in orders] == [record.order_id for record in RECORDS[:30]]
    assert all(each.fetched and each.fetched.order.lines for each in orders)
    (first, _second) = script.sent
    assert first.params["min_date_created"] == (known_time - timedelta(days=90)).isoformat()
    assert (first.params["sort"], first.params["limit"]) == ("date_created:desc", "50")


def test_what_the_answer_lacks_is_read_for_that_order() -> None:
    empty = next(record for record in RECORDS if record.consignments_empty)
    script = Script(reply([shown(empty)]), reply(empty.products), reply(empty.shipping_addresses), NONE)
    (order,) = found(script)
    assert order.fetched is not None
    assert {line.sku for line in order.fetched.order.lines if line.sku} == {each["sku"] for each in empty.products}


def test_no_more_are_read_than_asked_for() -> None:
    script = Script(reply([shown(record) for record in RECORDS[:5]]))
    assert len(found(script, most=3)) == 3
    assert len(script.sent) == 1


def test_an_order_that_another_pushed_to_the_next_page_comes_once() -> None:
    script = Script(reply([shown(RECORDS[0]), shown(RECORDS[1])]), reply([shown(RECORDS[1]), shown(RECORDS[2])]), NONE)
    assert [each.order_id for each in found(script)] == [record.order_id for record in RECORDS[:3]]


def test_an_order_that_cannot_be_read_says_why_and_the_others_come() -> None:
    odd = shown(RECORDS[0], total_inc_tax="a lot")
    script = Script(reply([odd, {"status_id": 11}, shown(RECORDS[1])]), NONE)
    first, second = found(script)
    assert first.fetched is None
    assert [problem.code for problem in first.problems] == [Code.ORDER_FIELD_ODD]
    assert second.fetched is not None


def test_a_used_up_quota_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    monkeypatch.setattr("connector.flow.outbound.within_budget.stopping.pause", naps.append)
    monkeypatch.setattr("connector.flow.outbound.within_budget.database_now", lambda: datetime(2026, 4, 1, tzinfo=UTC))

    def gate(endpoint: str) -> None:
        if not naps:
            raise RateLimited("used up", until=datetime(2026, 4, 1, 0, 0, 20, tzinfo=UTC))

    assert len(found(Script(reply([shown(RECORDS[0])]), NONE), gate=gate)) == 1
    assert naps == [20]
    assert "20 s" in PROGRESS[-1]


def test_the_fake_store_answers_it(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over HTTP, and past the orders of other days."""
    monkeypatch.setattr("connector.flow.setup.recent_orders.database_now", database_now)
    store = acme.sandbox.stores.store("nlshop1")
    placed = format_datetime(store.now() - timedelta(days=1))
    for number in list(store.orders)[:2]:
        store.change(number, date_created=placed)
    orders = recent_orders(store_client(acme.store), days=30, most=9, prices_include_tax=True, tell=PROGRESS.append)
    assert sorted(each.order_id for each in orders) == sorted(list(store.orders)[:2])


def test_orders_that_are_known_are_not_read_again_and_their_pages_are_not_asked_for() -> None:
    known = {record.order_id for record in RECORDS[:50]}
    script = Script(reply([shown(record) for record in RECORDS[50:]]), NONE)
    client = client_of(script)
    rest = recent_orders(client, days=90, most=250, prices_include_tax=True, tell=PROGRESS.append, known=known)
    assert [each.order_id for each in rest] == [record.order_id for record in RECORDS[50:]]
    assert [sent.params["page"] for sent in script.sent] == ["2", "3"]
    none = recent_orders(
        client_of(Script(reply([shown(RECORDS[50])]))),
        days=90,
        most=50,
        prices_include_tax=True,
        tell=PROGRESS.append,
        known=known,
    )
    assert list(none) == []


def test_a_store_that_gives_one_page_for_ever_is_unexpected() -> None:
    page = reply([shown(record) for record in RECORDS[:2]])
    script = Script(*[page] * 9)
    with pytest.raises(UnexpectedResponse, match="page after page"):
        found(script)
    assert len(script.sent) == 4
