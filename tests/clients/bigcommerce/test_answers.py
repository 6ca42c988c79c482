"""How BigCommerce's answers become values and errors: status, the vendor's words, limits, ids."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from connector.clients import errors
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.errors import ClientError, Interrupted, NotSent
from connector.clients.rows import OddRow
from connector.clients.transport import Limits, Response
from tests.clients.bigcommerce.test_client import EMPTY, client_of
from tests.clients.scripted import SENT_AT, Script, reply, sample

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


@pytest.mark.parametrize("number", [2**63, True, -1])
def test_an_id_that_no_database_keeps_is_odd(number: object) -> None:
    noted: list[OddRow] = []
    rows = [{"id": number, "date_modified": "Mon, 02 Mar 2026 10:00:00 +0000"}]
    since = datetime(2026, 3, 1, tzinfo=UTC)
    (page,) = client_of(Script(reply(rows))).orders_changed(since)
    assert [(each.order_id, bool(each.odd)) for each in page] == [(0, True)]
    assert client_of(Script(reply(rows))).orders_placed(since, 1, noted.append) == []
    assert len(noted) == 1
