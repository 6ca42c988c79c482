"""`drain`: a signal stops it behind the document at work."""

import os
import signal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from connector.flow import stopping
from connector.flow.pipeline import run_lane
from connector.flow.pipeline.lane import Work
from connector.flow.pipeline.post_document import post_document
from connector.models import OrderSync
from tests.acme import Acme


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
