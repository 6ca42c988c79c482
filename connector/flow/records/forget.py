"""Forgets one customer: removes personal data from our rows, from copies of what was sent and read, and from history.

Numbers, amounts, accounts and codes stay: they are the fiscal record. Neither side is called. Documents come first and
the customer last, so that what was stopped halfway is found and finished by the next try. Forgetting a customer twice
changes nothing more.

A lane may be writing the customer's details at that moment, or making the customer's account, and puts into our copies
what it wrote. So the customer is removed under the leases of all divisions that the store is connected to. What reads
or matches without a lease writes nothing of a customer who was forgotten meanwhile: see
`flow/customer/copies/forgotten.py`.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from connector.domain.document.scrub import Scrub, is_sure
from connector.domain.document.states import State
from connector.domain.order.bare import bare_order
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.lane import due, wakeup
from connector.flow.records.privacy import customer, documents, elsewhere
from connector.flow.records.privacy.subject import Subject
from connector.models import Delivery, Division, OrderSync
from tenants.models import User

DONE = (State.POSTED, State.SKIPPED)
# A lane that is at work ends its turn within some seconds, when nothing else waits for it.
PATIENCE_SECONDS, LOOK_EVERY = 30.0, 0.25


class Busy(Exception):
    """A worker has a division of the customer's store. What is left is removed by the next try."""

    def __init__(self, division: Division) -> None:
        super().__init__()
        self.division = division


class Unfinished(Exception):
    """Documents of the customer are not finished, and need the data. `orders` are their orders' ids."""

    def __init__(self, orders: list[int]) -> None:
        super().__init__()
        self.orders = orders


@dataclass(frozen=True, slots=True)
class Forgotten:
    """From how many documents of the customer and from how many other rows data was removed."""

    documents: int
    others: int
    changed: bool


def forget(subject: Subject, actor: User | None = None) -> Forgotten:
    """Forget the customer. Raises Unfinished, `documents.Changing` while a worker has one of the documents, and Busy
    while one has a division that the store is connected to."""
    raise_if_unfinished(subject)
    own = Scrub(subject.values)
    sure = Scrub(value for value in subject.values if is_sure(value))
    changed = sum(_from_order(subject, document, own, sure) for document in subject.documents)
    others = elsewhere.remove_mentions(subject, sure) + elsewhere.remove(subject.store.tenant, sure)
    others += elsewhere.remove_from_runs(subject, lambda raw: sure.value(bare_order(raw))) + _empty_deliveries(subject)
    with _all_held(_divisions(subject)):
        about = customer.remove(subject, own, actor, more=bool(changed or others))
    return Forgotten(changed, others, about)


def _divisions(subject: Subject) -> QuerySet[Division]:
    """The divisions in which something of the customer can be written, in the order in which they are held."""
    wanted = Q(connections__store=subject.store) | Q(pk__in=[link.division_id for link in subject.links])
    return Division.objects.filter(wanted).distinct().order_by("pk")


@contextmanager
def _all_held(divisions: Iterable[Division]) -> Iterator[None]:
    """Hold the leases of divisions, so that no lane writes the customer meanwhile. Raises Busy."""
    mine: dict[Division, leases.Lease] = {}
    with ExitStack() as stack:
        for division in divisions:
            mine[division] = stack.enter_context(_held(division, mine))
        _renew(mine)
        yield


@contextmanager
def _held(division: Division, others: Mapping[Division, leases.Lease]) -> Iterator[leases.Lease]:
    """Hold a division's lease. Those of `others` are kept while it is waited for. Raises Busy."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (lease := leases.acquire(Division, division.pk)) is None:
        if time.monotonic() >= until:
            raise Busy(division)
        time.sleep(LOOK_EVERY)
        _renew(others)
    try:
        yield lease
    finally:
        leases.release(lease)
        if due.has_work(division.pk, database_now()):  # it came meanwhile, and found the lease taken
            wakeup.hand_back(division.pk)


def _renew(held: Mapping[Division, leases.Lease]) -> None:
    """Renew leases. Raises Busy when another process has one by now."""
    for division, lease in held.items():
        try:
            leases.renew(lease)
        except leases.LeaseLost:
            raise Busy(division) from None


def raise_if_unfinished(subject: Subject) -> None:
    """Raise Unfinished while a document is on its way, is held, or has a change that waits for a person."""
    waiting = Q(recheck_at__isnull=False) | Q(change_pending=True) | Q(replace_requested=True)
    rows = subject.documents.filter(~Q(state__in=DONE) | waiting)
    if orders := sorted(set(rows.values_list("order_id", flat=True))):
        raise Unfinished(orders)


def _from_order(subject: Subject, document: OrderSync, own: Scrub, sure: Scrub) -> bool:
    bodies = list(deliveries_of(subject).filter(order_id=document.order_id).exclude(body=""))
    return documents.remove_from_order(document, own, sure, bodies)


def deliveries_of(subject: Subject) -> QuerySet[Delivery]:
    """Return what the store reported of the customer and of the customer's orders."""
    about = Q(order_id__in=subject.order_ids)
    if subject.key.isdecimal():
        about |= Q(customer_id=int(subject.key))
    return Delivery.objects.filter(about, store=subject.store).order_by("pk")


def _empty_deliveries(subject: Subject) -> int:
    return deliveries_of(subject).exclude(body="").order_by().update(body="")
