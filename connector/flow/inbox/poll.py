"""The poll: changes in the store that were not delivered are put into the inbox.

All times are the store's own clock. `polled_until` moves only after the deliveries are stored. An order whose last
change was read is left out. Each change enters the inbox once, even when two polls see it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Min

from connector.clients.bigcommerce.changes import Changed, read_moment
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.errors import Forbidden
from connector.clients.strict_json import Unreadable
from connector.domain.choices import DocumentKind
from connector.domain.document.states import State
from connector.flow import odd_rows, trace
from connector.flow.clock import database_now
from connector.flow.inbox.receive import NewDelivery, into_inbox
from connector.flow.outbound.clients import store_client
from connector.models import Connection, Delivery, OrderSync, Store

# A change may appear late in the store's list, and the clocks of the vendor's machines differ.
OVERLAP = timedelta(minutes=10)
BY_POLL = Delivery.Proof.POLL
# Orders in these states are read later anyway, whatever their last change is.
READ_ANYWAY = [State.PENDING, State.WAITING, State.PREPARING]


def poll(store: Store) -> int:
    """Ask the store what changed since the last poll; returns how many orders went into the inbox.

    Raises ClientError.
    """
    client = store_client(store)
    first = first_mark(store, client)
    since = max(first, store.polled_until - OVERLAP) if store.polled_until else first
    taken, odd = 0, []
    for page in client.orders_changed(since):
        odd += [change.odd for change in page if change.odd]
        taken += put_in_inbox(store, select_unread(store, page))
        Store.objects.filter(pk=store.pk).update(polled_until=page[-1].at)
    odd_rows.report(store.tenant, store, "orders", odd)
    return taken


def first_mark(store: Store, client: BigCommerceClient) -> datetime:
    """Return when the store was first connected, by its own clock. The poll reads no older changes.

    Raises ClientError.
    """
    if store.polled_from is None:
        now = database_now()
        connected = Connection.objects.filter(store=store).aggregate(at=Min("created_at"))["at"] or now
        connected = min(connected, now)  # the clock of the web server that wrote it may be ahead
        try:
            off = client.time() - database_now()
        except Forbidden:
            off = timedelta()
        store.polled_from = (connected + off).replace(microsecond=0)
        Store.objects.filter(pk=store.pk, polled_from=None).update(polled_from=store.polled_from)
    return store.polled_from


def select_unread(store: Store, changes: Iterable[Changed]) -> list[Changed]:
    """Return the changes that at least one connection of the store has not read. A row without an id is left out."""
    latest = {change.order_id: change for change in changes if change.order_id}
    connections = list(Connection.objects.filter(store=store).values_list("pk", flat=True))
    rows = OrderSync.objects.filter(connection__in=connections, order_id__in=latest, kind=DocumentKind.INVOICE)
    read: dict[int, int] = dict.fromkeys(latest, 0)
    for order_id, state, modified in rows.values_list("order_id", "state", "order_data__order__date_modified"):
        if state in READ_ANYWAY or _at(modified) >= latest[order_id].at:
            read[order_id] += 1
    return [change for change in latest.values() if read[change.order_id] < len(connections)]


def put_in_inbox(store: Store, changes: Iterable[Changed]) -> int:
    """Put each change into the inbox once; returns how many changes there were.

    A change whose time cannot be read is the same at each poll.
    """

    def mark(change: Changed) -> str:
        at = "odd" if change.odd else f"{change.at.timestamp():.0f}"
        return f"{BY_POLL}:{change.order_id}:{at}"

    return _store_deliveries(store, {change.order_id: mark(change) for change in changes})


def put_in_inbox_again(store: Store, changes: Iterable[Changed]) -> int:
    """Put orders without a row in the ledger into the inbox, even if they were there before."""
    return _store_deliveries(store, dict.fromkeys((change.order_id for change in changes), ""))


def _store_deliveries(store: Store, webhook_ids: Mapping[int, str]) -> int:
    request = trace.current() or trace.new_id()
    unsigned = Delivery.Signature.ABSENT
    deliveries = [
        NewDelivery(store.pk, webhook_id, BY_POLL, order_id, None, "", BY_POLL, unsigned, "", request, None)
        for order_id, webhook_id in webhook_ids.items()
    ]
    if deliveries:
        idle = Connection.objects.filter(store=store, division__woken_at=None)
        into_inbox(deliveries, list(idle.values_list("division_id", flat=True)))
    return len(deliveries)


def _at(modified: object) -> datetime:
    """Return the order's last change as we read it; the earliest possible time when it is not known."""
    try:
        return read_moment(modified if isinstance(modified, str) else "")
    except Unreadable:
        return datetime.min.replace(tzinfo=database_now().tzinfo)
