"""Calls of a document are written with its next move or note, and never get lost while the process lives."""

from typing import Any

import pytest
from django.db.models import F

from connector.flow.invoice.snapshot import snapshot
from connector.flow.pipeline import run_lane
from connector.models import ExactGrant, OrderSync, SyncEvent
from tests.acme import Acme

READ, MADE = "GET v2/orders/{id}", "POST salesinvoice/SalesInvoices"


def texts(acme: Acme) -> list[str]:
    """The history of order 1001, the calls without what came back."""
    events = SyncEvent.objects.filter(document=acme.document(1001)).order_by("id")
    return [event.text.partition(":")[0] if event.kind == "call" else event.text for event in events]


def test_the_history_stands_in_the_order_in_which_it_happened(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    said = [text for text in texts(acme) if not text.startswith(("GET sync", "POST crm", "GET salesinvoice"))]
    assert said[0] == "A worker has started on it."
    assert said[1] == READ
    assert said[2].startswith("Read and translated into")
    assert said[3].startswith("About to create invoice")
    assert said[4] == MADE
    assert said[5].startswith("Exact made invoice")
    moments = list(SyncEvent.objects.filter(document=acme.document(1001)).order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_a_call_is_dated_when_it_ended(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    read, about = (
        SyncEvent.objects.get(document=acme.document(1001), text__startswith=start)
        for start in (READ, "About to create")
    )
    assert read.at < about.at


def test_a_worker_that_loses_the_lane_still_writes_the_calls_that_it_made(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:

    def lose(*args: Any, **how: Any) -> Any:
        OrderSync.objects.update(lease_token=F("lease_token") + 1)
        return snapshot(*args, **how)

    monkeypatch.setattr("connector.flow.invoice.post.snapshot", lose)
    acme.ring(1001)
    assert run_lane.drain_lane(acme.connection.division_id) == 0
    assert texts(acme)[-2] == MADE  # behind it the entry that covers it


def test_the_refresh_of_a_token_is_written_at_once(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    ExactGrant.objects.update(access_token="", access_expires_at=None)

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr("connector.flow.outbound.history.write_what_is_left", lambda document: None)
    monkeypatch.setattr("connector.flow.pipeline.failure.apply", die)  # Exact says that it is too early
    acme.ring(1001)
    with pytest.raises(Killed):
        run_lane.drain_lane(acme.connection.division_id)
    assert SyncEvent.objects.filter(document=None, text__startswith="POST oauth2/token").exists()
