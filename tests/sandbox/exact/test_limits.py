"""Limits, faults on request, and the control interface."""

import json
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from threading import Thread, Timer

import pytest

from connector.sandbox.exact.service import FakeExact
from tests.sandbox.exact.client import INVOICES, Api, send

Broken = (HTTPException, OSError)


@pytest.fixture
def api() -> Iterator[Api]:
    with FakeExact() as exact:
        exact.add_division(100001, "Polderfiets BV", "NL")
        yield Api(exact)


def post(api: Api, ref: str = "R-1", timeout: float = 5) -> int:
    return api.post(INVOICES, api.invoice({"NetPrice": 1}, YourRef=ref), timeout).status


def count(api: Api) -> int:
    return len(api.exact.invoices(100001))


def eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 3
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


@pytest.mark.parametrize(
    ("kind", "committed"),
    [
        ("close_before", 0),
        ("close_after", 1),
        ("timeout_before", 0),
        ("timeout_after", 1),
        ("truncated", 1),
        ("slow_drip", 1),
    ],
)
def test_no_whole_answer(api: Api, kind: str, committed: int) -> None:
    api.exact.faults.add(kind, "POST", f"*/{INVOICES}", seconds=10 if kind != "close_before" else None)
    with pytest.raises(Broken):
        post(api, timeout=0.2)
    assert count(api) == committed
    assert post(api) == 201


@pytest.mark.parametrize(
    ("kind", "status", "committed"),
    [
        ("500_before", 500, 0),
        ("500_after", 500, 1),
        ("503_html", 503, 0),
        ("200_html", 200, 0),
        ("garbage_201", 201, 1),
        ("401", 401, 0),
        ("403:LicenseExpired", 403, 0),
        ("429_minute", 429, 0),
        ("429_day", 429, 0),
    ],
)
def test_odd_answers(api: Api, kind: str, status: int, committed: int) -> None:
    api.exact.faults.add(kind, "POST")
    assert post(api) == status
    assert count(api) == committed


def test_late_commit_happens_after_the_client_has_gone(api: Api) -> None:
    api.exact.faults.add("late_commit", "POST", seconds=0.3)
    with pytest.raises(Broken):
        post(api, timeout=0.1)
    assert count(api) == 0
    assert eventually(lambda: count(api) == 1)


def test_skip_and_times(api: Api) -> None:
    api.exact.faults.add("503_html", "POST", skip=1, times=2)
    assert [post(api) for _ in range(4)] == [201, 503, 503, 201]
    with pytest.raises(ValueError, match="No such fault"):
        api.exact.faults.add("meteor")


def test_read_lag_and_stale_read(api: Api) -> None:
    def found() -> int:
        return len(api.get(INVOICES, filter="YourRef eq 'R-1'").rows)

    api.exact.faults.add("read_lag", "POST", seconds=60)
    assert post(api) == 201
    assert (count(api), found()) == (1, 0)
    assert api.get(f"{INVOICES}(guid'{api.exact.invoices(100001)[0]['InvoiceID']}')").status == 404
    api.exact.advance(61)
    assert found() == 1

    api.exact.faults.add("stale_read", "GET", times=2, seconds=3600)
    assert [found(), found(), found()] == [0, 0, 1]


def test_limit_headers_count_down(api: Api) -> None:
    first, second = api.get("hrm/Costcenters").headers, api.get("hrm/Costcenters").headers
    assert first["X-RateLimit-Limit"] == "5000"
    assert first["X-RateLimit-Minutely-Limit"] == "60"
    assert int(first["X-RateLimit-Remaining"]) - int(second["X-RateLimit-Remaining"]) == 1
    reset = int(first["X-RateLimit-Minutely-Reset"])
    assert reset % 60000 == 0
    assert 0 < reset / 1000 - time.time() <= 60


def test_enforced_limits(api: Api) -> None:
    api.exact.set(enforce_limits=True, minute_limit=2)
    statuses = [api.get("hrm/Costcenters").status for _ in range(4)]
    assert statuses[-1] == 429
    refused = api.get("hrm/Costcenters")
    assert refused.body == b""
    assert refused.headers["X-RateLimit-Minutely-Remaining"] == "0"
    assert refused.headers["X-RateLimit-Limit"] is None
    api.exact.advance(60)
    assert api.get("hrm/Costcenters").status == 200


def test_the_error_limit_blocks_the_key(api: Api) -> None:
    api.exact.set(enforce_error_limit=True, token_seconds=7200)
    api = Api(api.exact)
    assert [api.write("POST", INVOICES, {}).status for _ in range(11)] == [400] * 11
    assert api.get("hrm/Costcenters").status == 429
    api.exact.advance(3601)
    assert api.get("hrm/Costcenters").status == 200


def test_stopping_frees_what_hangs(api: Api) -> None:
    api.exact.faults.add("timeout_before", "GET", seconds=30)
    started = time.monotonic()
    Timer(0.1, api.exact.stop).start()
    with pytest.raises(Broken):
        api.get("hrm/Costcenters")
    assert time.monotonic() - started < 2


def test_it_starts_again_at_the_same_address_with_its_state(api: Api) -> None:
    post(api)
    address = api.exact.url
    api.exact.stop()
    with pytest.raises(Broken):
        api.get("hrm/Costcenters")
    assert api.exact.start().url == address
    assert len(api.get(INVOICES).rows) == 1


def test_control_interface(api: Api) -> None:
    control = f"{api.exact.url}/_sandbox"
    fault = json.dumps({"kind": "500_before", "method": "GET", "path": "*/Items"}).encode()
    assert send(f"{control}/faults", "POST", data=fault).status == 201
    assert [one["kind"] for one in send(f"{control}/faults").json] == ["500_before"]
    assert api.get("logistics/Items").status == 500
    assert send(f"{control}/faults", "POST", data=b'{"kind": "meteor"}').status == 400
    assert send(f"{control}/faults", "DELETE").status == 204

    post(api, "CTRL-1")
    offices = send(f"{control}/state").json["divisions"]
    assert [one["YourRef"] for one in offices[0]["invoices"]] == ["CTRL-1"]
    calls = send(f"{control}/calls").json
    assert [one["status"] for one in calls if one["path"].endswith(INVOICES)] == [201]
    assert api.exact.calls.count("POST", f"*/{INVOICES}") == 1
    assert api.exact.calls.count(glob="/_sandbox*") == 0
    assert send(f"{control}/advance", "POST", data=b'{"seconds": 1.5}').status == 204
    assert send(f"{control}/advance", "POST", data=b"{}").status == 400
    pair = send(f"{control}/refresh-token", "POST", data=b"{}").json
    assert set(pair) == {"client_id", "client_secret", "refresh_token"}
    assert send(f"{control}/state", headers={"Host": "evil.example"}).status == 403


def test_fifty_at_once(api: Api) -> None:
    threads = [Thread(target=post, args=(api, f"R-{n}")) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [row["InvoiceNumber"] for row in api.exact.invoices(100001)]
    assert len(set(numbers)) == 50
