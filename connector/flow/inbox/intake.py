"""Moves deliveries from the inbox to the ledger: each order gets a row, or its row is checked again.

A customer is due to be read. A delivery never says that a customer is gone: the store does, when it is read. Customers
are taken in apart from orders and after them, so that nothing that goes wrong with them is an order's.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial

import structlog
from django.db import connection as database
from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Value, When

from connector.domain.choices import CustomerDirection, DocumentKind
from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.flow.lane import due
from connector.flow.ledger import chain
from connector.models import Connection, Delivery, OrderSync, StoreCustomer

log = structlog.get_logger(__name__)

BATCH = 500
# The attempts of a document without a next step are those to look at it again. Another one's are those to post it.
LOOKS_BEGIN_AGAIN = Case(
    When(state__in=due.WITHOUT_NEXT_STEP, then=0), default=F("attempts"), output_field=IntegerField()
)


def take_in(division_id: int) -> int:
    """Turn unread deliveries of orders of the lane's stores into ledger rows; returns how many deliveries were read.

    Many deliveries of one order become one row. A row without a next step is marked to be checked again.
    """
    return _take_all(partial(_take_batch, division_id))


def take_in_customers(division_id: int) -> int:
    """Make the customers due that deliveries of the lane's stores name; returns how many deliveries were read.

    They are due where a connection of the store carries customers over.
    """
    return _take_all(partial(_take_batch_of_customers, division_id))


def _take_all(take: Callable[[], int]) -> int:
    read = 0
    while batch := take():
        read += batch
    return read


def _unread(division_id: int, *, of_orders: bool) -> list[Delivery]:
    """Some unread deliveries, locked until the transaction ends."""
    stores = Connection.objects.filter(division=division_id).values("store")
    unread = Delivery.objects.filter(store__in=stores, processed_at=None, order_id__isnull=not of_orders).order_by("id")
    if database.vendor == "postgresql":
        unread = unread.select_for_update(skip_locked=True)  # two lanes may share a store
    return list(unread[:BATCH])


@transaction.atomic
def _take_batch(division_id: int) -> int:
    deliveries = _unread(division_id, of_orders=True)
    if not deliveries:
        return 0
    now = database_now()
    orders: dict[int, dict[int, Delivery]] = {}  # of each store, with the delivery that reported it last
    for delivery in deliveries:
        if delivery.order_id is not None:
            orders.setdefault(delivery.store_id, {})[delivery.order_id] = delivery
            log.info("delivery_taken_in", request=delivery.request, order=delivery.order_id)
    for connection in Connection.objects.filter(store__in=orders):
        named = orders[connection.store_id]
        OrderSync.objects.filter(
            # An approved draft is posted without reading the order, unless a delivery came.
            Q(state__in=[*due.WITHOUT_NEXT_STEP, *due.IN_WORK, State.UNCERTAIN]) | Q(approved_at__isnull=False),
            connection=connection,
            order_id__in=named,
            kind=DocumentKind.INVOICE,  # credit notes follow from their invoice's change
        ).update(recheck_at=now, attempts=LOOKS_BEGIN_AGAIN, **_reported(named))
        OrderSync.objects.bulk_create(
            [_row(connection, order_id, named[order_id], now) for order_id in sorted(named)],
            ignore_conflicts=True,
        )
    Delivery.objects.filter(pk__in=[d.pk for d in deliveries]).update(processed_at=now)
    return len(deliveries)


@transaction.atomic
def _take_batch_of_customers(division_id: int) -> int:
    deliveries = _unread(division_id, of_orders=False)
    if not deliveries:
        return 0
    now = database_now()
    for delivery in deliveries:
        log.info("delivery_taken_in", request=delivery.request, customer=delivery.customer_id)
    _customers_are_due({(each.store_id, str(each.customer_id)) for each in deliveries if each.customer_id}, now)
    Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).update(processed_at=now)
    return len(deliveries)


def _customers_are_due(customers: Collection[tuple[int, str]], now: datetime) -> None:
    """Customers (each a store's id and a key) are due. They are locked in the order of their keys, as everywhere."""
    stores = {store_id for store_id, _customer in customers}
    if not stores:
        return
    carrying = Connection.objects.filter(store__in=stores).exclude(customer_direction=CustomerDirection.NONE)
    wanted = set(carrying.values_list("store_id", flat=True))
    StoreCustomer.objects.bulk_create(
        [
            StoreCustomer(store_id=store_id, customer_key=key, due_at=now)
            for store_id, key in sorted(customers)
            if store_id in wanted
        ],
        update_conflicts=True,
        unique_fields=["store", "customer_key"],
        update_fields=["due_at"],
    )


def _row(connection: Connection, order_id: int, delivery: Delivery, now: datetime) -> OrderSync:
    row = OrderSync.invoice_row(connection, order_id, due_at=now, request=delivery.request)
    row.delivered = chain.name_of_delivery(delivery)
    return row


def _reported(named: Mapping[int, Delivery]) -> dict[str, Case]:
    """The request and the name of each order's delivery, in one statement for all of them."""
    requests = [When(order_id=order_id, then=Value(delivery.request)) for order_id, delivery in named.items()]
    names = {order_id: chain.name_of_delivery(delivery) for order_id, delivery in named.items()}
    delivered = [When(order_id=order_id, then=Value(name)) for order_id, name in names.items()]
    return {
        "request": Case(*requests, default=F("request")),
        "delivered": Case(*delivered, default=F("delivered")),
    }
