"""Each day's figures: added to with the transition that makes them true, and by nothing else."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.domain.document.states import BlockedReason, State
from connector.flow.leases import LeaseLost
from connector.flow.ledger import daily_counts, transitions
from connector.models import DailyCount, MasterData, OrderSync
from connector.models.kept_words import english
from tests.acme import Acme
from tests.factories import OrderSyncFactory


def figures(acme: Acme) -> DailyCount:
    return DailyCount.objects.get(connection=acme.connection)


def test_a_posted_document_counts_with_its_money(acme: Acme) -> None:
    for order_id in (1001, 1012):
        acme.ring(order_id)
    acme.drain()
    counted = figures(acme)
    assert (counted.posted, counted.credited, counted.held, counted.currency) == (2, 0, 0, "EUR")
    assert counted.posted_amount == acme.total(1001) + acme.total(1012)
    assert counted.day == daily_counts.today(acme.store.tenant, acme.document(1001).updated_at)


def test_a_held_document_counts_each_time_it_is_held(acme: Acme) -> None:
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    acme.ring(1001)
    acme.drain()
    acme.ring(1001)
    acme.make_due()
    acme.drain()
    assert (figures(acme).held, figures(acme).posted) == (2, 0)


def test_the_day_is_the_organisations(acme: Acme) -> None:
    acme.store.tenant.timezone = "Pacific/Auckland"
    assert daily_counts.today(acme.store.tenant, datetime(2026, 11, 23, 12, tzinfo=UTC)) == date(2026, 11, 24)


def document(acme: Acme, order_id: int, **more: Any) -> OrderSync:
    facts: dict[str, Any] = {
        "kind": "invoice",
        "total": Decimal("10.00"),
        "currency": "EUR",
        "exact_id": f"id-{order_id}",
    }
    return OrderSyncFactory.create(connection=acme.connection, order_id=order_id, state=State.POSTING, **facts | more)


def test_credits_and_currencies_have_their_own_figures(acme: Acme) -> None:
    transitions.move(document(acme, 1), State.POSTED, english("Posted."))
    transitions.move(document(acme, 2, kind="credit", total=Decimal("-4.00")), State.POSTED, english("Credited."))
    transitions.move(document(acme, 3, currency="USD"), State.POSTED, english("Posted."))
    euros = DailyCount.objects.get(currency="EUR")
    assert (euros.posted, euros.credited) == (1, 1)
    assert (euros.posted_amount, euros.credited_amount) == (Decimal(10), Decimal(4))
    assert DailyCount.objects.get(currency="USD").posted == 1


def test_a_receipt_is_nothing_that_was_sold_and_counts_only_when_it_is_held(acme: Acme) -> None:
    transitions.move(document(acme, 1), State.POSTED, english("Posted."))
    transitions.move(document(acme, 2, kind="receipt", total=Decimal("-4.00")), State.POSTED, english("Booked."))
    transitions.move(document(acme, 3, kind="receipt"), State.BLOCKED, english("Held."), reason=BlockedReason.MAPPING)
    counted = figures(acme)
    assert (counted.posted, counted.posted_amount, counted.credited, counted.held) == (1, Decimal(10), 0, 1)


def test_what_comes_with_the_transition_is_what_counts(acme: Acme) -> None:
    transitions.move(document(acme, 1), State.POSTED, english("Posted."), total=Decimal("12.50"), currency="USD")
    assert DailyCount.objects.get().posted_amount == Decimal("12.50")
    assert DailyCount.objects.get().currency == "USD"


def test_a_transition_that_is_lost_counts_nothing(acme: Acme) -> None:
    stale = document(acme, 1)
    OrderSync.objects.update(lease_token=7)
    with pytest.raises(LeaseLost):
        transitions.move(stale, State.POSTED, english("Posted."))
    assert not DailyCount.objects.exists()


def test_two_that_count_the_first_of_a_day_at_once_both_count(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    make = DailyCount.objects.bulk_create

    def somebody_was_faster(rows: list[DailyCount], **how: Any) -> Any:
        (row,) = rows
        make([DailyCount(connection=row.connection, day=row.day, currency=row.currency, posted=5)])
        return make(rows, **how)

    monkeypatch.setattr(DailyCount.objects, "bulk_create", somebody_was_faster)
    transitions.move(document(acme, 1), State.POSTED, english("Posted."))
    assert figures(acme).posted == 6
