"""A dry run says what a backfill would do, and writes nothing."""

from collections import Counter
from datetime import date

import pytest

from connector.flow.setup.fit.old_orders import dry_run
from connector.models import BackfillRun, DirectoryAccount, OrderSync
from tests.acme import Acme
from tests.flow.inbox.backfill.hand import STYLES, type_in

pytestmark = pytest.mark.django_db
DAYS = date(2026, 1, 5), date(2026, 1, 12)


def test_orders_that_would_be_posted_are_tried(acme: Acme) -> None:
    for at, style in enumerate(STYLES):
        type_in(acme, 1001 + at, style)
    acme.ring(1020)
    acme.drain()
    rows, accounts = OrderSync.objects.count(), DirectoryAccount.objects.count()
    found = dry_run(acme.connection, *DAYS, lambda line: None)
    assert Counter(row.outcome for row in found.rows) == {"queued": 18, "adopted": 4, "likely": 1, "skipped": 1}
    assert [outcome.order_id for outcome in found.outcomes] == [
        str(row.order_id) for row in sorted(found.rows, key=lambda row: -row.order_id) if row.outcome == "queued"
    ]
    assert (OrderSync.objects.count(), DirectoryAccount.objects.count()) == (rows, accounts)
    assert not BackfillRun.objects.exists()
