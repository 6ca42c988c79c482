"""What a person does about a difference between the store and the books. What was posted is never altered in Exact."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from connector.clients.bigcommerce.changes import Changed
from connector.domain.document.reconcile import Kind, Remedy
from connector.domain.document.states import SkipReason, State
from connector.flow import alerts
from connector.flow.actions import documents
from connector.flow.actions.transaction import NotPossible, action_data, by_hand, require_reason
from connector.flow.clock import database_now
from connector.flow.inbox import poll
from connector.flow.ledger import chain, transitions
from connector.models import Discrepancy, OrderSync, SyncEvent
from connector.models.kept_words import Said, english, in_english
from connector.models.reconciliation import KIND_NAMES
from connector.problems import remedies
from tenants.models import User

S = Discrepancy.State
ACCEPT = "accept_difference"
# What an entry of the chain says of a difference.
SAID = ("kind", "order_id", "reference", "exact_id", "expected", "found", "figures")


def carry_out(discrepancy: Discrepancy, actor: User | None, reason: str) -> None:
    """Carry out the action that is offered. The difference is open until a later run does not find it any more.

    Raises NotPossible for an action that a person carries out in Exact or on the document's page.
    """
    require_reason(reason)
    _require_open(discrepancy)
    document = discrepancy.document
    match Remedy(discrepancy.remedy):
        case Remedy.TAKE_IN if document is None or document.state == State.SKIPPED:
            take_in(discrepancy, actor, reason)
        case Remedy.TAKE_IN if document is not None:
            documents.refetch(document, actor, reason)
        case Remedy.RE_POST if document is not None:
            documents.re_post(document, actor, reason)
        case Remedy.POST_AGAIN if document is not None:
            post_again(document, actor, reason)
        case other:
            text = _("The connector cannot do that by itself. %(action)s, then reconcile again.")
            raise NotPossible(text % {"action": remedies.in_words(other)})
    _note(discrepancy, actor, reason, carried_out_at=database_now())


def accept(discrepancy: Discrepancy, actor: User | None, reason: str) -> None:
    """Leave the difference as it is, for a reason. It counts as explained as long as both figures stay the same.

    Raises NotPossible.
    """
    require_reason(reason)
    _require_open(discrepancy)
    with transaction.atomic():
        _record(discrepancy, english("Difference of %(reference)s (%(what)s) accepted: %(why)s"), ACCEPT, actor, reason)
        _note(discrepancy, actor, reason, state=S.ACCEPTED)


def assign(discrepancy: Discrepancy, owner: User | None) -> None:
    """Give the difference to a person, who keeps it when a later run finds it again."""
    Discrepancy.objects.filter(pk=discrepancy.pk).update(owner=owner, changed_at=database_now())


def take_in(discrepancy: Discrepancy, actor: User | None, reason: str) -> None:
    """Put the order into the inbox, as a delivery would; the lane reads and posts it. Raises NotPossible."""
    if not discrepancy.order_id:
        raise NotPossible(_("No order is known that could be read."))
    store = discrepancy.run.connection.store
    with transaction.atomic():
        _record(discrepancy, english("%(reference)s (%(what)s) is read again: %(why)s"), "take_in", actor, reason)
        poll.put_in_inbox_again(store, [Changed(discrepancy.order_id, database_now())])


def post_again(document: OrderSync, actor: User | None, reason: str) -> None:
    """Post a document that was deleted in Exact once more. Exact is asked first: one that is there is kept.

    Raises NotPossible.
    """
    if document.state != State.POSTED:
        raise NotPossible(_("It is not posted any more. Look at it again, then decide."))
    text = english("Deleted in Exact, and posted again: %(reason)s") % {"reason": reason}
    with by_hand(document.division_id, reason):
        data = action_data("post_again", reason)
        transitions.move(document, State.SKIPPED, text, reason=SkipReason.PERSON, actor=actor, data=data)
        transitions.move(
            document,
            State.PENDING,
            text,
            actor=actor,
            data=data,
            attempts=0,
            worker_deaths=0,
            unclear={},
            recheck_at=None,
            replace_requested=True,
        )


def deleted_in_exact(orders: list[int], tenant_id: int) -> list[Discrepancy]:
    """Return the open differences of these orders that say that a document was deleted in Exact."""
    rows = Discrepancy.objects.filter(
        kind=Kind.DELETED, state=S.OPEN, order_id__in=orders, run__tenant=tenant_id, document__state=State.POSTED
    )
    return list(rows.select_related("document__connection__store", "run__connection__store"))


def _require_open(discrepancy: Discrepancy) -> None:
    if discrepancy.state != S.OPEN:
        raise NotPossible(_("It is not open any more."))


def _record(each: Discrepancy, text: Said, action: str, actor: User | None, reason: str) -> None:
    """Add to the history, in the chain, who did what about which figures and why. It comes before the rows change."""
    about, of = in_english(KIND_NAMES[Kind(each.kind)]), each.reference or str(each.order_id)
    text %= {"what": about, "reference": of, "why": reason}
    connection = each.run.connection
    entry = SyncEvent(
        tenant_id=connection.store.tenant_id,
        kind=SyncEvent.Kind.ACTION,
        actor=actor,
        text=text,
        data={
            **text.said(),
            **action_data(action, reason),
            "difference": {name: getattr(each, name) for name in SAID},
            "about": alerts.about(connection),
        },
        at=database_now(),
    )
    chain.add_alone(connection.pk, entry)


def _note(discrepancy: Discrepancy, actor: User | None, reason: str, **changes: Any) -> None:
    changes |= {"reason": reason, "changed_at": database_now(), "owner": actor or discrepancy.owner}
    for name, value in changes.items():
        setattr(discrepancy, name, value)
    discrepancy.save(update_fields=list(changes))
