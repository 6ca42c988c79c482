"""Checks that the ledger is complete: each order that changed has a row, and no row is stuck."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.clients.bigcommerce.changes import Changed
from connector.clients.errors import ClientError
from connector.domain.choices import DocumentKind, Mode
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.inbox import poll
from connector.flow.lane import due
from connector.flow.outbound.clients import store_client
from connector.models import Connection, Delivery, OrderSync, Store
from connector.problems.alerts import AlertCode, alert_text
from connector.problems.calls import in_words
from tenants.models import Tenant

Tell = Callable[[str], None]
# Longer than a lane needs for an order, and longer than a dead worker or a lost wake-up stays unnoticed.
STANDS_STILL = timedelta(minutes=15)
# The daily check begins a little before the last one.
BEFORE_LAST = timedelta(days=2)


@dataclass(slots=True)
class Report:
    """The result. `missing`: orders without a row. `stuck`: rows and deliveries that no worker takes. `unread`: stores
    that could not be asked."""

    orders: int = 0
    documents: int = 0
    missing: list[dict[str, str]] = field(default_factory=list)
    stuck: list[dict[str, str]] = field(default_factory=list)
    unread: list[dict[str, str]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether all stores were read and nothing is missing or stuck."""
        return not (self.missing or self.stuck or self.unread)

    def to_json(self) -> Mapping[str, Any]:
        """Return what `checkledger --json` prints."""
        return {
            "orders": self.orders,
            "documents": self.documents,
            "complete": self.complete,
            "missing": self.missing,
            "stuck": self.stuck,
            "unread": self.unread,
        }


def check_tenant(tenant: Tenant, tell: Tell) -> Report:
    """Check all stores of a tenant from their first connection on, with one call to the store per 250 orders."""
    report = Report()
    for store in Store.objects.filter(tenant=tenant, connections__isnull=False).distinct().order_by("pk"):
        try:
            check(store, report, tell)
        except ClientError as error:
            report.unread.append({"store": store.store_hash, "text": in_words(error)})
    return report


def check(store: Store, report: Report, tell: Tell, *, since: datetime | None = None) -> list[Changed]:
    """Check one store from `since` on, by its own clock; returns the changes that some connection lacks.

    Raises ClientError when the store does not answer all of them.
    """
    client = store_client(store)
    first = poll.first_mark(store, client)
    connections = list(Connection.objects.filter(store=store).select_related("division").order_by("created_at"))
    off = first - connections[0].created_at  # the difference of the store's clock and ours
    seen: set[int] = set()
    lacking: list[Changed] = []
    for page in client.orders_changed(max(first, since or first)):
        latest = {change.order_id: change for change in page if change.order_id and change.order_id not in seen}
        seen |= set(latest)
        for connection in filter(_is_on, connections):
            began = connection.created_at + off
            missing = _without_row(connection, [change for change in latest.values() if change.at >= began])
            report.missing += [_missing(connection, change) for change in missing]
            lacking += missing
        tell(
            _("%(store)s: %(orders)s orders, %(missing)s missing")
            % {"store": store.store_hash, "orders": len(seen), "missing": len(lacking)}
        )
    report.orders += len(seen)
    report.documents += OrderSync.objects.filter(connection__store=store).count()
    report.stuck += list(_stuck(store, database_now()))
    return lacking


def check_daily(store: Store) -> None:
    """Check what changed since the day before. What is missing goes into the inbox, and an alert opens.

    Raises ClientError.
    """
    report = Report()
    since = store.ledger_complete_at and store.ledger_complete_at - BEFORE_LAST
    began = database_now()
    poll.put_in_inbox_again(store, check(store, report, lambda line: None, since=since))
    if report.complete:
        Store.objects.filter(pk=store.pk).update(ledger_complete_at=began)
        alerts.close_alert(store.tenant, _cause(store))
        return
    alerts.raise_alert(
        store.tenant,
        _cause(store),
        alert_text(
            AlertCode.LEDGER_NOT_COMPLETE, store=store.name, missing=len(report.missing), stuck=len(report.stuck)
        ),
        page=reverse("admin:connector_ordersync_changelist"),
    )


def _is_on(connection: Connection) -> bool:
    return connection.mode != Mode.OFF


def _without_row(connection: Connection, changes: list[Changed]) -> list[Changed]:
    """The changes whose orders have no row for the connection."""
    named = [change.order_id for change in changes]
    rows = OrderSync.objects.filter(connection=connection, order_id__in=named, kind=DocumentKind.INVOICE)
    known = set(rows.values_list("order_id", flat=True))
    return [change for change in changes if change.order_id not in known]


def _missing(connection: Connection, change: Changed) -> dict[str, str]:
    return {
        "order_id": str(change.order_id),
        "store": connection.store.store_hash,
        "division": str(connection.division.code),
        "changed_at": _utc(change.at),
    }


def _stuck(store: Store, now: datetime) -> Iterator[dict[str, str]]:
    """Yield rows whose worker is gone, rows overdue in an open lane, and deliveries that were not read."""
    long_ago = now - STANDS_STILL
    orphaned = OrderSync.objects.filter(
        connection__store=store, state__in=due.IN_WORK, updated_at__lt=long_ago
    ).exclude(division__lease_until__gt=now)
    yield from (_row(row, store, _("in work, but no worker has it")) for row in _without_drafts(orphaned))
    for division in Connection.objects.filter(store=store).values_list("division", flat=True):
        overdue = due.due(division, now).filter(connection__store=store, updated_at__lt=long_ago)
        overdue = overdue.filter(Q(next_attempt_at__lt=long_ago) | Q(recheck_at__lt=long_ago))
        yield from (_row(row, store, _("due, but no worker takes it")) for row in _without_drafts(overdue))
    lanes = Connection.objects.filter(store=OuterRef("store"))
    unread = Delivery.objects.filter(Exists(lanes), store=store, processed_at=None, received_at__lt=long_ago)
    for order_id in unread.exclude(order_id=None).order_by("order_id").values_list("order_id", flat=True).distinct():
        yield {"order_id": str(order_id), "store": store.store_hash, "state": "unread", "text": _("not read")}


def _without_drafts(rows: Any) -> Iterable[OrderSync]:
    found: Iterable[OrderSync] = rows.defer("order_data", "draft").iterator(chunk_size=500)
    return found


def _row(row: OrderSync, store: Store, text: str) -> dict[str, str]:
    return {"order_id": str(row.order_id), "store": store.store_hash, "state": row.state, "text": text}


def _utc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _cause(store: Store) -> str:
    return f"{alerts.about(store)}:incomplete"
