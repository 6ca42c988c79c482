"""After a restored backup: which documents may have been posted in the time that the ledger has lost.

`Division.restored_at` is when the loss was noticed. An order that is older than that may be in Exact already, with its
credit notes and receipts, whatever its row says. So Exact is searched by our reference before anything of it is sent
for the first time. An order that came later cannot be there.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from connector.clients.bigcommerce.changes import read_moment
from connector.clients.strict_json import Unreadable
from connector.flow.clock import database_now
from connector.models import Division, OrderSync

# The store's clock, which dates an order, may be wrong by so much.
CLOCKS_DIFFER = timedelta(minutes=10)


def notice(divisions: Q, *, until_looked_up: bool = False) -> int:
    """Note that the ledger of these divisions may have lost what was posted until now; returns how many there are.

    `until_looked_up`: they post nothing before `manage.py recover` has looked up what they have to do.
    """
    marks = {"restored_at": database_now(), **({"recovering": True} if until_looked_up else {})}
    return Division.objects.filter(divisions).update(**marks)


def may_be_posted(document: OrderSync, kept: Mapping[str, object] | None = None) -> bool:
    """Whether Exact must be searched for the document before it is sent. `kept` is the order, when it has none itself.

    An order whose day cannot be read counts as old. One from before the connection may have been posted by whatever
    posted the store's orders then.
    """
    if document.backfilled and document.searched_at is None and not document.exact_id:
        return True
    noticed = document.division.restored_at
    if noticed is None or document.exact_id:
        return False
    if document.searched_at is not None and document.searched_at >= noticed:
        return False
    placed = _placed(kept or document.order_data or {})
    return placed is None or placed < noticed + CLOCKS_DIFFER


def _placed(kept: Mapping[str, object]) -> datetime | None:
    order = kept.get("order")
    created = order.get("date_created") if isinstance(order, Mapping) else None
    try:
        return read_moment(created) if isinstance(created, str) else None
    except Unreadable:
        return None
