"""What many rows cost: the looks of the worker with 200,000 documents as a multiple of 2,000, and the pages of 10,000.

An organisation of the 200 has 50 of 10,000 documents, which fill the ledger's first page.
"""

import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.flow.lane import due, waiting
from connector.flow.monitor import held
from connector.flow.worker import sweep
from connector.models import Tally
from tenants.models import Role
from tests.bench.many_rows import Many, make
from tests.bench.table import Table
from tests.factories import MembershipFactory

TENANTS, FEW, FULL_PAGES, MANY, RUNS = 200, 2_000, 10_000, 200_000, 7
GOAL, PAGE_KB = 1.5, 60


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="makes the rows with PostgreSQL's own functions")
def test_many_rows(table: Table) -> None:
    """Measure each look at both sizes, with a document due in every lane. The best of some runs counts."""
    few, _ = measured(FEW)
    pages, _ = measured(FULL_PAGES)
    many, page_kb = measured(MANY)
    for what, seconds in many.items():
        base, rows = (pages, "10,000") if "page" in what else (few, "2,000")
        table.add(f"{what}, 200,000 documents to {rows}", seconds / base[what], goal=GOAL)
    table.add("Ledger's first page, before it is packed", page_kb, goal=PAGE_KB, unit="KB")


def measured(documents: int) -> tuple[dict[str, float], float]:
    """Return the seconds of each look, and the size of the ledger's first page in KB. No row is left behind."""
    with transaction.atomic():
        first, *_ = make(Many(TENANTS, documents, due=2 * TENANTS))
        mail_held()
        client = Client()
        client.force_login(MembershipFactory.create(tenant=first.store.tenant, role=Role.OWNER).user)
        ledger = reverse("admin:connector_ordersync_changelist")
        looks: dict[str, Callable[[], object]] = {
            "Lanes with work": lambda: waiting.lanes_with_work(database_now()),
            "Next document of a lane": lambda: due.next_due(first.division_id, database_now()),
            "Sweep": sweep.sweep,
            "Ready": lambda: client.get("/readyz"),
            "Metrics": lambda: client.get("/metrics"),
            "Home page": lambda: client.get(reverse("admin:index")),
            "Ledger's first page": lambda: client.get(ledger),
        }
        seconds = {what: min(seconds_of(look) for _ in range(RUNS)) for what, look in looks.items()}
        page = client.get(ledger)
        assert page.status_code == 200
        transaction.set_rollback(True)
    return seconds, len(page.content) / 1024


def mail_held() -> None:
    """Look until every held document was mailed about. Of 2,000 none is held, of 200,000 4,000: news, not size."""
    mark = -1
    while mark != (mark := mailed_up_to()):
        held.look_after()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself, where this were not one transaction


def mailed_up_to() -> int:
    """The second up to which held documents were mailed about; 0 before the first look."""
    return Tally.objects.filter(**held.SEEN).values_list("value", flat=True).first() or 0


def seconds_of(look: Callable[[], object]) -> float:
    """How long a look takes, in seconds."""
    before = time.perf_counter()
    look()
    return time.perf_counter() - before
