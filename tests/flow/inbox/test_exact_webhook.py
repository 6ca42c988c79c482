"""What Exact reports makes accounts due, once each, and wakes the division's lane."""

from typing import Any

import pytest
from django.db import OperationalError

from connector.flow.clock import database_now
from connector.flow.inbox import exact_webhook
from connector.flow.lane import due, waiting
from connector.flow.pipeline import run_lane
from connector.models import CustomerLink, DirectoryAccount, Division, ExactDelivery
from tests.acme import Acme
from tests.factories import ConnectionFactory

KNOWN, LINKED, STRANGE = (f"0000000{number}-0000-4000-8000-000000000000" for number in (1, 2, 3))


@pytest.fixture
def division(db: None) -> Division:
    """It knows one account, and a customer is linked to another one, which it does not know."""
    connection = ConnectionFactory.create()
    found: Division = connection.division
    Division.objects.update(accounts_read_at=database_now())
    DirectoryAccount.objects.create(division=found, account_id=KNOWN, name="Klant")
    CustomerLink.objects.create(store=connection.store, division=found, customer_key="7", account_id=LINKED)
    return found


def reported(division: Division, account: str, **given: Any) -> ExactDelivery:
    number = ExactDelivery.objects.count()
    row = {"topic": "Accounts", "action": "Update", "record_id": account, "digest": f"{number}", **given}
    return ExactDelivery.objects.create(division=division, **row)


def due_accounts(division: Division) -> set[str]:
    rows = DirectoryAccount.objects.filter(division=division, due_at__isnull=False)
    return set(rows.values_list("account_id", flat=True))


def test_a_reported_account_is_due_and_the_delivery_is_done(division: Division) -> None:
    reported(division, KNOWN)
    reported(division, KNOWN)
    assert exact_webhook.take_in(division.pk) == 2
    assert due_accounts(division) == {KNOWN}
    assert not ExactDelivery.objects.filter(processed_at=None).exists()
    assert exact_webhook.take_in(division.pk) == 0


def test_a_deleted_account_is_read_again_before_it_is_forgotten(division: Division) -> None:
    reported(division, KNOWN, action="Delete")
    exact_webhook.take_in(division.pk)
    assert due_accounts(division) == {KNOWN}
    assert DirectoryAccount.objects.get().name == "Klant"


def test_a_linked_account_that_is_new_to_us_is_read_too(division: Division) -> None:
    reported(division, LINKED)
    exact_webhook.take_in(division.pk)
    assert due_accounts(division) == {LINKED}


def test_of_any_other_account_the_list_is_stale(division: Division) -> None:
    reported(division, KNOWN)
    exact_webhook.take_in(division.pk)
    assert Division.objects.exclude(accounts_read_at=None).filter(pk=division.pk).exists()
    reported(division, STRANGE)
    exact_webhook.take_in(division.pk)
    assert not Division.objects.exclude(accounts_read_at=None).filter(pk=division.pk).exists()
    assert due_accounts(division) == {KNOWN}


def test_another_divisions_deliveries_stay(division: Division) -> None:
    reported(ConnectionFactory.create().division, KNOWN)
    assert exact_webhook.take_in(division.pk) == 0
    assert due_accounts(division) == set()


def test_more_than_a_batch_is_taken_in(division: Division) -> None:
    rows = [
        ExactDelivery(division=division, topic="Accounts", record_id=KNOWN, digest=str(number)) for number in range(501)
    ]
    ExactDelivery.objects.bulk_create(rows)
    assert exact_webhook.take_in(division.pk) == 501


def test_an_unread_delivery_is_work_for_its_lane_and_a_turn_takes_it_in(division: Division) -> None:
    now = database_now()
    assert (due.has_work(division.pk, now), waiting.lanes_with_work(now), waiting.is_idle(now)) == (False, [], True)
    reported(division, KNOWN)
    now = database_now()
    assert (due.has_work(division.pk, now), waiting.lanes_with_work(now), waiting.is_idle(now)) == (
        True,
        [division.pk],
        False,
    )
    run_lane.drain_lane(division.pk)
    assert due_accounts(division) == {KNOWN}
    assert not due.has_work(division.pk, database_now())


def test_a_fault_of_the_accounts_holds_no_order_up(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    def deadlock(division_id: int, accounts: object) -> None:
        raise OperationalError

    division = acme.connection.division
    reported(division, KNOWN)
    acme.ring(1001)
    monkeypatch.setattr(exact_webhook, "_make_due", deadlock)
    with pytest.raises(OperationalError):
        run_lane.drain_lane(division.pk)
    assert acme.document(1001).state == "posted"
    assert ExactDelivery.objects.filter(processed_at=None).exists()
