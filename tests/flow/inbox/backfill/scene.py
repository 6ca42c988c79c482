"""Backfills of the orders of some days in January, and what came of them."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from connector.flow.inbox.backfill import run as backfill
from connector.models import BackfillRun, OrderSync
from tests.acme import DIVISION, Acme

SINCE, UNTIL = date(2026, 1, 5), date(2026, 1, 12)
# The store's orders of these days; 1025 is of the 13th in the store's zone.
IDS = range(1001, 1025)


class Killed(BaseException):
    """A worker dies."""


def begin(acme: Acme, since: date = SINCE, until: date = UNTIL) -> BackfillRun:
    """Begin a backfill of these days."""
    return backfill.start(acme.connection, None, since=since, until=until, expected=len(IDS))


def turns(run: BackfillRun, most: int = 9) -> BackfillRun:
    """Let a worker have some turns."""
    for _turn in range(most):
        backfill.go_on(run.pk)
    run.refresh_from_db()
    return run


def one_step(run: BackfillRun) -> None:
    """Let a worker do one page or batch, and die."""
    done = backfill._Turn._keep

    def keep(turn: backfill._Turn) -> None:
        done(turn)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backfill._Turn, "_keep", keep)
        with pytest.raises(Killed):
            backfill.go_on(run.pk)
    run.refresh_from_db()


def once_each(acme: Acme) -> bool:
    """Whether Exact has each of the orders once."""
    amounts = Counter(Decimal(str(row["AmountFC"])) for row in acme.sandbox.exact.invoices(DIVISION))
    return amounts == Counter(acme.total(order_id).quantize(Decimal("0.01")) for order_id in IDS)


def states(acme: Acme) -> dict[str, int]:
    """How many invoices the ledger has in each state."""
    rows = OrderSync.objects.filter(connection=acme.connection, kind="invoice")
    return Counter(rows.values_list("state", flat=True))
