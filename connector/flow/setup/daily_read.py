"""Reads the master data of each division in use again once a day, by a worker, list by list, as the first read does.

It takes only calls of the day that live orders leave. What it changes sends those held documents on that it may solve.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from connector.domain.choices import Mode
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.models import Connection, Division
from connector.models.credentials import Health

A_DAY = timedelta(days=1)
AT_ONCE = 20  # divisions in one sweep


def begin() -> int:
    """Have a worker read each division that is due; returns how many. One that failed is due again the next day."""
    now = database_now()
    began = 0
    for pk, pull in list(_late(now).values_list("pk", "pull")):
        if began < AT_ONCE and not _was_begun(pull, now):
            began += _ask(pk, now)
    return began


def _late(now: datetime) -> QuerySet[Division]:
    used = Connection.objects.filter(division=OuterRef("pk")).exclude(mode=Mode.OFF)
    due = Division.objects.filter(Exists(used), master_data_at__lte=now - A_DAY, pull_alive_at=None)
    return due.filter(grant__state=Health.ACTIVE, grant__tenant__suspended=False).order_by("master_data_at")


def _was_begun(pull: dict[str, Any], now: datetime) -> bool:
    began = str(pull.get("began") or "")
    return bool(began) and datetime.fromisoformat(began) > now - A_DAY


@transaction.atomic
def _ask(pk: int, now: datetime) -> bool:
    asked = Division.objects.filter(pk=pk, pull_alive_at=None, master_data_at__lte=now - A_DAY)
    if not asked.update(pull_alive_at=now, pull={}):
        return False
    wakeup.wake_first_read(pk)
    return True
