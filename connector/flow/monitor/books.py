"""Compares the last days with the books, once a day. Nothing is changed.

An alert is open while any difference of the connection is, whichever run found it.
"""

from datetime import timedelta

import structlog
from django.db.models import Q
from django.urls import reverse

from connector.clients import errors
from connector.domain.choices import POSTING_MODES, Mode
from connector.domain.timing.days import DAY, Days
from connector.flow import alerts, stopping
from connector.flow.clock import database_now
from connector.flow.reconcile import ledger, run
from connector.flow.reconcile.unsettled import unsettled
from connector.models import Connection, ReconciliationRun, Store
from connector.problems.alerts import AlertCode, alert_text

log = structlog.get_logger(__name__)

# The days that are compared: those before today, of which nothing is on its way any more.
LAST_DAYS = 7
# A new store is left alone for so long: its orders are just being taken in.
SETTLED = timedelta(days=2)


def compare_daily(store: Store) -> None:
    """Compare the last days of each connection of the store that posts. Raises ClientError.

    An interrupted run goes on at the next try. Documents that were changed in Exact since the last run are compared
    too, whatever their date. A connection that was switched off is compared as well when the store posts to another
    division instead, as long as Exact answers.
    """
    if store.created_at > database_now() - SETTLED:
        return
    rows = Connection.objects.filter(store=store).select_related("store__tenant", "division__grant__tenant")
    posts = Q(mode__in=list(POSTING_MODES))
    moved = Q(pk__in=[each.pk for each in rows.filter(mode=Mode.OFF) if ledger.moved_since(each)])
    for connection in rows.filter(posts | moved).order_by("pk"):
        try:
            _compare(connection)
        except run.NotPossible:  # a person does it right now
            continue
        except errors.ClientError as error:
            if connection.mode != Mode.OFF:
                raise
            log.warning("former_books_not_compared", connection=connection.pk, error=type(error).__name__)
        except stopping.Stopped:  # it goes on behind its page when a worker runs again
            Store.objects.filter(pk=store.pk).update(books_compared_at=None)
            return


def _compare(connection: Connection) -> None:
    zone = connection.store.timezone
    today = Days.of(None, None, zone=zone, start=connection.start_date, now=database_now()).last
    first = max(today - LAST_DAYS * DAY, connection.start_date)
    if first >= today:
        return
    days = Days(first, today - DAY, zone)
    run.give_up_older(connection, days)
    run.reconcile(connection, days, patience=0, low_priority=True, drift_since=_seen_until(connection))
    differ = unsettled(connection.pk).count()
    cause = f"{alerts.about(connection)}:books"
    if not differ:
        alerts.close_alert(connection.store.tenant, cause)
        return
    said = alert_text(AlertCode.BOOKS_DIFFER, store=connection.store.name, number=differ)
    page = reverse("admin:connector_discrepancy_changelist") + "?state__exact=open"
    alerts.raise_alert(connection.store.tenant, cause, said, page=page)


def _seen_until(connection: Connection) -> str:
    """Until when a run watched for changes, by Exact's clock; "" before the first one."""
    runs = ReconciliationRun.objects.filter(connection=connection, state=ReconciliationRun.State.FINISHED)
    watched = runs.filter(figures__has_key="modified").exclude(figures__modified="").order_by("-id")
    return max(watched.values_list("figures__modified", flat=True)[:20], default="")
