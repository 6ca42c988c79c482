"""Held documents are mailed: the first of a cause at once, then what is still held once a day."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.monitor import held
from connector.models import Alert, OrderSync
from tests.acme import Acme
from tests.factories import ConnectionFactory, OrderSyncFactory

pytestmark = pytest.mark.django_db
PEOPLE = ["books@acme.example"]


def mailed_connection() -> Any:
    """A connection of an organisation that is mailed."""
    return ConnectionFactory.create(store__tenant__alert_emails=PEOPLE, store__tenant__timezone="Europe/Amsterdam")


@pytest.fixture
def connection() -> Any:
    return mailed_connection()


def hold(connection: Any, account: str = "8000", number: int = 1) -> list[OrderSync]:
    """Documents that are held because an account is missing."""
    found = problem(Code.GL_ACCOUNT_MISSING, gl_account=account, line="Mug", name="Mug", kind="product", country="NL")
    facts = {"code": found.code, "params": dict(found.params), "problems": to_json([found])}
    return OrderSyncFactory.create_batch(number, held=True, connection=connection, **facts)


def at(monkeypatch: pytest.MonkeyPatch, hour: str) -> None:
    """Look at an hour of 2 March 2099 (or another day) in UTC; documents were held long before."""
    monkeypatch.setattr(held, "database_now", lambda: datetime.fromisoformat(f"{hour}:00+00:00"))


def subjects() -> list[str]:
    """The subjects of the mails since the last time."""
    found = [str(message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return found


def test_the_first_of_a_cause_is_mailed_at_once_and_no_second(connection: Any) -> None:
    first = hold(connection, number=3)[0]
    held.look_after()
    (message,) = mail.outbox
    assert message.to == PEOPLE
    assert f"order {first.order_id} is held" in message.body
    assert f"/admin/connector/ordersync/{first.pk}/" in message.body
    mail.outbox.clear()
    hold(connection)
    held.look_after()
    assert subjects() == []
    assert Alert.objects.get().mailed_at is not None


def test_new_causes_of_one_look_are_one_mail(connection: Any) -> None:
    for account in ("8000", "8001", "8002"):
        hold(connection, account)
    held.look_after()
    (message,) = mail.outbox
    assert "3 things need a person" in message.subject
    assert Alert.objects.count() == 3


def test_a_cause_that_is_gone_closes_and_is_mailed_when_it_comes_back(connection: Any) -> None:
    documents = hold(connection, number=2)
    held.look_after()
    subjects()
    OrderSync.objects.filter(pk__in=[documents[0].pk, documents[1].pk]).update(state="skipped", reason="person")
    held.look_after()
    assert not Alert.objects.filter(closed_at=None).exists()
    hold(connection)
    held.look_after()
    assert len(subjects()) == 1


def test_a_cause_stays_open_while_another_document_is_held_by_it(connection: Any) -> None:
    first, second = hold(connection, number=2)
    held.look_after()
    named = Alert.objects.get().params["document"]
    OrderSync.objects.filter(pk=named).update(state="skipped", reason="person")
    held.look_after()
    assert {named, Alert.objects.get(closed_at=None).params["document"]} == {first.pk, second.pk}


def test_once_a_day_what_is_still_held_is_mailed_from_the_chosen_hour_on(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(connection, "8000", 2)
    hold(connection, "8001", 3)
    held.look_after()
    subjects()
    connection.store.tenant.__class__.objects.update(digest_hour=9)
    at(monkeypatch, "2099-03-02T07:59")  # 8:59 in Amsterdam
    held.look_after()
    assert subjects() == []
    at(monkeypatch, "2099-03-02T08:00")
    held.look_after()
    (digest,) = mail.outbox
    assert digest.subject.endswith("5 documents are held")
    assert digest.body.index("3 documents: ") < digest.body.index("2 documents: ")
    subjects()
    at(monkeypatch, "2099-03-02T20:00")
    held.look_after()
    assert subjects() == []
    at(monkeypatch, "2099-03-03T08:00")
    held.look_after()
    assert len(subjects()) == 1


def test_the_day_on_which_the_first_was_mailed_has_no_digest(connection: Any) -> None:
    connection.store.tenant.__class__.objects.update(digest_hour=0)
    hold(connection)
    held.look_after()
    held.look_after()
    assert len(subjects()) == 1


def test_many_new_causes_a_day_wait_for_the_digest(connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MOST_MAILS", 2)
    for account in ("8000", "8001", "8002", "8003"):
        hold(connection, account)
        held.look_after()
    assert len(subjects()) == 2
    alerts.mail_waiting()
    assert subjects() == []


def test_a_paused_connection_and_another_organisation_are_left_alone(connection: Any) -> None:
    hold(ConnectionFactory.create(mode="off", store__tenant__alert_emails=["other@rival.example"]))
    hold(connection)
    held.look_after()
    assert [message.to for message in mail.outbox] == [PEOPLE]


class TestOneSweep:
    """It does a bounded part. The next one goes on where it ended."""

    def test_tells_so_many_new_causes(self, connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(held, "MOST_NEW", 2)
        for account in ("8000", "8001", "8002", "8003", "8004"):
            hold(connection, account)
        OrderSync.objects.update(updated_at=database_now() - timedelta(minutes=5))
        opened = []
        for _ in range(3):
            held.look_after()
            opened.append(Alert.objects.count())
        assert opened == [2, 4, 5]
        assert len(subjects()) == 3

    def test_looks_at_so_many_documents(self, connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """Also where more of them than that were held in the same second."""
        monkeypatch.setattr(held, "AT_ONCE", 2)
        began = database_now().replace(microsecond=0) - timedelta(minutes=5)
        for number, account in enumerate(["8000", "8000", "8000", "8001"]):
            (document,) = hold(connection, account)
            moment = began + timedelta(seconds=5 if account == "8001" else 0, milliseconds=number)
            OrderSync.objects.filter(pk=document.pk).update(updated_at=moment)
        for _ in range(3):
            held.look_after()
        assert Alert.objects.count() == 2

    def test_closes_so_many(self, connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        for account in ("8000", "8001", "8002"):
            hold(connection, account)
        held.look_after()
        OrderSync.objects.update(state="skipped", reason="person")
        monkeypatch.setattr(held, "MOST_GONE", 2)
        held.look_after()
        assert Alert.objects.filter(closed_at=None).count() == 1
        held.look_after()
        assert not Alert.objects.filter(closed_at=None).exists()

    def test_sends_so_many_digests(self, connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        hold(connection)
        hold(ConnectionFactory.create(store__tenant__alert_emails=PEOPLE))
        held.look_after()
        subjects()
        monkeypatch.setattr(held, "MOST_DIGESTS", 1)
        at(monkeypatch, "2099-03-02T12:00")
        sent = []
        for _ in range(3):
            held.look_after()
            sent.append(len(subjects()))
        assert sent == [1, 1, 0]

    def test_asks_as_much_of_many_documents_as_of_one(self, connection: Any) -> None:
        def statements() -> int:
            with CaptureQueriesContext(database) as captured:
                held.look_after()
            return len(captured)

        connection.store.tenant.__class__.objects.update(alert_emails=[])
        held.look_after()
        hold(connection)
        opened, known = statements(), statements()
        for account in ("8001", "8002"):
            hold(connection, account, 5)
        assert (statements(), statements()) == (opened, known)


def test_the_first_page_names_a_cause_once(acme: Acme, owner: Client) -> None:
    hold(acme.connection)
    held.look_after()
    page = owner.get("/admin/").content.decode()
    assert "Others with this cause" not in page
    assert "Alerts" in page
