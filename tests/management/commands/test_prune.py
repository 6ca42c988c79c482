"""`manage.py prune`: what has expired is counted or deleted."""

import json
from datetime import timedelta

from connector.flow.clock import database_now
from connector.models import SyncEvent
from tests.factories import SyncEventFactory
from tests.management.commands.test_ledger import run

NOTHING = {"deliveries": 0, "copies": 0, "bodies": 0, "calls": 0, "reports": 0, "runs": 0}


def test_it_counts_and_then_deletes(db: None) -> None:
    SyncEventFactory.create(at=database_now() - timedelta(days=731))
    SyncEventFactory.create(at=database_now() - timedelta(days=731))  # of another organisation
    assert json.loads(run("prune", "--dry-run", "--json")) == NOTHING | {"calls": 2}
    assert SyncEvent.objects.filter(kind="call").count() == 2
    assert "0 deliveries, 0 copies of orders, bodies of 0 calls, 2 calls" in run("prune")
    assert not SyncEvent.objects.filter(kind="call").exists()
    assert json.loads(run("prune", "--json")) == NOTHING
