"""An alert is mailed once; what could not leave is mailed later."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend

from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.monitor import held
from connector.models import Alert
from connector.problems.alerts import AlertCode, alert_text
from tests.factories import ConnectionFactory
from tests.flow.monitor.test_held import PEOPLE, at, hold, mailed_connection, subjects

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Any:
    return mailed_connection()


def test_a_subject_is_cut_between_two_words(connection: Any) -> None:
    said = alert_text(AlertCode.CONSENT_ENDS, consent="Exact NL", day="2099-03-01")
    alerts.raise_alert(connection.store.tenant, "x", said)
    (message,) = mail.outbox
    assert message.subject.endswith(" …")
    cut = message.subject.removesuffix(" …").partition(": ")[2]
    assert message.body.startswith(f"{cut} ")


class TestMailThatDoesNotLeave:
    """It is sent later."""

    @pytest.fixture(autouse=True)
    def away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(self: object, messages: object) -> int:
            raise ConnectionRefusedError

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)

    def back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The mail server answers again, some minutes later."""
        monkeypatch.undo()
        cache.delete(alerts.PAUSED)
        Alert.objects.update(opened_at=database_now() - timedelta(minutes=10))

    def test_an_alert(self, connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        said = alert_text(AlertCode.CONSENT_ENDS, consent="Exact\nNL", day="2099-03-01")
        alerts.raise_alert(connection.store.tenant, "x", said)
        alerts.raise_alert(connection.store.tenant, "y", said)
        self.back(monkeypatch)
        alerts.mail_waiting()
        alerts.mail_waiting()
        (message,) = mail.outbox
        assert message.body.count("March 2099") == 2
        assert not Alert.objects.filter(mailed_at=None).exists()

    def test_what_is_held_and_the_digest(self, connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        hold(connection)
        held.look_after()
        at(monkeypatch, "2099-03-02T08:00")
        held.look_after()
        self.back(monkeypatch)
        alerts.mail_waiting()
        assert len(subjects()) == 1
        at(monkeypatch, "2099-03-02T09:00")
        held.look_after()
        assert len(subjects()) == 1

    def test_one_try_for_a_sweep_of_many(self, connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        tried: list[int] = []

        def refuse(self: object, messages: object) -> int:
            tried.append(1)
            raise ConnectionRefusedError

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)
        for _ in range(3):
            hold(ConnectionFactory.create(store__tenant__alert_emails=PEOPLE))
        held.look_after()
        assert (len(tried), Alert.objects.filter(mailed_at=None).count()) == (1, 3)

    def test_one_try_in_five_minutes(self, connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        hold(connection)
        held.look_after()
        tried: list[int] = []
        monkeypatch.setattr(EmailBackend, "send_messages", lambda self, messages: tried.append(1))
        Alert.objects.update(opened_at=database_now() - timedelta(minutes=10))
        alerts.mail_waiting()
        assert tried == []


def test_an_address_that_no_mail_can_bear_stops_no_other_organisation(connection: Any) -> None:
    bad = ConnectionFactory.create(store__tenant__alert_emails=["a@x.example\nBcc: b@x.example"])
    hold(bad)
    hold(connection)
    held.look_after()
    assert [message.to for message in mail.outbox] == [PEOPLE]
