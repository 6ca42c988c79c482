"""`drain`, as a shell sees it: it does what is due, and a signal stops it behind the document at work."""

import os
import signal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.flow import stopping
from connector.flow.pipeline import run_lane
from connector.flow.pipeline.lane import Work
from connector.flow.pipeline.post_document import post_document
from connector.models import Connection, OrderSync
from tests.acme import Acme
from tests.management.commands.test_ledger import run


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_behind_the_document(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def post(work: Work) -> None:
        os.kill(os.getpid(), number)
        post_document(work)

    monkeypatch.setattr(run_lane, "post_document", post)
    acme.ring(1001)
    acme.ring(1002)
    with pytest.raises(CommandError, match="Stopped: 1 pending, 1 posted"):
        call_command("drain", "--until-idle", stderr=StringIO())
    assert sorted(OrderSync.objects.values_list("state", flat=True)) == ["pending", "posted"]
    assert not stopping.is_asked()


def test_drain_until_idle_does_all_that_is_due(acme: Acme) -> None:
    acme.ring(1001)
    acme.ring(1002)
    run("drain", "--until-idle", "--tenant", "demo", "--timeout", "60")
    assert {document.state for document in OrderSync.objects.all()} == {"posted"}


def test_drain_leaves_what_waits_for_later(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("503_html", "GET", "*orders/1001*")
    acme.ring(1001)
    run("drain", "--until-idle", "--timeout", "60")
    assert acme.document(1001).state == "waiting"


def test_drain_now_ignores_the_schedule(acme: Acme) -> None:
    Connection.objects.update(schedule="manual")
    acme.ring(1001)
    run("drain", "--until-idle", "--timeout", "60")
    assert acme.document(1001).state == "pending"
    run("drain", "--until-idle", "--now", "--timeout", "60")
    assert acme.document(1001).state == "posted"


def test_drain_that_does_not_become_idle_in_time_fails(acme: Acme, settings: Any) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    acme.sandbox.exact.faults.add("close_after", "POST", "*SalesInvoices*")
    acme.ring(1001)
    with pytest.raises(CommandError, match="Not idle"):
        run("drain", "--until-idle", "--timeout", "2")


def test_to_drain_an_unknown_tenant_is_an_error_that_names_it(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        run("drain", "--tenant", "nobody")
