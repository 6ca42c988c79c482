"""The database's time decides, whatever the clocks of machines and vendors say."""

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from standardwebhooks import Webhook

from connector.clients.errors import NotSent
from connector.clients.transport import Request, Transport
from connector.flow import clock
from connector.flow.clock import database_now, read_clock
from connector.models import Division, Store
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import body_of
from tests.acme import Acme

FLOW = Path(settings.BASE_DIR) / "connector" / "flow"
# The connection test tells how far this machine's clock is off; "today" is the start date that a new file proposes;
# refused deliveries are counted while the database is away.
MACHINE_TIME = {
    "setup/connection_test/store_side.py",
    "setup/connection_test/new_store.py",
    "setup/connection_test/exact_side.py",
    "setup/provision/apply.py",
    "inbox/rejected_counts.py",
}


def test_a_request_whose_time_was_over_before_it_went_out_does_not_go_out(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = acme.store_calls()
    clock = time.monotonic
    calls = iter([0.0, 0.0, 0.0])  # the process is stopped while it connects, and goes on a minute later
    monkeypatch.setattr("connector.clients.transport.time.monotonic", lambda: clock() + next(calls, 60.0))
    request = Request("GET", f"{settings.BIGCOMMERCE_API_URL}/stores/nlshop1/v2/time")
    with pytest.raises(NotSent):
        Transport(allow_insecure=True).send(request, deadline=30)
    assert acme.store_calls() == before


def test_no_step_of_the_flow_reads_the_machines_clock() -> None:
    reads = re.compile(r"datetime\.now\(|timezone\.now\(|time\.time\(")
    found = {str(path.relative_to(FLOW)) for path in FLOW.rglob("*.py") if reads.search(path.read_text())}
    assert found == MACHINE_TIME


def test_one_reading_serves_for_some_seconds(
    db: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr("connector.flow.clock._last", clock._Last())
    with django_assert_num_queries(1):
        times = [database_now() for _ in range(3)]
    assert times == sorted(times)
    assert timedelta(0) <= database_now() - read_clock() + timedelta(seconds=1) < timedelta(seconds=2)
    since = time.clock_gettime
    monkeypatch.setattr("connector.flow.clock.time.clock_gettime", lambda which: since(which) + clock.READING_SERVES)
    with django_assert_num_queries(1):
        database_now()


def test_what_the_database_has_just_dated_is_not_in_the_future(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.flow.clock._last", clock._Last())
    dated = read_clock()
    assert database_now() >= dated


def test_a_thread_that_reads_meanwhile_changes_no_others_time(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading is taken once, with both of its values: another thread may replace it at any moment."""
    at, machine = read_clock(), time.clock_gettime(clock._SINCE_START)
    readings = iter([clock._Reading(at, machine), clock._Reading(at - timedelta(hours=1), machine)])

    class Replaced:
        @property
        def reading(self) -> clock._Reading:
            return next(readings)

    monkeypatch.setattr("connector.flow.clock._last", Replaced())
    assert abs(database_now() - at) < timedelta(seconds=2)
    assert len(list(readings)) == 1


@pytest.mark.parametrize("minutes", [-10, 10])
def test_vendors_clocks_that_are_ten_minutes_off_keep_no_lane_closed_for_longer(
    sandbox: Sandbox, request: pytest.FixtureRequest, minutes: int
) -> None:
    sandbox.exact.advance(minutes * 60)
    sandbox.stores.advance(minutes * 60)
    acme: Acme = request.getfixturevalue("acme")
    acme.sandbox.exact.faults.add("429_minute", "POST", "*SalesInvoices")
    acme.sandbox.stores.faults.add("429_minute", "GET", "*orders/1002*")
    acme.ring(1001)
    acme.ring(1002)
    for _ in range(2):
        acme.drain()
        soon = database_now() + timedelta(minutes=1, seconds=1)
        assert not Division.objects.filter(closed_until__gt=soon).exists()
        assert not Store.objects.filter(closed_until__gt=soon).exists()
        acme.make_due()
    acme.drain()
    assert {acme.document(n).state for n in (1001, 1002)} == {"posted"}


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (10, 401)])
def test_a_signatures_age_is_judged_by_the_databases_clock(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, minutes: int, status: int
) -> None:
    moved = (
        f"clock_timestamp() + interval '{minutes} minutes'"
        if connection.vendor == "postgresql"
        else f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '{minutes} minutes')"
    )
    signed_at = database_now().replace(microsecond=0)
    monkeypatch.setattr("connector.flow.clock.in_sql", lambda: moved)
    Store.objects.update(webhook_auth="signature")
    body = body_of("nlshop1", "1000001", 1001, "store/order/created", at=1_700_000_000)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": f"{signed_at.timestamp():.0f}",
        "webhook-signature": Webhook(acme.store.client_secret.encode()).sign("msg_1", signed_at, body.decode()),
    }
    address = reverse("bigcommerce-webhook", args=[acme.store.webhook_uuid])
    answer = acme.client.post(address, body, content_type="application/json", headers=headers)
    assert answer.status_code == status
