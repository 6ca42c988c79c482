"""What has not come to an end for a day is reported: one alert, whatever the number of documents."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from connector.domain.document.codes import Code
from connector.domain.document.result import problem
from connector.domain.document.states import State
from connector.flow.actions.documents import re_post
from connector.flow.clock import database_now
from connector.flow.lane import due
from connector.flow.ledger import transitions
from connector.flow.monitor import unfinished
from connector.models import Alert, OrderSync, SyncEvent
from connector.models.document_words import STATE_NAMES
from connector.models.kept_words import english
from connector.problems.alerts import AlertCode, kept_in_words
from tests.factories import ConnectionFactory, OrderSyncFactory

pytestmark = pytest.mark.django_db
NEXT = {"pending", "waiting", "uncertain"}


def document(state: str, hours: float = 25, **fields: Any) -> OrderSync:
    """A document in a state, whose row was made so many hours ago."""
    ago = database_now() - timedelta(hours=hours)
    if state in NEXT:
        fields.setdefault("next_attempt_at", ago)
    made = OrderSyncFactory.create(state=state, **fields)
    OrderSync.objects.filter(pk=made.pk).update(created_at=ago)
    return made


def alerts_now() -> list[str]:
    """The open alerts after a look."""
    cache.clear()
    unfinished.look_after()
    return list(Alert.objects.filter(closed_at=None).values_list("text", flat=True))


@pytest.mark.parametrize("state", ["pending", "preparing", "posting", "uncertain", "waiting"])
def test_a_document_that_is_older_than_a_day_and_unfinished_is_alerted(state: str) -> None:
    made = document(state)
    (text,) = alerts_now()
    assert f"order {made.order_id} ({state})" in text
    alert = Alert.objects.get()
    assert (alert.code, kept_in_words(alert)) == (AlertCode.UNFINISHED, text)


@pytest.mark.parametrize("state", ["pending", "uncertain", "waiting"])
def test_one_of_today_is_not(state: str) -> None:
    document(state, hours=23)
    assert alerts_now() == []


def test_what_has_come_to_its_end_or_waits_for_a_person_is_not() -> None:
    document("posted", exact_id="an-id")
    document("blocked", reason="mapping")
    document("skipped", reason="status")
    document("awaiting_approval", hours=23)
    document("awaiting_approval", connection__mode="off")
    document("waiting", connection__mode="off")
    assert alerts_now() == []


def test_what_waits_for_its_schedule_is_not_and_what_does_not_is() -> None:
    document("pending", connection__schedule="manual")
    document("pending", connection__schedule="daily:00:00", hours=25, next_attempt_at=database_now())
    assert alerts_now() == []
    document("uncertain", connection__schedule="manual")
    assert len(alerts_now()) == 1


def test_many_have_one_alert_and_one_mail_which_closes_when_they_are_done() -> None:
    connection = ConnectionFactory.create(store__tenant__alert_emails=["ops@acme.example"])
    for _ in range(7):
        document("waiting", connection=connection)
    mail.outbox.clear()
    (text,) = alerts_now()
    assert text.startswith("7 documents")
    assert alerts_now() == [text]
    assert len(mail.outbox) == 1
    for each in OrderSync.objects.all():
        OrderSync.objects.filter(pk=each.pk).update(state="skipped", reason="status", next_attempt_at=None)
    assert alerts_now() == []


def test_an_open_alert_names_what_is_unfinished_now() -> None:
    connection = ConnectionFactory.create()
    first, other = (document("pending", connection=connection) for _ in range(2))
    assert all(f"order {each.order_id} " in alerts_now()[0] for each in (first, other))
    OrderSync.objects.filter(pk=first.pk).update(state="posted", next_attempt_at=None, exact_id="an-id")
    (text,) = alerts_now()
    assert (f"order {first.order_id} " in text, f"order {other.order_id} " in text) == (False, True)
    assert len(mail.outbox) <= 1


def test_drafts_that_wait_for_an_approval_for_a_day_have_one_alert_which_closes_by_itself() -> None:
    connection = ConnectionFactory.create(mode="approval", store__tenant__alert_emails=["ops@acme.example"])
    drafts = [document("awaiting_approval", connection=connection) for _ in range(7)]
    mail.outbox.clear()
    (text,) = alerts_now()
    assert text.startswith(f"7 drafts have waited for an approval for more than a day: order {drafts[0].order_id}, ")
    assert alerts_now() == [text]
    assert len(mail.outbox) == 1
    assert Alert.objects.get().page.endswith("/connector/ordersync/?state__exact=awaiting_approval")
    OrderSync.objects.update(state="skipped", reason="person")
    assert alerts_now() == []


def test_a_draft_that_was_made_again_waits_from_then_on() -> None:
    made = document("pending", hours=100)
    transitions.move(OrderSync.objects.get(pk=made.pk), State.PREPARING, english("Read."))
    transitions.move(
        OrderSync.objects.get(pk=made.pk), State.AWAITING_APPROVAL, english("Waits for a person's approval.")
    )
    assert alerts_now() == []
    SyncEvent.objects.update(at=database_now() - timedelta(hours=25))
    (text,) = alerts_now()
    assert f"order {made.order_id}." in text


def test_a_document_that_is_sent_through_again_begins_again() -> None:
    made = document("blocked", hours=100, reason="rejected")
    re_post(OrderSync.objects.get(pk=made.pk), None, "fixed")
    assert alerts_now() == []


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("posted", {"exact_id": "an-id"}),
        ("blocked", {"reason": "mapping"}),
        ("skipped", {"reason": "status"}),
        ("awaiting_approval", {}),
    ],
)
def test_a_document_that_could_not_be_looked_at_again_is_named_with_its_last_error(
    state: str, fields: dict[str, Any]
) -> None:
    made = OrderSyncFactory.create(state=state, attempts=due.MAX_ATTEMPTS, recheck_at=database_now(), **fields)
    transitions.note(made, (problem(Code.CALL_FAILED, error="The first error."),))
    transitions.note(made, (problem(Code.CALL_FAILED, error="The store gave no answer"),))
    transitions.note(made, english("Somebody looked."))
    (text,) = alerts_now()
    assert f"order {made.order_id} ({STATE_NAMES[State(state)]}): The store gave no answer." in text
    OrderSync.objects.update(recheck_at=None)
    assert alerts_now() == []


def test_a_failure_without_a_code_is_not_quoted() -> None:
    made = OrderSyncFactory.create(
        state="posted", exact_id="an-id", attempts=due.MAX_ATTEMPTS, recheck_at=database_now()
    )
    transitions.note(made, english("Anna de Wit's order gave no answer."), data={"problems": []})
    (text,) = alerts_now()
    assert f"order {made.order_id} (posted): The history of the document says why." in text
    assert "Anna" not in str(Alert.objects.values_list("text", "params").get())


def test_one_that_is_still_tried_often_or_whose_connection_is_paused_is_not() -> None:
    posted = {"state": "posted", "exact_id": "an-id", "recheck_at": database_now()}
    OrderSyncFactory.create(attempts=due.MAX_ATTEMPTS - 1, **posted)
    OrderSyncFactory.create(attempts=due.MAX_ATTEMPTS, connection__mode="off", **posted)
    assert alerts_now() == []
