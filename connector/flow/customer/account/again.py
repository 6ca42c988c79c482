"""A customer who was forgotten orders again: from that order on the customer is like any other."""

from collections.abc import Iterable

from connector.clients.exact import records
from connector.clients.exact.client import MOST_IDS, ExactClient
from connector.domain.order.model import Order
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory
from connector.models import CustomerLink, StoreCustomer


def take_up(links: Iterable[CustomerLink], order: Order, client: ExactClient) -> None:
    """Take away the marks of links whose customer was forgotten before the order was placed. Raises the client's
    errors.

    The accounts are read again, in one call, so that they are compared with the order's name and address. The store's
    customer is due: our copy is bare, and nothing is compared with it before it was read. Orders from before stay bare.
    """
    again = [link for link in links if link.forgotten_at is not None and link.forgotten_at < order.created]
    now = database_now()
    for link in again:
        key = link.customer_key.partition("-")[0]
        customers = StoreCustomer.objects.filter(store=link.store_id, customer_key=key)
        is_known = customers.update(forgotten_at=None, due_at=now)
        link.forgotten_at, link.due_at, link.read_first = None, now, not is_known
        link.save(update_fields=["forgotten_at", "due_at", "read_first"])
    ids = [link.account_id for link in again if link.account_id][:MOST_IDS]
    if ids:
        read = client.of_ids("crm/Accounts", records.ACCOUNT, records.read_account, name="ID", ids=ids)
        directory.keep(again[0].division, read)
