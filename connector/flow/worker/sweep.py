"""The sweep finds every lane with due work and wakes it, so that a lost wake-up only costs time."""

from collections.abc import Callable
from typing import Final

from django.db import transaction

from connector.flow import alerts
from connector.flow.actions import compare_repaired, comparison
from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.flow.customer.runs import run as customer_run
from connector.flow.customer.runs import schedule as customer_schedule
from connector.flow.inbox.backfill import run as backfill_run
from connector.flow.invoice import numbers
from connector.flow.isolate import isolate
from connector.flow.lane import waiting, wakeup
from connector.flow.monitor import held, tallies, unfinished
from connector.flow.records import retention
from connector.flow.setup import daily_read, first_read
from connector.flow.setup.fit import run as fit_run
from connector.flow.setup.shadow import daily as shadow_daily
from connector.flow.setup.shadow import run as shadow_run
from tenants.accounts import sessions, sign_up

# Beside the lanes. One that fails keeps no other from its turn.
STEPS: Final[tuple[Callable[[], object], ...]] = (
    keep_alive.look_after,
    unfinished.look_after,
    held.look_after,
    alerts.mail_waiting,
    tallies.add_up,
    tallies.count_ended,
    first_read.wake_lost,
    daily_read.begin,
    fit_run.wake_due,
    backfill_run.wake_due,
    customer_schedule.begin,
    customer_run.wake_due,
    compare_repaired.begin,
    comparison.wake_due,
    shadow_daily.begin,
    shadow_run.wake_due,
    fit_run.remove_old,
    retention.look_after,
    shadow_run.remove_old,
    sign_up.remove_abandoned,
    sessions.remove_ended,
)


def sweep() -> int:
    """Wake every lane with due rows, ended leases or unread deliveries. Returns how many.

    Then refresh the tokens of idle consents, which end when they are not used. Tell what stands still, and count
    what happened. Begin the comparisons of what was put right, those of the day in shadow mode, the day's reads of
    master data, and the pulls of customers that are due. Go on with reads of master data, backfills, runs over
    customers, comparisons and tries of the rules. Remove old ones, what has expired, sign-ups that nobody went on
    with, and sessions that ended.
    """
    now = database_now()
    lanes = [*waiting.lanes_with_work(now), *numbers.lanes(now)]
    with transaction.atomic():
        wakeup.forget_lost(lanes)
        sent = wakeup.wake(lanes)
    for step in STEPS:
        isolate(step, "sweep_step_failed", step=f"{step.__module__}.{step.__name__}")
    return sent
