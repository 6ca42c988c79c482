"""`manage.py recover`: stops the lanes, reads and looks up, prints what came of it, and may be run again."""

import json

import pytest
from django.core.management import CommandError, call_command

from connector.models import Division, ExactGrant
from connector.models.credentials import Health
from tests.acme import Acme
from tests.management.commands.test_ledger import run


def test_it_prints_one_json_object_and_leaves_the_lanes_open(acme: Acme) -> None:
    acme.ring(1001)
    report = json.loads(run("recover", "--json"))
    counts = {"found": 0, "free": 1, "held": 0, "skipped": 0, "later": 0}
    assert report == {"orders": 0, **counts, "complete": True, "troubles": []}
    assert not Division.objects.filter(recovering=True).exists()


def test_begin_stops_the_lanes_and_ends(acme: Acme) -> None:
    acme.ring(1001)
    assert run("recover", "--begin") == ""
    acme.drain()
    assert acme.document(1001).state == "pending"
    began = Division.objects.get(code=100001).restored_at
    assert "1 not there and free to be posted" in run("recover")
    assert Division.objects.get(code=100001).restored_at == began  # it went on with what was begun


def test_what_stops_it_is_a_sentence_and_exit_code_1(acme: Acme) -> None:
    acme.ring(1001)
    ExactGrant.objects.update(state=Health.RECONNECT)
    with pytest.raises(CommandError, match="must be connected to Exact again"):
        call_command("recover")


def test_an_unknown_tenant_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("recover", "--tenant", "nobody")
