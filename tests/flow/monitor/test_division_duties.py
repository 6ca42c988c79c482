"""The duty of each division is done once a day, at once when something changed, and never twice after a refusal."""

from datetime import timedelta
from threading import Event

import pytest

from connector.flow.clock import database_now
from connector.flow.monitor import division_duties
from connector.models import Alert, Connection, Division, ExactGrant
from connector.sandbox.exact.webhooks import SUBSCRIPTIONS
from tests.acme import DIVISION, Acme

CALLS = "*/webhooks/WebhookSubscriptions*"


@pytest.fixture
def acme(acme: Acme) -> Acme:
    """Acme, live, whose Exact waits to send."""
    acme.sandbox.exact.outbox.by_itself = False
    Connection.objects.update(mode="live")
    return acme


def look_after() -> int:
    return division_duties.look_after(Event())


def a_day_passes() -> None:
    Division.objects.exclude(webhook_checked_at=None).update(
        webhook_checked_at=database_now() - timedelta(days=1, seconds=1)
    )


def made(acme: Acme) -> int:
    return len(acme.sandbox.exact.divisions[DIVISION].table(SUBSCRIPTIONS))


def test_it_is_done_once_a_day(acme: Acme) -> None:
    assert look_after() == 1
    assert made(acme) == 1
    calls = acme.exact_calls(CALLS)
    assert look_after() == 0
    assert acme.exact_calls(CALLS) == calls
    a_day_passes()
    assert look_after() == 1
    assert acme.exact_calls(CALLS) == calls + 1


def test_a_setting_that_changed_is_followed_at_once(acme: Acme) -> None:
    look_after()
    Connection.objects.update(customer_direction="to_exact")
    assert (look_after(), made(acme)) == (1, 0)
    assert look_after() == 0
    Connection.objects.update(customer_direction="both")
    assert (look_after(), made(acme)) == (1, 1)


def test_a_refusal_is_shown_and_spends_one_error_a_day(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("403:scope", "POST", CALLS, times=2)
    assert look_after() == 0
    calls = acme.exact_calls(CALLS)
    for _sweep in range(3):
        assert look_after() == 0
    assert acme.exact_calls(CALLS) == calls
    alert = Alert.objects.get(closed_at=None)
    assert alert.cause == f"division:{acme.connection.division_id}:subscription"
    assert "Exact was not set to report changed accounts" in alert.text
    a_day_passes()
    assert look_after() == 0
    a_day_passes()
    assert look_after() == 1
    assert not Alert.objects.filter(closed_at=None).exists()


def test_what_exact_does_not_count_as_an_error_is_tried_again_sooner(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("503_html", "GET", CALLS)
    assert look_after() == 0
    assert not Alert.objects.exists()
    Division.objects.update(webhook_checked_at=database_now() - timedelta(days=1))
    assert look_after() == 1


def test_two_workers_do_not_both_do_it(acme: Acme) -> None:
    pk = acme.connection.division_id
    assert division_duties.perform(pk)
    assert not division_duties.perform(pk)


def test_nothing_is_done_for_who_does_not_use_it(acme: Acme) -> None:
    ExactGrant.objects.update(webhook_secret="")
    assert look_after() == 0
    ExactGrant.objects.update(state="reconnect")
    assert look_after() == 0
    assert acme.exact_calls(CALLS) == 0


def test_a_stop_is_heeded(acme: Acme) -> None:
    stopping = Event()
    stopping.set()
    assert division_duties.look_after(stopping) == 0
    assert acme.exact_calls(CALLS) == 0
