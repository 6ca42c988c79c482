"""A fault of ours in one document: the lane goes on, and the log has nothing of the order."""

import pytest
from structlog.testing import capture_logs

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
