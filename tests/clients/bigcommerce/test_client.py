"""The BigCommerce client against scripted answers: calls made, consequences, nothing secret shown."""

import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.clients import errors
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.calls import always_open
from connector.clients.errors import ClientError, Interrupted, NotSent
from connector.clients.rows import OddRow
from connector.clients.transport import Limits, Response
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


HTML = reply(b"<html>down</html>", kind="text/html")
READS: list[tuple[Response | ClientError, type[ClientError]]] = [
    (reply({"title": "no"}, 401), errors.Unauthorized),
    (reply(sample("bigcommerce/error_v2_404.json"), 404), errors.NotFound),
    (reply(b"slow down", 429, "text/plain"), errors.RateLimited),
    (reply({"title": "bad"}, 400), errors.Rejected),
    (reply(b"bad", 400, "text/plain"), errors.Rejected),
    (reply({"title": "locked"}, 423), errors.Unavailable),
    (reply(b"oops", 500, "text/plain"), errors.Unavailable),
    (reply({"title": "suspended"}, 503), errors.Unavailable),
    (reply(b"", 302, headers={"Location": "https://elsewhere.example"}), errors.UnexpectedResponse),
    (HTML, errors.Unavailable),
    (reply(b'{"id": 10'), errors.UnexpectedResponse),
    (reply([1, 2]), errors.UnexpectedResponse),
    (NotSent("refused"), errors.NotSent),
    (Interrupted("reset"), errors.Unavailable),
]
WRITES: list[tuple[Response | ClientError, type[ClientError]]] = [
    (reply({"title": "no"}, 401), errors.Unauthorized),
    (reply({"title": "no"}, 403), errors.Forbidden),
    (reply({"title": "gone"}, 404), errors.NotFound),
    (reply({}, 429), errors.RateLimited),
    (reply(sample("bigcommerce/error_v3_422.json"), 422), errors.Rejected),
    (reply(b"<p>bad</p>", 400, "text/html"), errors.OutcomeUnknown),
    (reply({"title": "x"}, 408), errors.OutcomeUnknown),
    (reply({"title": "x"}, 500), errors.OutcomeUnknown),
    (reply(b"", 302), errors.OutcomeUnknown),
    (HTML, errors.OutcomeUnknown),
    (EMPTY, errors.OutcomeUnknown),
    (reply(b'{"data": {'), errors.OutcomeUnknown),
    (NotSent("refused"), errors.NotSent),
    (Interrupted("reset"), errors.OutcomeUnknown),
]


@pytest.mark.parametrize(("answer", "kind"), READS)
def test_reads_fail_by_consequence(answer: Response | ClientError, kind: type[ClientError]) -> None:
    check(Script(answer), lambda client: client.order(1042), kind, "v2/orders/{id}")


@pytest.mark.parametrize(("answer", "kind"), WRITES)
def test_writes_fail_by_consequence(answer: Response | ClientError, kind: type[ClientError]) -> None:
    check(Script(answer), lambda client: client.create_hook("s", "https://d.example", {}), kind, "v3/hooks")


def check(script: Script, act: Callable[[BigCommerceClient], object], kind: type[ClientError], endpoint: str) -> None:
    with pytest.raises(ClientError) as caught:
        act(client_of(script))
    assert type(caught.value) is kind
    assert caught.value.endpoint == endpoint
    (call,) = script.calls
    assert call.endpoint == endpoint
    assert call.error.startswith(f"{kind.__name__}: ")
    assert call.status == caught.value.status


def test_a_missing_scope_is_named() -> None:
    with pytest.raises(errors.Forbidden, match="store_v2_transactions_read_only") as caught:
        client_of(Script(reply({"title": "You don't have a required scope"}, 403))).transactions(5)
    assert caught.value.reason == "store_v2_transactions_read_only"


def test_list_and_object_errors_give_one_sentence() -> None:
    with pytest.raises(errors.NotFound, match="requested resource was not found"):
        client_of(Script(reply(sample("bigcommerce/error_v2_404.json"), 404))).order(5)
    with pytest.raises(errors.Rejected, match=r"missing or invalid; destination: error\.path\.missing"):
        client_of(Script(reply(sample("bigcommerce/error_v3_422.json"), 422))).create_hook("s", "d", {})


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-Rate-Limit-Time-Reset-Ms": "15000"}, 15),
        ({"x-retry-after": "20"}, 20),
        ({"Retry-After": "30"}, 30),
        ({"X-Rate-Limit-Time-Reset-Ms": "15000", "X-Retry-After": "99"}, 15),
        ({}, None),
        ({"X-Rate-Limit-Time-Reset-Ms": "-5"}, None),
        ({"X-Rate-Limit-Time-Reset-Ms": "soon"}, None),
        ({"X-Rate-Limit-Time-Reset-Ms": "999999999999"}, None),
    ],
)
def test_a_used_up_limit_says_until_when(headers: dict[str, str], seconds: int | None) -> None:
    with pytest.raises(errors.RateLimited) as caught:
        client_of(Script(reply({}, 429, headers=headers))).order(5)
    assert caught.value.until == (None if seconds is None else SENT_AT + timedelta(seconds=seconds))


def test_limits_are_reported_with_the_call() -> None:
    headers = {
        "x-rate-limit-requests-left": "140",
        "x-rate-limit-requests-quota": "150",
        "x-rate-limit-time-reset-ms": "29000",
    }
    script = Script(reply({"time": 1}, headers=headers), reply({"time": 1}))
    client_of(script).time()
    client_of(script).time()
    assert script.calls[0].limits == Limits(left=140, quota=150, reset_ms=29000)
    assert script.calls[1].limits is None


def test_a_refusal_without_a_reason_says_so_in_its_own_sentence() -> None:
    with pytest.raises(errors.Rejected) as caught:
        client_of(Script(reply(b"", 400))).order(5)
    assert caught.value.words == "BigCommerce refused the request and gave no reason"
    assert (caught.value.messages, caught.value.detail) == ((), "")


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


def test_a_changed_order_that_cannot_be_read_says_so_and_the_others_come() -> None:
    def row(number: object, modified: object) -> dict[str, object]:
        return {"id": number, "date_modified": modified}

    good, since = "Mon, 02 Mar 2026 10:00:00 +0000", datetime(2026, 3, 1, tzinfo=UTC)
    rows = [row(7, ""), row(8, good), row(9, None), row(0, good), None, row(10, "Wed, 30 Nov -0001 00:00:00 +0000")]
    (page,) = client_of(Script(reply(rows))).orders_changed(since)
    at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert [(each.order_id, each.at) for each in page] == [(7, since), (8, at), (9, at), (0, at), (0, at), (10, at)]
    assert [bool(each.odd) for each in page] == [True, False, True, True, True, True]


def test_a_store_that_gives_one_page_of_changes_for_ever_is_unexpected() -> None:
    """All of its orders changed in the same second, and it gives them on every page."""
    at = "Mon, 02 Mar 2026 10:00:00 +0000"
    page = reply([{"id": number, "date_modified": at} for number in range(1, 51)])
    script = Script(*[page] * 200)
    with pytest.raises(errors.UnexpectedResponse, match="did not end after 100 pages"):
        list(client_of(script).orders_changed(datetime(2026, 3, 1, tzinfo=UTC)))
    assert len(script.sent) == 101


@pytest.mark.parametrize("number", [2**63, True, -1])
def test_an_id_that_no_database_keeps_is_odd(number: object) -> None:
    noted: list[OddRow] = []
    rows = [{"id": number, "date_modified": "Mon, 02 Mar 2026 10:00:00 +0000"}]
    since = datetime(2026, 3, 1, tzinfo=UTC)
    (page,) = client_of(Script(reply(rows))).orders_changed(since)
    assert [(each.order_id, bool(each.odd)) for each in page] == [(0, True)]
    assert client_of(Script(reply(rows))).orders_placed(since, 1, noted.append) == []
    assert len(noted) == 1
