"""One customer is forgotten: nothing tells who it was, all that is booked stays, and the chain is valid."""

import time
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F

from connector.domain.document.evidence import check
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import to_exact
from connector.flow.records.evidence import evidence_of
from connector.flow.records.forget import Busy, Forgotten, Unfinished, forget
from connector.flow.records.privacy.subject import find
from connector.flow.records.walk import walk
from connector.models import CustomerEvent, CustomerLink, Division, OrderSync, StoreCustomer, SyncEvent
from tests.acme import Acme
from tests.factories import ConnectionFactory, StoreCustomerFactory
from tests.flow.customer.linked import Linked
from tests.flow.records import canary
from tests.flow.records.canary import KEY, ORDER

OTHER = 1003


@pytest.fixture
def lived(acme: Acme) -> Acme:
    """Acme, of which one customer was held, posted, refunded, and stands in every place; another was posted."""
    for order in (1002, OTHER):  # the first is this customer's too
        acme.ring(order)
    canary.live(acme)
    canary.scatter(acme)
    assert len({place.partition(".")[0] for place in canary.found()}) >= 15
    return acme


def forgotten(acme: Acme, key: str = KEY) -> Forgotten:
    """Forget the customer."""
    return forget(find(acme.store.tenant, key))


def fiscal(acme: Acme) -> list[Any]:
    """What is booked, and where."""
    rows = OrderSync.objects.filter(order_id=ORDER).order_by("pk")
    columns = ("reference", "exact_id", "exact_number", "total", "currency", "state", "posted_at", "rules_id")
    lines = [
        [
            (line["gl_account"], line["vat_code"], line["net"], line["vat"], line["gross"], line["rule"])
            for line in draft["lines"]
        ]
        for draft in rows.values_list("draft", flat=True)
        if draft is not None
    ]
    links = CustomerLink.objects.order_by("pk").values_list("customer_key", "search_code", "account_id", "account_code")
    return [list(rows.values_list(*columns)), lines, list(links), [row.exact_data for row in rows]]


def test_nothing_tells_who_it_was_and_all_that_is_booked_stays(lived: Acme) -> None:
    before, others = fiscal(lived), canary.rows_of_others(OTHER)
    calls = lived.exact_calls(), lived.store_calls()
    done = forgotten(lived)
    assert canary.found() == []
    assert (done.documents, done.changed) == (3, True)
    assert fiscal(lived) == before
    assert canary.rows_of_others(OTHER) == others
    assert (lived.exact_calls(), lived.store_calls()) == calls


def test_the_chain_stays_valid_and_the_file_of_the_order_passes(lived: Acme) -> None:
    hashes = list(SyncEvent.objects.exclude(hash="").order_by("pk").values_list("pk", "hash"))
    forgotten(lived)
    assert [fault.text for fault in walk(lived.connection)] == []
    assert check(evidence_of(lived.store.tenant, ORDER))
    kept = SyncEvent.objects.exclude(hash="").exclude(kind="forgotten").order_by("pk")
    assert list(kept.values_list("pk", "hash")) == hashes
    assert SyncEvent.objects.filter(kind="forgotten").count() == 4  # three documents, and the closed month


def test_a_line_that_is_changed_once_more_is_still_found(lived: Acme) -> None:
    forgotten(lived)
    taken = SyncEvent.objects.filter(document__order_id=ORDER, text__contains="[…]").first()
    assert taken is not None
    SyncEvent.objects.filter(pk=taken.pk).update(text="Something else.")
    assert "not as it was written" in " ".join(fault.text for fault in walk(lived.connection))


def test_an_order_that_is_changed_once_more_is_still_found(lived: Acme) -> None:
    forgotten(lived)
    row = OrderSync.objects.filter(pk=lived.document(ORDER).pk)
    row.update(order_data={**raw(lived), "prices_include_tax": None})
    assert [fault.text for fault in walk(lived.connection)] == ["order_data is not what the chain says"]


def raw(acme: Acme) -> dict[str, Any]:
    """What the ledger keeps of the order."""
    kept: dict[str, Any] | None = acme.document(ORDER).order_data
    assert kept is not None
    return kept


def test_twice_changes_nothing_more(lived: Acme) -> None:
    forgotten(lived)
    before = everything()
    assert forgotten(lived) == Forgotten(0, 0, changed=False)
    assert everything() == before


def everything() -> list[Any]:
    """Every row that forgetting could write."""
    models = (OrderSync, SyncEvent, CustomerEvent, CustomerLink, StoreCustomer)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_the_amounts_of_the_order_and_where_it_was_taxed_stay(lived: Acme) -> None:
    before = raw(lived)["order"]
    forgotten(lived)
    after = raw(lived)["order"]
    kept = ("id", "customer_id", "total_inc_tax", "total_tax", "date_created", "currency_code", "payment_method")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["billing_address"]["country_iso2"] == before["billing_address"]["country_iso2"] == "NL"


class TestItDoesNotComeBack:
    """The old order is read again, the account is pulled again."""

    def test_an_old_order_that_is_read_again_stays_bare(self, lived: Acme) -> None:
        forgotten(lived)
        lived.ring(ORDER, "store/order/updated")
        lived.settle()
        assert canary.found() == []
        assert not lived.document(ORDER).change_pending

    def test_a_late_refund_is_credited_and_brings_nothing_back(self, lived: Acme) -> None:
        credits = len(lived.credits(ORDER))
        forgotten(lived)
        canary.shop(lived).refund(ORDER, whole=Decimal("1.00"))
        lived.ring(ORDER, "store/order/refund/created")
        lived.settle()
        assert len(lived.credits(ORDER)) == credits + 1
        assert {row.state for row in OrderSync.objects.filter(order_id=ORDER)} == {"posted"}
        assert canary.found() == []

    def test_an_order_whose_copy_had_expired_stays_bare_too(self, lived: Acme) -> None:
        forgotten(lived)
        OrderSync.objects.filter(order_id=ORDER).update(order_data=None)
        lived.ring(ORDER, "store/order/updated")
        lived.settle()
        assert raw(lived)["order"]["id"] == ORDER
        assert canary.found() == []


class TestWhatIsNotFinished:
    """Nothing is forgotten while a document needs the data."""

    @pytest.mark.parametrize(
        "columns",
        [
            {"state": "blocked", "reason": "mapping"},
            {"recheck_at": "2026-01-01T00:00Z"},
            {"change_pending": True},
            {"replace_requested": True},
        ],
    )
    def test_it_is_refused_with_the_orders(self, lived: Acme, columns: dict[str, Any]) -> None:
        OrderSync.objects.filter(order_id=ORDER, kind="invoice").update(**columns)
        before = everything()
        with pytest.raises(Unfinished) as refused:
            forgotten(lived)
        assert refused.value.orders == [ORDER]
        assert everything() == before


def test_what_a_lane_writes_at_that_moment_is_waited_for_and_does_not_come_back(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = Linked(acme)
    monkeypatch.setattr("connector.flow.records.forget.PATIENCE_SECONDS", 0.0)
    write = to_exact.write
    asked: list[Exception] = []

    def forget_meanwhile(*given: Any) -> None:
        write(*given)
        try:
            forgotten(acme, str(pair.customer_id))
        except Busy as busy:
            asked.append(busy)

    monkeypatch.setattr(to_exact, "write", forget_meanwhile)
    acme.drain()
    pair.change_store(email="shopper@dijk.example")
    StoreCustomer.objects.filter(customer_key=str(pair.customer_id)).update(due_at=database_now())
    acme.drain()
    assert len(asked) == 1
    forgotten(acme, str(pair.customer_id))
    customer, account = pair.copies()
    assert (customer.email, account.email, account.name) == ("", "", "")
    pair.link.refresh_from_db()
    assert (pair.link.store_base, pair.link.exact_base) == ({}, {})
    assert leases.acquire(Division, pair.link.division_id) is not None  # it was given back


def test_a_lane_that_may_make_the_customers_account_is_waited_for(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.flow.records.forget.PATIENCE_SECONDS", 0.0)
    customer = StoreCustomerFactory.create(store=acme.store, customer_key="901", email="vera@dijk.example")
    lease = leases.acquire(Division, acme.connection.division_id)
    assert lease is not None
    with pytest.raises(Busy):
        forgotten(acme, "901")
    leases.release(lease)
    forgotten(acme, "901")
    customer.refresh_from_db()
    assert customer.email == ""


def two_divisions(acme: Acme) -> tuple[Division, leases.Lease]:
    """Let the store be connected to a second division, of which a worker has the lease."""
    other = ConnectionFactory.create(store=acme.store, mode="off")
    lease = leases.acquire(Division, other.division_id)
    assert lease is not None
    assert other.division_id > acme.connection.division_id
    StoreCustomerFactory.create(store=acme.store, customer_key="901", email="vera@dijk.example")
    return Division.objects.get(pk=acme.connection.division_id), lease


def sleep_by(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Let something happen where a lease is waited for."""
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _seconds: act())
    monkeypatch.setattr("connector.flow.records.forget.time", clock)


def test_leases_that_are_held_are_renewed_while_another_one_is_waited_for(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, lease = two_divisions(acme)
    seen: list[bool] = []

    def minutes_pass() -> None:
        first.refresh_from_db()
        seen.append(first.lease_until is not None and first.lease_until > database_now())
        Division.objects.filter(pk=first.pk).update(lease_until=database_now())
        if len(seen) == 2:
            leases.release(lease)

    sleep_by(monkeypatch, minutes_pass)
    forgotten(acme, "901")
    assert seen == [True, True]


def take_away(division: Division) -> None:
    """Let another process have the lease."""
    Division.objects.filter(pk=division.pk).update(lease_token=F("lease_token") + 1)


def test_who_lost_a_lease_while_waiting_for_another_one_removes_nothing(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _lease = two_divisions(acme)
    sleep_by(monkeypatch, lambda: take_away(first))
    with pytest.raises(Busy) as busy:
        forgotten(acme, "901")
    assert busy.value.division == first
    assert StoreCustomer.objects.get(customer_key="901").email == "vera@dijk.example"


def test_who_lost_a_lease_before_the_last_one_was_there_removes_nothing(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, lease = two_divisions(acme)
    leases.release(lease)
    acquire = leases.acquire

    def slow(on: leases.Leased, pk: int) -> leases.Lease | None:
        if pk != first.pk:
            take_away(first)
        return acquire(on, pk)

    monkeypatch.setattr(leases, "acquire", slow)
    with pytest.raises(Busy):
        forgotten(acme, "901")
    assert StoreCustomer.objects.get(customer_key="901").email == "vera@dijk.example"
