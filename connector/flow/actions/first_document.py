"""The first document: a person chooses an order, looks at its invoice in Exact, and keeps it or takes it out again.

It is posted by the lane as every other, in any mode and of any day, and left open.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from connector.domain.choices import DocumentKind, Mode
from connector.domain.document.states import State
from connector.flow import trace
from connector.flow.actions.documents import re_post
from connector.flow.actions.transaction import NotPossible, action_data, by_hand
from connector.flow.clock import database_now
from connector.flow.invoice import take_out as in_exact
from connector.flow.ledger import due_receipts, transitions
from connector.models import Connection, OrderSync
from connector.models.kept_words import english
from tenants.models import User


def chosen(connection: Connection) -> OrderSync | None:
    """Return the document that a person has chosen and not decided on yet; None when there is none."""
    return _of(connection).filter(chosen_at__isnull=False).order_by("-id").first()


def choose(connection: Connection, order_id: int, actor: User | None, reason: str) -> OrderSync:
    """Post the order's invoice and leave it open. One that is chosen already is returned as it is.

    Raises NotPossible when the order is posted or being worked on, and while another one is not decided on.
    """
    if connection.mode == Mode.OFF:
        raise NotPossible(_("The connection is switched off. Resume it first."))
    other = chosen(connection)
    if other is not None and other.order_id != order_id and other.state not in {State.BLOCKED, State.PENDING}:
        text = english("Say first whether the invoice of order %(order)s is right.")
        raise NotPossible(text % {"order": other.order_id})
    with by_hand(connection.division_id, reason):
        if other is not None and other.order_id != order_id:
            text = english("Another order was chosen: %(order)s.") % {"order": order_id}
            transitions.note(other, text, actor=actor, data=action_data("choose", reason), chosen_at=None)
        new = OrderSync.invoice_row(connection, order_id, due_at=database_now(), request=trace.current())
        OrderSync.objects.bulk_create([new], ignore_conflicts=True)
        document = _of(connection).get(order_id=order_id)
        if document.chosen_at is None or document.state == State.BLOCKED:
            _post(document, actor, reason)
    return document


def _of(connection: Connection) -> QuerySet[OrderSync]:
    rows = OrderSync.objects.filter(connection=connection, kind=DocumentKind.INVOICE, sequence=1)
    return rows.select_related("connection__store__tenant", "division")


def _post(document: OrderSync, actor: User | None, reason: str) -> None:
    """Mark the document as chosen, and make it due. Raises NotPossible."""
    text, now = english("Chosen as the first to post: %(reason)s") % {"reason": reason}, database_now()
    data = action_data("choose", reason)
    match State(document.state):
        case State.PENDING | State.WAITING if not document.sent_at:
            transitions.note(
                document, text, actor=actor, data=data, chosen_at=now, next_attempt_at=now, approved_at=None
            )
        case State.BLOCKED | State.SKIPPED:
            transitions.note(document, text, actor=actor, data=data, chosen_at=now)
            re_post(document, actor, reason)
        case State.POSTED:
            raise NotPossible(_("%(document)s is in Exact already.") % {"document": document.heading})
        case _:
            raise NotPossible(_("The connector works on this order, or waits for a person's approval."))


def keep(document: OrderSync, actor: User | None, reason: str) -> None:
    """Keep the invoice: it stays in Exact as it is, and is the order's one document. Raises NotPossible."""
    _require_posted(document)
    with by_hand(document.division_id, reason):
        text = english("Kept: %(reason)s") % {"reason": reason}
        transitions.note(document, text, actor=actor, data=action_data("keep", reason), chosen_at=None)
        due_receipts.create_receipt_row(document)


def take_out(document: OrderSync, actor: User | None, reason: str) -> None:
    """Have the lane delete the invoice in Exact while it is open. The order may be posted again later.

    Raises NotPossible, for a sales entry too, which is booked the moment it is sent, and for one that was credited.
    """
    _require_posted(document)
    if note := _credit_note(document):
        text = _("%(note)s credits it, and would stand alone in Exact. Keep the invoice.")
        raise NotPossible(text % {"note": note.heading})
    if document.is_entry:
        text = _("A sales entry is booked the moment it is sent. Delete or reverse %(document)s in Exact.")
        raise NotPossible(text % {"document": document.title})
    with by_hand(document.division_id, reason):
        transitions.note(
            document,
            english("Take out again: %(reason)s") % {"reason": reason},
            actor=actor,
            data=action_data("take_out", reason),
            decision=in_exact.DECISION,
            recheck_at=database_now(),
            attempts=0,
        )


def _credit_note(document: OrderSync) -> OrderSync | None:
    """Return a credit note of the order that Exact has, or may have."""
    notes = OrderSync.objects.filter(
        connection=document.connection_id, order_id=document.order_id, kind=DocumentKind.CREDIT
    )
    return notes.filter(Q(state__in=[State.POSTED, State.POSTING, State.UNCERTAIN]) | ~Q(exact_id="")).first()


def _require_posted(document: OrderSync) -> None:
    """Raise NotPossible unless it is posted, chosen and not decided on."""
    if document.state != State.POSTED or document.chosen_at is None:
        raise NotPossible(_("There is no invoice in Exact to decide on."))
    if document.decision == in_exact.DECISION:
        raise NotPossible(_("It is being taken out of Exact already."))
