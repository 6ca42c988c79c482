"""A customer who was forgotten orders again: from that order on the customer is like any other."""

from django.db import transaction

from connector.clients.exact import records
from connector.clients.exact.client import MOST_IDS, ExactClient
from connector.domain.customer.customer import Customer
from connector.domain.order.model import Order
from connector.flow.clock import database_now
from connector.flow.customer.account.links import Rows
from connector.flow.customer.copies import directory, forgotten
from connector.models import Connection, CustomerLink, StoreCustomer


def take_up(connection: Connection, customer: Customer, rows: Rows, order: Order, client: ExactClient) -> None:
    """Take away the marks of a customer who was forgotten before the order was placed. Raises the client's errors.

    The accounts are read again, in one call, so that they are compared with the order's name and address. The marks go
    after that: a read that failed is done again with the next try. The store's customer is due: our copy is bare, and
    nothing is compared with it before it was read. Orders from before stay bare.
    """
    links = [*rows.own, *rows.as_guest]
    again = [link for link in links if link.forgotten_at is not None and link.forgotten_at < order.created]
    ids = [link.account_id for link in again if link.account_id][:MOST_IDS]
    began = database_now()
    read = client.of_ids("crm/Accounts", records.ACCOUNT, records.read_account, name="ID", ids=ids) if ids else []
    if again:
        with transaction.atomic():
            forgotten.lock_divisions([connection.division_id])  # before its rows, as everybody does
            for link in again:
                _take_up(link)
            if read:
                directory.keep(connection.division, read, began)
    if not rows.links and connection.store.has_forgotten:
        _make_due(connection.store_id, customer.key, order)


def _take_up(link: CustomerLink) -> None:
    key, now = link.customer_key.partition("-")[0], database_now()
    customers = StoreCustomer.objects.filter(store=link.store_id, customer_key=key)
    is_known = customers.update(forgotten_at=None, due_at=now)
    link.forgotten_at, link.due_at, link.read_first = None, now, not is_known
    link.save(update_fields=["forgotten_at", "due_at", "read_first"])


def _make_due(store_id: int, key: str, order: Order) -> None:
    """Take away the mark of a customer who was forgotten without an account."""
    rows = StoreCustomer.objects.filter(store=store_id, customer_key=key, forgotten_at__lt=order.created)
    rows.update(forgotten_at=None, due_at=database_now())
