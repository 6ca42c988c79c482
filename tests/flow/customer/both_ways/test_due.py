"""What is due of a division's customers is read and carried over by its lane, in a turn without a document."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.clients.errors import Unavailable
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import due as customers
from connector.flow.lane import due, waiting
from connector.flow.outbound.clients import LaneClients
from connector.flow.pipeline import run_lane
from connector.models import CustomerEvent, CustomerLink, DirectoryAccount, Division, StoreCustomer
from tests.acme import DIVISION, Acme
from tests.factories import ConnectionFactory, CustomerLinkFactory
from tests.flow.customer.linked import Linked

pytestmark = pytest.mark.usefixtures("one_reading")


@pytest.fixture
def pair(acme: Acme) -> Linked:
    pair = Linked(acme)
    acme.drain()
    return pair


def report(pair: Linked, side: Any = StoreCustomer, minutes: int = 0) -> None:
    """The vendor reports a change, as its webhook does."""
    at = database_now() - timedelta(minutes=minutes)
    if side is StoreCustomer:
        StoreCustomer.objects.filter(customer_key=str(pair.customer_id)).update(due_at=at)
    else:
        DirectoryAccount.objects.filter(account_id=pair.account_id).update(due_at=at)


def lanes() -> list[int]:
    return waiting.lanes_with_work(database_now())


@pytest.mark.parametrize(
    ("side", "change", "there"),
    [
        (StoreCustomer, lambda pair: pair.change_store(email="new@dijk.example"), lambda pair: pair.account()["Email"]),
        (
            DirectoryAccount,
            lambda pair: pair.change_exact(Email="new@dijk.example"),
            lambda pair: pair.in_store()["email"],
        ),
    ],
)
def test_a_reported_change_is_carried_over_by_the_next_turn(pair: Linked, side: Any, change: Any, there: Any) -> None:
    change(pair)
    assert lanes() == []
    report(pair, side)
    assert lanes() == [pair.link.division_id]
    assert due.has_work(pair.link.division_id, database_now())
    run_lane.drain_lane(pair.link.division_id)
    assert there(pair) == "new@dijk.example"
    assert pair.writes() == 1
    assert not due.has_work(pair.link.division_id, database_now())
    assert (lanes(), [event.origin for event in CustomerEvent.objects.all()]) == ([], ["webhook"])


def test_documents_come_first_and_hand_the_lane_back(pair: Linked) -> None:
    pair.change_store(email="new@dijk.example")
    report(pair)
    pair.acme.ring(1001)
    assert run_lane.drain_lane(pair.link.division_id) == 1
    assert pair.writes() == 0
    assert lanes() == [pair.link.division_id]
    run_lane.drain_lane(pair.link.division_id)
    assert pair.account()["Email"] == "new@dijk.example"


def test_an_account_that_exact_does_not_have_any_more_is_forgotten(pair: Linked) -> None:
    pair.exact.delete_account(DIVISION, pair.account_id)
    report(pair, DirectoryAccount)
    pair.acme.drain()
    pair.link.refresh_from_db()
    assert pair.link.account_id == ""
    assert not DirectoryAccount.objects.filter(account_id=pair.account_id).exists()


def test_a_link_that_is_read_first_needs_no_report(pair: Linked) -> None:
    pair.change_store(email="new@dijk.example")
    CustomerLink.objects.filter(pk=pair.link.pk).update(due_at=database_now(), read_first=True, ordered_as="x")
    pair.acme.drain()
    assert pair.account()["Email"] == "new@dijk.example"
    pair.link.refresh_from_db()
    assert (pair.link.due_at, pair.link.read_first) == (None, False)
    assert [event.origin for event in CustomerEvent.objects.all()] == ["order"]


@pytest.mark.parametrize("kind", ["503_html", "close_before", "429_minute"])
def test_a_failed_call_is_tried_again_later(pair: Linked, kind: str) -> None:
    pair.change_exact(Email="new@dijk.example")
    report(pair, DirectoryAccount)
    pair.exact.faults.add(kind, "GET", "*crm/Accounts*", times=1)
    run_lane.drain_lane(pair.link.division_id)
    assert pair.writes() == 0
    assert lanes() == []
    row = DirectoryAccount.objects.get(account_id=pair.account_id)
    assert row.due_at is not None
    assert row.due_at > database_now()
    report(pair, DirectoryAccount)
    pair.acme.make_due()
    pair.acme.drain()
    assert pair.in_store()["email"] == "new@dijk.example"


def test_a_store_that_does_not_answer_holds_up_no_account_for_good(pair: Linked) -> None:
    pair.change_store(email="new@dijk.example")
    report(pair)
    pair.acme.sandbox.stores.faults.add("503_html", "GET", "*customers*", times=1)
    run_lane.drain_lane(pair.link.division_id)
    row = StoreCustomer.objects.get(customer_key=str(pair.customer_id))
    assert row.due_at is not None
    assert row.due_at > database_now()


def test_a_failed_write_is_tried_again_the_later_the_oftener(pair: Linked) -> None:
    pauses = []
    pair.change_store(email="new@dijk.example")
    report(pair)
    for _time in range(3):
        pair.exact.faults.add("401", "PUT", "*crm/Accounts*", times=2)
        before = database_now()
        run_lane.drain_lane(pair.link.division_id)
        pair.link.refresh_from_db()
        assert pair.link.due_at is not None
        pauses.append(round((pair.link.due_at - before).total_seconds() / 60))
        pair.acme.make_due()
        CustomerLink.objects.filter(pk=pair.link.pk).update(due_at=database_now())
    assert pauses == sorted(pauses)
    assert pauses[-1] > pauses[0] >= 1


def test_links_that_are_due_are_put_off_by_one_statement(pair: Linked) -> None:
    lane = customers._Pass(pair.clients.division, pair.clients, database_now(), [pair.link.store_id])
    failures = [0, 1, 5, 8, 9, 30]
    for times in failures:
        CustomerLinkFactory.create(store=pair.link.store, division=pair.link.division, due_at=lane.now, failures=times)
    with CaptureQueriesContext(database) as captured:
        lane.postpone(Unavailable("No answer"))
    written = [each["sql"] for each in captured.captured_queries if each["sql"].startswith("UPDATE")]
    assert sum('"connector_customerlink"' in sql for sql in written) == 1
    links = CustomerLink.objects.filter(due_at__gt=lane.now).order_by("failures")
    pauses = {link.failures: link.due_at - lane.now for link in links if link.due_at}
    longest = timedelta(hours=6)
    assert pauses == {times + 1: min(timedelta(minutes=2**times), longest) for times in failures}


def test_a_pass_is_bounded(pair: Linked, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [Linked(pair.acme, {"email": f"c{n}@dijk.example"}, {"Email": f"c{n}@dijk.example"}) for n in range(2)]
    for each in others:
        each.change_store(email=f"new-{each.customer_id}@dijk.example")
        report(each)
    monkeypatch.setattr(customers, "MOST_CUSTOMERS", 1)
    run_lane.drain_lane(pair.link.division_id)
    assert sum(each.account()["Email"].startswith("new-") for each in others) == 1
    assert lanes() == [pair.link.division_id]
    pair.acme.drain()
    assert all(each.account()["Email"].startswith("new-") for each in others)


def test_the_links_of_a_connection_that_is_off_take_nobodys_place(pair: Linked) -> None:
    off = ConnectionFactory.create(store__tenant=pair.acme.store.tenant, division=pair.clients.division, mode="off")
    before = database_now() - timedelta(days=1)
    for number in range(25):
        CustomerLink.objects.create(
            store=off.store,
            division=off.division,
            customer_key=f"{5000 + number}",
            search_code=f"OFF-{number}",
            account_id=pair.exact.add_account(DIVISION, Name=f"Off {number}"),
            due_at=before,
            read_first=True,
        )
    pair.change_store(email="new@dijk.example")
    CustomerLink.objects.filter(pk=pair.link.pk).update(due_at=database_now(), read_first=True)
    run_lane.drain_lane(pair.link.division_id)
    assert pair.account()["Email"] == "new@dijk.example"
    assert set(CustomerLink.objects.filter(store=off.store).values_list("due_at", flat=True)) == {before}


def test_a_link_that_is_read_first_is_compared_in_the_pass_that_read_it(pair: Linked) -> None:
    pair.change_store(email="new@dijk.example")
    CustomerLink.objects.filter(pk=pair.link.pk).update(due_at=database_now(), read_first=True)
    lane = Division.objects.select_related("grant__tenant").get(pk=pair.link.division_id)
    assert customers.work_off(lane, [pair.acme.connection], LaneClients(lane), lambda: True) == 1
    assert pair.account()["Email"] == "new@dijk.example"
