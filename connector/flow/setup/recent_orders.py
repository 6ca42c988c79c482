"""Reads the orders that a store took in the last days, the newest first, within the store's quota of calls.

An order costs no call of its own: fifty come in one, each with its lines, addresses and fees. What such an answer lacks
is read for that order.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from connector.clients.bigcommerce.answers import SMALLEST_FULL_PAGE as PAGE
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.errors import UnexpectedResponse
from connector.clients.rows import OddRow
from connector.clients.wording import marked as _
from connector.domain.document.result import Problem
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.order.fetch import Fetched, read
from connector.flow.outbound.within_budget import PATIENCE, Tell, within_budget

# How far back it looks where a store sold nothing lately: in effect, the latest orders.
ALL_DAYS = 3650
# Pages without a new order, one after the other, before the store is said to repeat itself. Orders that are placed
# meanwhile move a page's worth to the next page at most.
MOST_REPEATED = 3


@dataclass(frozen=True, slots=True)
class Recent:
    """One order; `fetched` is None when it cannot be read, and `problems` say why."""

    order_id: int
    fetched: Fetched | None
    problems: tuple[Problem, ...] = ()


def recent_orders(
    client: BigCommerceClient,
    *,
    days: int,
    most: int,
    prices_include_tax: bool | None,
    tell: Tell,
    patience: int = PATIENCE,
    known: Collection[int] = (),
) -> Iterator[Recent]:
    """Yield the orders placed in the last `days`, each once, at most `most`. `prices_include_tax` is the store's.

    `known` are the newest ones, which were read before: they count, and pages that have only them are not asked for.
    `patience`: how many times a call waits for the quota's next window; 0 for a worker, which tries again later.
    Raises ClientError; UnexpectedResponse when the store gives the same orders page after page. A row without an id
    is left out.
    """
    since, seen, page, repeated = database_now() - timedelta(days=days), set(known), len(known) // PAGE + 1, 0
    while rows := within_budget(partial(client.orders_placed, since, page, _left_out), tell, patience):
        repeated = repeated + 1 if seen.issuperset(row["id"] for row in rows) else 0
        if repeated == MOST_REPEATED:
            raise UnexpectedResponse(_("The store gives the same orders page after page"), endpoint="v2/orders")
        for row in rows:
            if row["id"] in seen:
                continue
            if len(seen) >= most:
                return
            seen.add(row["id"])
            raw = within_budget(partial(client.completed, row), tell, patience)
            yield _read(row["id"], {**raw, "prices_include_tax": prices_include_tax})
        page += 1


def _read(order_id: int, raw: dict[str, object]) -> Recent:
    try:
        return Recent(order_id, read(raw))
    except Hold as hold:
        return Recent(order_id, None, hold.problems)


def _left_out(row: OddRow) -> None:
    """Name no row: the poll does, and no order is lost here."""
