"""A dry run says what a backfill would do, and writes nothing."""

from collections import Counter
from datetime import date
from typing import Any
from unittest.mock import Mock

import pytest

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.errors import NotFound
from connector.domain.fit.add_up import add_up
from connector.flow.clock import database_now
from connector.flow.inbox.backfill import run as backfill
from connector.flow.order.fetch import Fetched, fetch
from connector.flow.setup.fit import old_orders
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


class TestAWorkersDryRun:
    """A worker does it turn by turn."""

    @pytest.fixture
    def run(self, acme: Acme) -> BackfillRun:
        """A dry run of some days, of which nothing is done."""
        since, until = DAYS
        return backfill.start(acme.connection, None, since=since, until=until, expected=24, dry_run=True)

    def test_it_says_what_the_one_at_once_says(self, acme: Acme, run: BackfillRun) -> None:
        for at, style in enumerate(STYLES):
            type_in(acme, 1001 + at, style)
        acme.ring(1020)
        acme.drain()
        rows = OrderSync.objects.count()
        found = dry_run(acme.connection, *DAYS, lambda line: None)
        old_orders.work_on(run.pk)
        run.refresh_from_db()
        assert run.state == BackfillRun.State.FINISHED
        assert (run.queued, run.adopted, run.likely, run.skipped) == (18, 4, 1, 1)
        assert run.result == add_up(found.outcomes).to_json()
        assert OrderSync.objects.count() == rows

    def test_a_worker_that_dies_leaves_no_order_out(
        self, acme: Acme, run: BackfillRun, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(old_orders, "BATCH", 5)
            patch.setattr(backfill, "_count", Mock(side_effect=[None, KeyboardInterrupt]))
            with pytest.raises(KeyboardInterrupt):
                old_orders.work_on(run.pk)
        assert run.rows.filter(done=True).count() == 10
        old_orders.work_on(run.pk)
        run.refresh_from_db()
        assert (run.state, run.queued) == (BackfillRun.State.FINISHED, 24)
        assert run.result is not None
        assert run.result["orders"] == 24

    def test_an_order_that_is_gone_meanwhile_is_skipped(
        self, acme: Acme, run: BackfillRun, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone(client: BigCommerceClient, order_id: int, **how: Any) -> Fetched:
            if order_id == 1003:
                raise NotFound("It is not there", status=404, endpoint="v2/orders/{id}")
            return fetch(client, order_id, **how)

        monkeypatch.setattr(old_orders, "fetch", gone)
        old_orders.work_on(run.pk)
        run.refresh_from_db()
        assert (run.state, run.queued, run.skipped) == (BackfillRun.State.FINISHED, 23, 1)

    def test_it_gives_way_to_live_orders(self, acme: Acme, run: BackfillRun) -> None:
        OrderSync.invoice_row(acme.connection, 1030, due_at=database_now(), request="").save()
        old_orders.work_on(run.pk)
        run.refresh_from_db()
        assert (run.state, run.documents, run.orders) == (BackfillRun.State.RUNNING, 0, 0)
