"""Archived orders, which the store's list leaves out. They are listed when the first one is asked for, 250 a call."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.bigcommerce.period import PlacedOrder, orders_page, read_order
from connector.clients.errors import NotFound
from connector.clients.rows import OddRow, read_or_tell
from connector.domain.timing.days import Days
from connector.flow.reconcile import ledger
from connector.flow.reconcile.ledger import Facts

T = TypeVar("T")


class Archived:
    """Knows the archived orders of the period. One that is not among them is read by itself."""

    def __init__(self, days: Days, client: BigCommerceClient, ask: Callable[[Callable[[], T]], T]) -> None:
        self._days = days
        self._client = client
        self._ask: Callable[[Callable[[], Any]], Any] = ask
        self._known: dict[int, PlacedOrder] | None = None

    def listed(self, order_id: int) -> PlacedOrder | None:
        """Return an archived order of the period, None for any other. Raises ClientError."""
        if self._known is None:
            self._known = self._list()
        return self._known.get(order_id)

    def order(self, order_id: int, odd: Callable[[OddRow], None]) -> PlacedOrder | None:
        """Return an order that is archived, of whatever day. `odd` gets one that cannot be read. Raises ClientError."""
        if (known := self.listed(order_id)) is not None:
            return known
        found = self._read(order_id)
        rows = [] if found is None else read_or_tell(found, read_order, odd, str(order_id))
        return next((order for order in rows if order.is_deleted), None)

    def facts(self, order_id: int) -> Facts | None:
        """Return the facts of an order that the list left out; None when the store has none. Raises ClientError."""
        if (known := self.listed(order_id)) is not None:
            return Facts(known.created, known.total_inc, known.country, known.payment_method)
        found = self._read(order_id)
        return None if found is None else ledger.facts_in(found)

    def _list(self) -> dict[int, PlacedOrder]:
        found: dict[int, PlacedOrder] = {}
        after: int | None = 0
        while after is not None:
            since, until = self._days.since, self._days.until
            page = self._ask(partial(orders_page, self._client, since, until, after, _left_out, archived=True))
            found |= {order.id: order for order in page.orders}
            after = page.last
        return found

    def _read(self, order_id: int) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._ask(partial(self._client.order, order_id))["order"]
        except NotFound:
            return None
        return found


def _left_out(row: OddRow) -> None:
    """Name no row: an order that cannot be read is read by itself when the ledger has it."""
