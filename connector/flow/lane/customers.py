"""Whether a connection has customers whose details are due, for looking for lanes with work."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from connector.domain.choices import POSTING_MODES, CustomerDirection
from connector.models import Connection, CustomerLink, DirectoryAccount, StoreCustomer


def carries() -> Q:
    """Return the condition for connections that carry details over at all."""
    return Q(mode__in=POSTING_MODES) & ~Q(customer_direction=CustomerDirection.NONE)


def of_connection(now: datetime) -> tuple[QuerySet[StoreCustomer], QuerySet[DirectoryAccount], QuerySet[CustomerLink]]:
    """Return what is due of a connection, in a query of connections. Small indexes have these rows alone."""
    return (
        StoreCustomer.objects.filter(store=OuterRef("store"), due_at__lte=now),
        DirectoryAccount.objects.filter(division=OuterRef("division"), due_at__lte=now),
        CustomerLink.objects.filter(store=OuterRef("store"), division=OuterRef("division"), due_at__lte=now),
    )


def is_due(now: datetime) -> Q:
    """Return the condition for connections of which a customer is due."""
    customers, of_exact, links = map(Exists, of_connection(now))
    return carries() & (Q(customers) | Q(of_exact) | Q(links))


def waiting(connections: QuerySet[Connection], now: datetime) -> list[QuerySet[Connection, tuple[int, datetime]]]:
    """Return queries for the divisions of these connections with due customers, and since when each waits."""
    found = []
    for rows in of_connection(now):
        since = Subquery(rows.order_by("due_at").values("due_at")[:1])
        found.append(connections.filter(carries(), Exists(rows)).values_list("division", since))
    return found
