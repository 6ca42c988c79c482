"""Forgets one customer: removes personal data from our rows, from copies of what was sent and read, and from history.

Numbers, amounts, accounts and codes stay: they are the fiscal record. Neither side is called. Documents come first and
the customer last, so that what was stopped halfway is found and finished by the next try. Forgetting a customer twice
changes nothing more.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from connector.domain.document.scrub import Scrub, is_sure
from connector.domain.document.states import State
from connector.domain.order.bare import bare_order
from connector.flow.records.privacy import customer, documents, elsewhere
from connector.flow.records.privacy.subject import Subject
from connector.models import Delivery, OrderSync
from tenants.models import User

DONE = (State.POSTED, State.SKIPPED)


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
    """Forget the customer. Raises Unfinished, and `documents.Changing` while a worker has one of the documents."""
    raise_if_unfinished(subject)
    own = Scrub(subject.values)
    sure = Scrub(value for value in subject.values if is_sure(value))
    changed = sum(_from_order(subject, document, own, sure) for document in subject.documents)
    others = elsewhere.remove_mentions(subject, sure) + elsewhere.remove(subject.store.tenant, sure)
    others += elsewhere.remove_from_runs(subject, lambda raw: sure.value(bare_order(raw))) + _empty_deliveries(subject)
    about = customer.remove(subject, own, actor, more=bool(changed or others))
    return Forgotten(changed, others, about)


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
