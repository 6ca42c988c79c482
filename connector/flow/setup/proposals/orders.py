"""The orders of a store that a mapping is proposed from, with the tax tables that tell their rates."""

from collections.abc import Callable, Iterable
from functools import partial

from django.utils.translation import gettext as _

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.domain.document.result import Detail
from connector.flow.hold import Hold
from connector.flow.order import details
from connector.flow.order.fetch import Fetched
from connector.flow.outbound.within_budget import Tell, within_budget
from connector.flow.setup.recent_orders import ALL_DAYS, recent_orders
from connector.models import Store

MOST_ORDERS = 250
# The most tax tables that are read: each costs a call.
MOST_TABLES = 40


def read_orders(client: BigCommerceClient, store: Store, days: int, tell: Tell, patience: int) -> list[Fetched]:
    """Return the orders of the last `days`, or the latest ones where there is none. Raises ClientError."""
    for since in (days, ALL_DAYS):
        text = (
            _("Reading the orders of store %(store)s")
            if since == days
            else _("Store %(store)s sold nothing in those days; reading its latest orders")
        )
        tell(text % {"store": store.store_hash})
        recent = recent_orders(
            client,
            days=since,
            most=MOST_ORDERS,
            prices_include_tax=store.prices_include_tax,
            tell=tell,
            patience=patience,
        )
        if found := [order.fetched for order in recent if order.fetched]:
            return found
    return []


def with_tables(
    orders: Iterable[Fetched], lacks: Callable[[Fetched], bool], read: Callable[[Fetched], Fetched]
) -> list[Fetched]:
    """Return the orders, with the tax table where one `lacks` it, for at most 40 of them. `read` reads it."""
    left, found = MOST_TABLES, list[Fetched]()
    for each in orders:
        wanted = left > 0 and each.order.taxes is None and lacks(each)
        left -= wanted
        found.append(read(each) if wanted else each)
    return found


def read_table(client: BigCommerceClient, order: Fetched, tell: Tell, patience: int) -> Fetched:
    """Return the order with its tax table. Raises ClientError."""
    try:
        return within_budget(partial(details.with_details, client, order, {Detail.TAXES}), tell, patience)
    except Hold:  # a table that cannot be read says nothing
        return order
