"""A turn of a lane: a fault of ours in one document stops no other, and a document takes few statements."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from connector.flow.pipeline import run_lane
from tests.acme import Acme


def test_the_log_of_a_fault_says_where_and_quotes_no_order(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    quoted = ValueError("Anna de Wit, anna@shopper.example")

    def fail(work: object) -> None:
        raise quoted

    monkeypatch.setattr("connector.flow.pipeline.lane.Work.fetch", fail)
    acme.ring(1001)
    with capture_logs() as logged:
        acme.drain(1)
    (entry,) = [entry for entry in logged if entry["event"] == "unexpected"]
    assert entry["error"] == "ValueError"
    assert "in translate_order" in entry["where"]
    assert "exc_info" not in entry
    assert "anna" not in str(entry).casefold()
    assert acme.document(1001).state == "waiting"


@pytest.mark.usefixtures("one_reading")
def test_an_order_of_a_known_customer_takes_few_statements(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    acme.ring(1002)
    with CaptureQueriesContext(database) as captured:
        run_lane.drain_lane(acme.connection.division_id)
    assert acme.document(1002).state == "posted"
    assert len(captured) <= 97
