"""Reads an order again after a delivery for a document without a next step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from connector.clients import errors
from connector.domain.choices import GiftCertificates, Mode
from connector.domain.document.codes import Code
from connector.domain.document.states import SkipReason, State
from connector.domain.order.edits import edits
from connector.domain.order.model import Order
from connector.domain.rules.due import undone
from connector.flow.changes import after_posting
from connector.flow.invoice import post, stock
from connector.flow.ledger import transitions
from connector.flow.order.fetch import Fetched, read
from connector.models import OrderSync
from connector.models.kept_words import english


@dataclass(frozen=True, slots=True)
class Access:
    """What a second look may ask the vendors for. Each raises its client's errors.

    `check_next` raises Hold when the order, as it is now, cannot be invoiced.
    """

    fetch: Callable[[], Fetched]
    refunds: Callable[[], list[dict[str, Any]]]
    check_next: Callable[[Fetched], None]


def look_again(document: OrderSync, access: Access) -> None:
    """Post the document again, handle the change, or do nothing. Raises the errors of `access`."""
    match State(document.state):
        case State.SKIPPED if may_come_back(document):
            transitions.move(
                document, State.PENDING, english("The order changed; looking again."), recheck_at=None, attempts=0
            )
        case State.BLOCKED if is_released_by_change(document):
            transitions.move(
                document,
                State.PENDING,
                english("Looking whether its goods are there.")
                if document.code == Code.STOCK_NOT_THERE
                else english("The order changed; trying again."),
                # What is in Exact is not made of the order again, so a change is looked at when it is posted.
                recheck_at=document.recheck_at if document.exact_id else None,
                attempts=0,
                worker_deaths=0,
            )
        case State.AWAITING_APPROVAL if not document.is_credit:
            _before_approval(document, access.fetch())
        case State.POSTED if not document.is_credit:
            _after_posting(document, access)
        case _:
            transitions.note(document, english("A delivery came; nothing to do."), recheck_at=None)


def _before_approval(document: OrderSync, fetched: Fetched) -> None:
    _note_payment_status(document, fetched)
    if has_changed(document, fetched):
        text = english("The order changed before it was approved; it is translated again.")
        transitions.move(document, State.PENDING, text, recheck_at=None, attempts=0)
    else:
        transitions.note(document, english("Read again: nothing changed."), recheck_at=None)


def _after_posting(document: OrderSync, access: Access) -> None:
    try:
        fetched = access.fetch()
    except errors.NotFound:
        if document.order_data is None:
            text = english("The order is gone from the store, and its copy has expired: nothing is left to compare.")
            transitions.note(document, text, recheck_at=None)
        else:
            after_posting.handle_order_gone(document)
        return
    _note_payment_status(document, fetched)
    if document.order_data is None and not _copy_again(document, fetched):
        return
    after_posting.handle_changes(document, fetched, access.refunds, access.check_next)


def _copy_again(document: OrderSync, fetched: Fetched) -> bool:
    """Keep the order again after its copy expired. Return whether its total is the one that was posted.

    With another total it was edited, and nobody can tell how: a person compares it with the draft.
    """
    posted = post.draft_of(document).order_total if document.draft else document.total
    if fetched.order.total_inc == posted:
        transitions.note(document, english("Its copy had expired. The order was read again."), order_data=fetched.kept)
        return True
    text = english(
        "Its copy had expired, and the order's total is not the one that was posted. Compare it with the draft."
    )
    transitions.note(document, text, order_data=fetched.kept, change_pending=True, recheck_at=None)
    return False


def _note_payment_status(document: OrderSync, fetched: Fetched) -> None:
    """Keep the payment's present status. A document without a next step is read at no other moment."""
    before, now = document.payment_status, fetched.payment_status
    if now != before:
        text = english("The payment's status was %(before)s and is now %(now)s.") % {
            "before": before or _("unknown"),
            "now": now or _("unknown"),
        }
        transitions.note(document, text, payment_status=now)


def has_changed(document: OrderSync, fetched: Fetched) -> bool:
    """Whether the order differs from the one that was translated. Nothing is posted yet, so who buys counts too."""
    before, now = read(document.order_data or {}).order, fetched.order
    single = document.connection.gift_certificates == GiftCertificates.SINGLE
    found = edits(before, now, single_purpose=single)
    return bool(found) or _named(before) != _named(now) or undone(before) != undone(now)


def _named(order: Order) -> tuple[object, ...]:
    """Return what decides the account, the addresses and the items of a document."""
    return order.customer_id, order.billing, order.ship_to, [(line.sku, line.name) for line in order.lines]


def is_released_by_change(document: OrderSync) -> bool:
    """Whether a blocked document is tried again by itself when its order changes."""
    if stock.is_for_a_person(document.causes):
        return False
    if document.exact_id:  # the printing was refused for goods that were not there
        return document.code == Code.STOCK_NOT_THERE
    return document.reason in transitions.RELEASED_BY_CHANGE


def may_come_back(document: OrderSync) -> bool:
    """Whether a skipped document is tried again by itself when its order changes."""
    if document.reason == SkipReason.SHADOW:
        return document.connection.mode == Mode.SHADOW
    return document.reason != SkipReason.PERSON
