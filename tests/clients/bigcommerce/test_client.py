"""The BigCommerce client against scripted answers: calls made, consequences, nothing secret shown."""

import traceback
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.clients import errors
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.calls import always_open
from connector.clients.rows import OddRow
from connector.clients.transport import Response
from tests.clients.scripted import SENT_AT, Script, reply, sample

TOKEN = "token-abcdef123456"
HOOK_SECRET = "-".join(["hook", "secret", "1"])  # so that no source line in a traceback holds it


def client_of(script: Script, store_hash: str = "abc123") -> BigCommerceClient:
    return BigCommerceClient(
        script,
        base_url="https://api.bigcommerce.com",
        store_hash=store_hash,
        access_token=TOKEN,
        on_call=script.calls.append,
        gate=always_open,
    )


def stored(name: str) -> Response:
    return reply(sample(f"bigcommerce/{name}.json"))


EMPTY = Response(204, {}, b"", SENT_AT)


def test_an_ordinary_order_costs_one_call() -> None:
    script = Script(stored("order_in_one_call"))
    raw = client_of(script).order(1042)
    assert raw["order"]["id"] == 1042
    (request,) = script.sent
    assert request.full_url == (
        "https://api.bigcommerce.com/stores/abc123/v2/orders/1042"
        "?include=consignments.line_items,fees&consignment_structure=object"
    )
    assert request.headers["X-Auth-Token"] == TOKEN
    assert [(call.endpoint, call.status, call.error) for call in script.calls] == [("v2/orders/{id}", 200, "")]


def test_the_fall_back_reads_the_parts() -> None:
    names = ["order_with_links_only", "order_fees", "order_products", "order_shipping_addresses"]
    script = Script(*map(stored, names))
    raw = client_of(script).order(1042)
    assert [line["sku"] for line in raw["destinations"][0]["lines"]] == ["SKU-1", "SKU-2"]
    assert raw["fees"][0]["cost_inc_tax"] == "1.2100"
    assert [request.url.rpartition("/")[2] for request in script.sent] == [
        "1042",
        "fees",
        "products",
        "shipping_addresses",
    ]


def test_a_list_is_read_to_its_end_even_where_pages_are_capped() -> None:
    rows = [{"id": number, "rate": "21.0000"} for number in range(60)]
    script = Script(reply(rows[:50]), reply(rows[49:]))
    assert [row["id"] for row in client_of(script).taxes(5)] == list(range(60))
    assert [request.params["page"] for request in script.sent] == ["1", "2"]
    script = Script(reply(rows[:50]), EMPTY)
    assert len(client_of(script).taxes(5)) == 50


def test_rows_of_an_orders_lists_come_as_they_are() -> None:
    """The reader of the order decides what to do with a row that is no object."""
    rows: list[Any] = [{"id": 1}, None, "text", {"id": [2]}, {"id": 3}]
    for name in ("taxes", "coupons", "transactions", "refunds"):
        assert getattr(client_of(Script(reply(rows))), name)(5) == rows


def test_a_list_without_end_is_given_up() -> None:
    script = Script(*[reply([{"id": number} for number in range(50)])] * 100)
    with pytest.raises(errors.UnexpectedResponse, match="did not end"):
        client_of(script).coupons(5)


def test_no_content_is_an_empty_list() -> None:
    assert client_of(Script(EMPTY)).coupons(5) == []


def test_v3_lists_follow_their_pagination() -> None:
    def page(number: int) -> Response:
        meta = {"pagination": {"current_page": number, "total_pages": 2}}
        return reply({"data": [{"id": number, "event": "purchase"}], "meta": meta})

    assert [row["id"] for row in client_of(Script(page(1), page(2))).transactions(5)] == [1, 2]


def test_refunds_come_with_their_amounts_as_text() -> None:
    row = {"id": 31, "total_amount": 17.9, "total_tax": 3, "items": [{"quantity": 1, "requested_amount": None}]}
    meta = {"pagination": {"current_page": 1, "total_pages": 1}}
    script = Script(reply({"data": [row | {"payments": [{"amount": 17.9, "is_declined": False}]}], "meta": meta}))
    (refund,) = client_of(script).refunds(5)
    assert (refund["total_amount"], refund["total_tax"], refund["payments"][0]["amount"]) == ("17.9", "3", "17.9")
    assert refund["items"] == [{"quantity": 1, "requested_amount": None}]
    assert script.sent[0].url.endswith("/v3/orders/5/payment_actions/refunds")


def test_another_order_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(errors.UnexpectedResponse):
        client_of(Script(stored("order_in_one_call"))).order(7)


def test_a_line_whose_address_the_order_does_not_have_is_read_without_it() -> None:
    """It is for the reader to say so: to ask again would not find it."""
    script = Script(*map(stored, ["order_with_links_only", "order_fees", "order_products"]), EMPTY)
    (place,) = client_of(script).order(1042)["destinations"]
    assert (place["key"], place["address"]) == ("shipping:420", {})


def test_the_store_and_its_clock() -> None:
    info = client_of(Script(stored("store"))).store()
    assert (info.currency, info.timezone, info.country) == ("EUR", "Europe/Amsterdam", "NL")
    assert (info.prices_include_tax, info.plan) == (True, "Plus")
    assert client_of(Script(reply({"time": 1772445600}))).time() == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_hooks_are_made_changed_and_removed() -> None:
    noted: list[OddRow] = []
    rest = reply({"data": [{"id": "2", "scope": "store/order/created"}], "meta": {}})
    script = Script(stored("hook"), stored("hook"), stored("hook"), rest)
    client = client_of(script)
    hook = client.create_hook("store/order/created", "https://hooks.example.com/w/1/", {"X-Connector-Secret": "s-1"})
    assert (hook.id, hook.is_active, hook.headers) == (18048287, True, {"X-Connector-Secret": "hook-secret-1"})
    assert "hook-secret-1" not in repr(hook)
    client.update_hook(hook.id, is_active=True)
    client.delete_hook(hook.id)
    assert client.hooks(noted.append) == []
    assert list(map(str, noted)) == ["row 2: a hook without an id"]
    assert [(sent.method, sent.url.partition("/v3/")[2], sent.json) for sent in script.sent[1:3]] == [
        ("PUT", "hooks/18048287", {"is_active": True}),
        ("DELETE", "hooks/18048287", None),
    ]


@pytest.mark.parametrize("store_hash", ["abc", "ABC123", "a" * 21, "abc/23", "abc123\n", ""])
def test_a_store_hash_is_what_the_vendor_gives(store_hash: str) -> None:
    with pytest.raises(ValueError, match="store hash"):
        client_of(Script(), store_hash)


def test_ids_are_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        client_of(Script()).order(0)


def test_no_error_shows_the_token_or_the_hook_secret() -> None:
    echo = reply({"title": f"bad token {TOKEN} and {HOOK_SECRET}"}, 422)
    script = Script(echo)
    with pytest.raises(errors.Rejected) as caught:
        client_of(script).create_hook("s", "d", {"X-Connector-Secret": HOOK_SECRET})
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(script.calls)
    shown += repr(caught.value.messages)
    assert "bad token ***" in shown
    assert TOKEN not in shown
    assert HOOK_SECRET not in shown


def test_a_store_that_gives_one_page_of_changes_for_ever_is_unexpected() -> None:
    """All of its orders changed in the same second, and it gives them on every page."""
    at = "Mon, 02 Mar 2026 10:00:00 +0000"
    page = reply([{"id": number, "date_modified": at} for number in range(1, 51)])
    script = Script(*[page] * 200)
    with pytest.raises(errors.UnexpectedResponse, match="did not end after 100 pages"):
        list(client_of(script).orders_changed(datetime(2026, 3, 1, tzinfo=UTC)))
    assert len(script.sent) == 101
