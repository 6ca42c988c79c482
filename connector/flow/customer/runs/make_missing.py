"""Makes the accounts of customers who have none yet, a few at a time, each at most once.

The caller holds the division's lease, so an order of the same customer cannot make another one meanwhile. Each
customer is matched again right before: the account may be there since, or that of a customer who is like this one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Max, QuerySet

from connector.clients.exact.client import ExactClient
from connector.domain.customer.ladder import Create
from connector.domain.document.result import to_json
from connector.flow.clock import database_now
from connector.flow.customer.account.buyers import buyer_in_store
from connector.flow.customer.account.make_account import make_account
from connector.flow.customer.matching import outcomes
from connector.flow.customer.matching.match import customers_of, match
from connector.flow.customer.matching.matched import Matched, is_like_newcomer
from connector.flow.hold import Hold
from connector.models import Connection, CustomerEvent, CustomerLink, CustomerMatch, StoreCustomer
from tenants.models import User

BATCH: Final = 10


@dataclass(slots=True)
class Made:
    """What came of a batch. `last` is the last match that was looked at, 0 before the first batch."""

    last: int = 0
    handled: int = 0
    created: int = 0
    linked: int = 0


def missing(connection: Connection) -> QuerySet[CustomerMatch]:
    """Return the matches of customers who get an account of their own."""
    rows = CustomerMatch.objects.filter(division=connection.division, customer__store=connection.store)
    rows = rows.filter(customer__deleted_at=None, customer__forgotten_at=None)
    return rows.filter(outcome=CustomerMatch.Outcome.NEW).order_by("pk")


def settled_at(connection: Connection) -> datetime | None:
    """Return when Exact shows the accounts for which no clear answer came; None when there is no such one."""
    keys = missing(connection).values("customer__customer_key")
    began = database_now() - _settle_time()
    rows = CustomerLink.objects.filter(store=connection.store, division=connection.division, account_id="")
    newest = rows.filter(customer_key__in=keys, sent_at__gt=began).aggregate(at=Max("sent_at"))["at"]
    return None if newest is None else newest + _settle_time()


def make_some(
    connection: Connection, made: Made, client: ExactClient, actor: User | None, renew: Callable[[], None]
) -> bool:
    """Make the accounts of the next customers behind `made.last`, and note there what was done.

    Returns whether there were any. Raises the client's errors and LeaseLost.
    """
    batch = list(missing(connection).filter(pk__gt=made.last).values_list("pk", "customer_id")[:BATCH])
    if not batch:
        return False
    found = _matched(connection, [customer for _pk, customer in batch])
    rows = StoreCustomer.objects.in_bulk([each.pk for each in found])
    for each in found:
        if isinstance(each.choice, Create) and not each.waits:
            renew()
            made.created += _make(connection, each, rows[each.pk], client, actor)
    # Those who are like one whose account was just made are that one's, or a person decides.
    waiting = [each.pk for each in found if each.waits or is_like_newcomer(each)]
    again = _matched(connection, waiting) if waiting else []
    others = [each for each in found if not isinstance(each.choice, Create) and each.pk not in waiting]
    made.linked += outcomes.keep(connection, [*others, *again], actor).linked
    made.last, made.handled = batch[-1][0], len(batch)
    return True


def _settle_time() -> timedelta:
    return timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS)


def _matched(connection: Connection, customers: list[int]) -> list[Matched]:
    return match(connection, customers_of(connection).filter(pk__in=customers), whole=False).others


def _make(connection: Connection, each: Matched, row: StoreCustomer, client: ExactClient, actor: User | None) -> bool:
    """Make one account, unless it is not clear yet whether Exact has it. Returns whether it was made.

    Raises the client's errors.
    """
    assert isinstance(each.choice, Create)
    links = CustomerLink.objects.filter(store=connection.store, division=connection.division)
    begun = links.filter(customer_key=each.choice.key).first()
    if begun is not None:
        if begun.account_id:  # it was linked since it was matched
            return False
        begun.store, begun.division = connection.store, connection.division  # not to be loaded again
        if begun.sent_at is not None and database_now() < begun.sent_at + _settle_time():
            return False
    buyer, key = buyer_in_store(each.customer, row), each.choice.key
    try:
        make_account(connection, buyer, key, client, row=begun, origin=CustomerEvent.Origin.RUN, actor=actor)
    except Hold as cause:
        _hold(connection, each, cause)
        return False
    CustomerMatch.objects.filter(customer=each.pk, division=connection.division).delete()
    return True


def _hold(connection: Connection, each: Matched, cause: Hold) -> None:
    rows = CustomerMatch.objects.filter(customer=each.pk, division=connection.division)
    rows.update(outcome=CustomerMatch.Outcome.HELD, problems=to_json(cause.problems), matched_at=database_now())
