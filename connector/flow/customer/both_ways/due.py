"""One pass over what is due of a division's customers. `flow/lane/customers.py` says whether something is.

A vendor's report makes our copy of a customer or an account due. It is read again, and when it has changed, its links
are due: they are compared, and what changed is carried over. A link that is `read_first` has both sides read before:
an order differed from them, or it is not clear whether a write was done.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from connector.clients import errors
from connector.clients.exact.client import MOST_IDS
from connector.domain.timing.call_window import backoff
from connector.flow.clock import database_now
from connector.flow.customer.both_ways.events import Origin
from connector.flow.customer.both_ways.in_step import LONGEST_PAUSE, bring_all_in_step
from connector.flow.customer.both_ways.read_again import read_accounts
from connector.flow.customer.copies import store_copy
from connector.flow.outbound.clients import LaneClients
from connector.models import Connection, CustomerLink, DirectoryAccount, Division, Store, StoreCustomer

log = structlog.get_logger(__name__)

# Of one pass: one call to each store, one to Exact, and the writes of so many customers.
MOST_CUSTOMERS, MOST_LINKS = 50, 50
# After a call that failed, a side is read again so much later; a link the later the oftener it failed.
AGAIN = timedelta(minutes=5)
# So often a pause doubles before it is the longest.
_TIMES_TO_LONGEST = (LONGEST_PAUSE // timedelta(minutes=1)).bit_length()


def work_off(
    division: Division,
    connections: Sequence[Connection],
    clients: LaneClients,
    goes_on: Callable[[], bool],
) -> int:
    """Do one pass over what is due of these connections of a division; returns how many links were compared.

    A failed call is tried again later. Raises LeaseLost when another process took the division.
    """
    lane = _Pass(division, clients, database_now(), [connection.store_id for connection in connections])
    try:
        lane.find_first()
        for connection in connections:
            if not goes_on():
                return 0
            lane.read_customers(connection.store)
        if goes_on():
            lane.read_accounts()
        return lane.compare() if goes_on() else 0
    except errors.ClientError as error:
        log.warning("customers_not_in_step", division=division.code, error=type(error).__name__)
        lane.postpone(error)
        return 0


@dataclass(slots=True)
class _Pass:
    """One pass over a division. `now` is when it began: what becomes due meanwhile waits for the next one.

    `stores` are those whose links are dealt with. Those of a connection that is switched off take nobody's place.
    """

    division: Division
    clients: LaneClients
    now: datetime
    stores: Collection[int]
    first: Sequence[CustomerLink] = ()  # of which both sides are read in this pass
    store: Store | None = None  # of which the customers are being read

    def find_first(self) -> None:
        """Find the links of which both sides are read before they are compared: reading one side dates them again."""
        due = self._links().filter(due_at__lte=self.now, read_first=True)
        self.first = list(due.exclude(account_id="").order_by("due_at")[:MOST_IDS])

    def read_customers(self, store: Store) -> None:
        """Read the store's customers that are due."""
        self.store = store
        due = StoreCustomer.objects.filter(store=store, due_at__lte=self.now).order_by("due_at")
        reported = list(due.values_list("customer_key", flat=True)[:MOST_CUSTOMERS])
        keys = {*reported, *(link.customer_key for link in self.first if link.store_id == store.pk)}
        if keys:
            store_copy.read_with_ids(store, self.clients.store(store), keys)
        self.store = None

    def read_accounts(self) -> None:
        """Read the accounts that are due. One that Exact does not have any more is forgotten."""
        due = DirectoryAccount.objects.filter(division=self.division, due_at__lte=self.now).order_by("due_at")
        reported = list(due.values_list("account_id", flat=True)[:MOST_IDS])
        ids = {*reported, *(link.account_id for link in self.first)}
        if ids:
            read_accounts(self.division, self.clients, ids, self.now)

    def compare(self) -> int:
        """Compare the links that are due. One with a side that is to be read again waits for that."""
        links = self._links().filter(due_at__lte=database_now())
        unread = {"due_at__lte": self.now}
        of_store = StoreCustomer.objects.filter(
            store=OuterRef("store"), customer_key=OuterRef("customer_key"), **unread
        )
        of_exact = DirectoryAccount.objects.filter(
            division=OuterRef("division"), account_id=OuterRef("account_id"), **unread
        )
        ready = links.filter(
            Q(read_first=False) | Q(pk__in=[link.pk for link in self.first]), ~Exists(of_store), ~Exists(of_exact)
        )
        ready = ready.exclude(account_id="")
        found = list(ready.order_by("due_at")[:MOST_LINKS])
        for origin in (Origin.ORDER, Origin.WEBHOOK):
            of_origin = [link for link in found if _origin_of(link) == origin]
            bring_all_in_step(of_origin, self.clients, origin=origin)
        links.filter(account_id="").update(due_at=None, read_first=False)
        return len(found)

    def postpone(self, error: errors.ClientError) -> None:
        """Have what is due tried again later: when the vendor says, else the later the oftener it failed."""
        until = error.until if isinstance(error, errors.RateLimited) else None
        again = max(until or self.now + AGAIN, self.now)
        if self.store is not None:
            StoreCustomer.objects.filter(store=self.store, due_at__lte=self.now).update(due_at=again)
        DirectoryAccount.objects.filter(division=self.division, due_at__lte=self.now).update(due_at=again)
        links = self._links().filter(due_at__lte=database_now())
        if until is not None:
            links.update(due_at=until)
        else:  # one statement, however many are due
            links.update(due_at=_the_later_the_oftener(self.now), failures=F("failures") + 1)

    def _links(self) -> QuerySet[CustomerLink]:
        return CustomerLink.objects.filter(division=self.division, store__in=self.stores)


def _the_later_the_oftener(now: datetime) -> Case:
    """When a link is tried again, by how often it failed before: after a minute, then doubling."""
    pauses = [backoff(times + 1, timedelta(minutes=1), LONGEST_PAUSE) for times in range(_TIMES_TO_LONGEST)]
    whens = [When(failures=times, then=Value(now + pause)) for times, pause in enumerate(pauses)]
    return Case(*whens, default=Value(now + LONGEST_PAUSE))


def _origin_of(link: CustomerLink) -> str:
    return Origin.ORDER if link.read_first and link.ordered_as else Origin.WEBHOOK
