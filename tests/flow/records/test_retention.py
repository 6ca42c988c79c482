"""What has expired goes on its day, in parts, and the chain stays valid; nothing that is needed goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.domain.document.evidence import check
from connector.flow.clock import database_now
from connector.flow.records import retention
from connector.flow.records.evidence import evidence_of
from connector.flow.records.retention import Pruned, count, prune
from connector.flow.records.walk import walk
from connector.models import Connection, Delivery, ExactDelivery, OrderSync, SyncEvent
from connector.sandbox.bigcommerce.state import Store
from tenants.models import Tenant
from tests.acme import Acme
from tests.factories import DeliveryFactory, DivisionFactory, OrderSyncFactory, SyncEventFactory, TenantFactory
from tests.flow.records.test_old_runs import daily

SECOND = timedelta(seconds=1)


@pytest.fixture
def posted(acme: Acme) -> Acme:
    """Acme, which has posted two orders."""
    for order in (1001, 1002):
        acme.ring(order)
    acme.drain()
    return acme


def in_days(days: int) -> datetime:
    """The time then."""
    return database_now() + timedelta(days=days)


def is_intact(acme: Acme) -> bool:
    """Whether the chain is as it was written."""
    return not list(walk(acme.connection))


def tenant_of(acme: Acme) -> Tenant:
    """The organisation."""
    return acme.store.tenant


class TestTheDay:
    """Each kind just before and just after its day."""

    @pytest.fixture
    def tenant(self, db: None) -> Tenant:
        """An organisation with a document."""
        tenant: Tenant = OrderSyncFactory.create(posted=True, state="posted").connection.store.tenant
        return tenant

    def make(self, kind: str, tenant: Tenant, at: datetime) -> None:
        """Make a row of a kind that was last needed at a moment."""
        document = OrderSync.objects.get()
        match kind:
            case "deliveries":
                delivery = DeliveryFactory.create(store=document.connection.store, processed_at=at)
                Delivery.objects.filter(pk=delivery.pk).update(received_at=at)
            case "copies":
                OrderSync.objects.update(order_data={"order": {}}, updated_at=at)
            case "bodies":
                SyncEventFactory.create(document=document, at=at, sent="{}")
            case "calls":
                SyncEventFactory.create(document=document, at=at)
            case "reports":
                report = ExactDelivery.objects.create(division=document.division, topic="Accounts", processed_at=at)
                ExactDelivery.objects.filter(pk=report.pk).update(received_at=at)
            case "runs":
                daily(document.connection, at)

    @pytest.mark.parametrize(
        ("kind", "days"),
        [("deliveries", 90), ("copies", 400), ("bodies", 400), ("calls", 730), ("reports", 90), ("runs", 400)],
    )
    def test_it_is_kept_until_then_and_not_longer(self, tenant: Tenant, kind: str, days: int) -> None:
        at = database_now()
        self.make(kind, tenant, at)
        due = at + timedelta(days=days)
        assert getattr(prune(tenant, due - SECOND), kind) == 0
        assert getattr(count(tenant, due + SECOND), kind) == 1
        assert getattr(prune(tenant, due + SECOND), kind) == 1
        assert prune(tenant, due + SECOND) == Pruned()

    def test_the_organisation_decides_for_how_long(self, tenant: Tenant) -> None:
        self.make("calls", tenant, database_now())
        tenant.keep_calls_days = 60
        assert prune(tenant, in_days(61)).calls == 1


def test_everything_expires_and_the_chain_stays_valid(posted: Acme) -> None:
    before = list(SyncEvent.objects.filter(place=0, number__isnull=False).values_list("number", "hash"))
    drafts = list(OrderSync.objects.order_by("pk").values_list("draft", "reference", "exact_id", "total"))
    assert is_intact(posted)
    pruned = prune(tenant_of(posted), in_days(1000))
    assert min(getattr(pruned, kind) for kind in ("deliveries", "copies", "bodies", "calls")) > 0
    assert not Delivery.objects.exists()
    assert not SyncEvent.objects.filter(kind="call").exists()
    assert not OrderSync.objects.exclude(order_data=None).exists()
    assert list(OrderSync.objects.order_by("pk").values_list("draft", "reference", "exact_id", "total")) == drafts
    kept = SyncEvent.objects.filter(place=0, number__isnull=False).exclude(kind="expiry")
    assert list(kept.values_list("number", "hash")) == before
    assert is_intact(posted)


def test_the_evidence_of_a_pruned_order_says_what_has_expired_and_passes(posted: Acme) -> None:
    prune(tenant_of(posted), in_days(1000))
    file = evidence_of(tenant_of(posted), 1001)
    assert check(file)
    assert b"The copy has expired. The chain has its hash." in file
    assert b"No delivery is kept." in file


def test_half_of_it_expires(posted: Acme) -> None:
    prune(tenant_of(posted), in_days(401))
    assert SyncEvent.objects.filter(kind="call").exists()
    assert not SyncEvent.objects.exclude(sent="", answered="").exists()
    assert is_intact(posted)
    assert check(evidence_of(tenant_of(posted), 1001))


def test_a_run_that_was_killed_goes_on(posted: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    acts, done = dict(retention._ACTS), list[str]()

    def dying(kind: str) -> Callable[[Any], int]:
        def act(rows: Any) -> int:
            done.append(kind)
            if len(done) > 2:
                raise KeyboardInterrupt
            return acts[kind](rows)

        return act

    monkeypatch.setattr(retention, "_ACTS", {kind: dying(kind) for kind in acts})
    then = in_days(1000)
    with pytest.raises(KeyboardInterrupt):
        prune(tenant_of(posted), then)
    assert is_intact(posted)
    monkeypatch.setattr(retention, "_ACTS", acts)
    assert prune(tenant_of(posted), then).done
    assert not any(count(tenant_of(posted), then).numbers().values())
    assert is_intact(posted)


def test_what_goes_without_being_said_is_found(posted: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard of the order: first the chain says it, then it is deleted."""
    monkeypatch.setattr("connector.flow.records.expired.record", lambda *_: None)
    prune(tenant_of(posted), in_days(1000))
    assert not is_intact(posted)


@pytest.mark.parametrize(
    "unfinished",
    [
        {"state": "blocked", "reason": "mapping"},
        {"state": "waiting", "next_attempt_at": "2026-01-01T00:00Z"},
        {"recheck_at": "2026-01-01T00:00Z"},
        {"change_pending": True},
    ],
)
def test_the_copy_of_what_is_unfinished_stays(posted: Acme, unfinished: dict[str, Any]) -> None:
    OrderSync.objects.filter(order_id=1001).update(**unfinished)
    assert prune(tenant_of(posted), in_days(1000)).copies == 1
    assert posted.document(1001).order_data is not None


def test_the_copy_stays_while_another_document_of_the_order_needs_it(posted: Acme) -> None:
    OrderSyncFactory.create(connection=posted.connection, order_id=1001, kind="credit", sequence=7, held=True)
    assert prune(tenant_of(posted), in_days(1000)).copies == 1
    assert posted.document(1001).order_data is not None


def test_an_unread_delivery_stays(posted: Acme) -> None:
    posted.ring(1001)
    prune(tenant_of(posted), in_days(1000))
    assert Delivery.objects.count() == 1


def test_another_organisation_keeps_its_own(posted: Acme) -> None:
    other = SyncEventFactory.create()
    prune(tenant_of(posted), in_days(1000))
    assert SyncEvent.objects.filter(pk=other.pk).exists()


def test_a_refund_after_the_copy_expired_is_still_credited(shop: Store, acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    prune(tenant_of(acme), in_days(1000))
    assert acme.document(1001).order_data is None
    shop.refund(1001)
    acme.ring(1001)
    acme.settle()
    assert [credit.state for credit in acme.credits(1001)] == ["posted"]
    assert is_intact(acme)
    prune(tenant_of(acme), in_days(1000))
    (credit,) = acme.credits(1001)
    assert set(credit.order_data or {}) == {"refund"}
    assert is_intact(acme)


def test_an_order_that_was_edited_after_its_copy_expired_waits_for_a_person(posted: Acme) -> None:
    prune(tenant_of(posted), in_days(1000))
    OrderSync.objects.filter(order_id=1001).update(draft={**(posted.document(1001).draft or {}), "order_total": "1"})
    posted.ring(1001)
    posted.settle()
    document = posted.document(1001)
    assert document.change_pending
    assert document.recheck_at is None
    assert "Compare it with the draft" in document.events.order_by("-id")[0].text


class TestTheDailyDuty:
    """The worker prunes each organisation once a day, in parts."""

    @pytest.fixture
    def old(self, posted: Acme) -> Acme:
        """Acme, whose calls are three years old."""
        SyncEvent.objects.filter(kind="call").update(at=database_now() - timedelta(days=1000))
        return posted

    def test_it_prunes_once_a_day(self, old: Acme) -> None:
        retention.look_after()
        assert not SyncEvent.objects.filter(kind="call").exists()
        with CaptureQueriesContext(database) as captured:
            retention.look_after()
        assert len(captured) == 1
        Tenant.objects.update(pruned_at=database_now() - timedelta(days=1))
        with CaptureQueriesContext(database) as captured:
            retention.look_after()
        assert len(captured) > 1

    def test_one_sweep_deletes_so_much_and_the_next_one_goes_on(
        self, old: Acme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retention, "BATCH", 1)
        monkeypatch.setattr(retention, "BATCHES_A_SWEEP", 2)
        calls = SyncEvent.objects.filter(kind="call")
        before = calls.count()
        retention.look_after()
        assert calls.count() == before - 2
        retention.look_after()
        assert calls.count() == before - 4

    @pytest.mark.parametrize(("sweeps", "pruned"), [(720, [1, 2, 3]), (2, [2, 3, 3])])
    def test_a_sweep_takes_one_organisation_and_more_of_many(
        self, db: None, monkeypatch: pytest.MonkeyPatch, sweeps: int, pruned: list[int]
    ) -> None:
        monkeypatch.setattr(retention, "SWEEPS", sweeps)
        TenantFactory.create_batch(3)
        found = []
        for _ in pruned:
            retention.look_after()
            found.append(Tenant.objects.exclude(pruned_at=None).count())
        assert found == pruned

    def test_one_with_much_to_prune_goes_on_behind_those_that_wait(
        self, old: Acme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retention, "BATCH", 1)
        monkeypatch.setattr(retention, "BATCHES_A_SWEEP", 1)
        other = TenantFactory.create(pruned_at=database_now() - timedelta(days=2))
        for _ in range(2):
            retention.look_after()
        assert Tenant.objects.filter(pk=other.pk, pruned_at__gt=database_now() - timedelta(hours=1)).exists()
        assert SyncEvent.objects.filter(kind="call").exists()

    def test_an_organisation_that_fails_keeps_no_other_from_its_turn(
        self, old: Acme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = SyncEventFactory.create(at=database_now() - timedelta(days=1000)).tenant
        act = retention.prune

        def prune_or_fail(tenant: Tenant, *args: Any, **how: Any) -> Pruned:
            if tenant == tenant_of(old):
                raise ZeroDivisionError
            return act(tenant, *args, **how)

        monkeypatch.setattr(retention, "prune", prune_or_fail)
        retention.look_after()
        retention.look_after()
        assert not SyncEvent.objects.filter(tenant=first, kind="call").exists()


def test_pruning_takes_the_same_statements_for_many_rows(posted: Acme) -> None:
    with CaptureQueriesContext(database) as few:
        prune(tenant_of(posted), in_days(731))
    document = OrderSync.objects.first()
    SyncEvent.objects.bulk_create(
        SyncEventFactory.build(document=document, tenant=tenant_of(posted)) for _ in range(99)
    )
    with CaptureQueriesContext(database) as many:
        prune(tenant_of(posted), in_days(1000))
    assert len(many) <= len(few)
    assert Connection.objects.count() == 1


def test_what_exact_reported_goes_in_parts_unless_it_is_unread(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = database_now()
    division, other = DivisionFactory.create(), DivisionFactory.create()
    for number, (of, processed_at) in enumerate([(division, now), (division, None), (other, now), (division, now)]):
        ExactDelivery.objects.create(division=of, topic="Accounts", digest=str(number), processed_at=processed_at)
    then = now + timedelta(days=division.grant.tenant.keep_deliveries_days, minutes=1)
    monkeypatch.setattr(retention, "BATCH", 1)
    assert prune(division.grant.tenant, then, most=1) == Pruned(reports=1, done=False)
    assert prune(division.grant.tenant, then) == Pruned(reports=1)
    assert set(ExactDelivery.objects.values_list("digest", flat=True)) == {"1", "2"}
