"""The hash of a run covers what it found, and nothing of what people do with that later."""

from decimal import Decimal

import pytest

from connector.flow.clock import database_now
from connector.flow.records.fixed import hash_of
from connector.models import Discrepancy
from tests.admin.months.runs import compared, differs
from tests.factories import ConnectionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_same_run_has_the_same_hash_until_what_it_found_is_another() -> None:
    run = compared(ConnectionFactory.create())
    differs(run)
    found = hash_of(run)
    later = {"state": "accepted", "reason": "A cent", "owner": UserFactory.create(), "changed_at": database_now()}
    Discrepancy.objects.update(**later)
    run.refresh_from_db()
    assert hash_of(run) == found
    others = set[str]()
    for change in ({"found": "121.02 EUR"}, {"amount": Decimal("0.01")}, {"day": None}, {"order_id": 1002}):
        Discrepancy.objects.update(**change)
        others.add(hash_of(run))
    run.figures["orders"] = 2
    others.add(hash_of(run))
    assert len(others - {found}) == 5
