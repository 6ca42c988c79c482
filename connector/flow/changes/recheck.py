"""A second look: a delivery came for a document that was at rest. The order's current state decides."""

from collections.abc import Callable
from typing import Any

from connector.clients import errors
from connector.domain.choices import Mode
from connector.domain.document.states import SkipReason, State
from connector.domain.order.fingerprint import fingerprint
from connector.domain.rules.due import undone
from connector.flow.changes import after_posting
from connector.flow.ledger import transitions
from connector.flow.order.fetch import Fetched, read
from connector.models import OrderSync


def look_again(document: OrderSync, fetch: Callable[[], Fetched], refunds: Callable[[], list[dict[str, Any]]]) -> None:
    """Send the document through again, or answer to what changed, or leave it in peace."""
    match State(document.state):
        case State.SKIPPED if may_come_back(document):
            transitions.move(document, State.PENDING, "The order changed; looking again.", recheck_at=None, attempts=0)
        case State.BLOCKED if is_released_by_change(document):
            transitions.move(
                document,
                State.PENDING,
                "The order changed; trying again.",
                recheck_at=None,
                attempts=0,
                worker_deaths=0,
            )
        case State.AWAITING_APPROVAL if not document.is_credit:
            _before_approval(document, fetch())
        case State.POSTED if not document.is_credit:
            _after_posting(document, fetch, refunds)
        case _:
            transitions.note(document, "A delivery came; nothing to do.", recheck_at=None)


def _before_approval(document: OrderSync, fetched: Fetched) -> None:
    _tell_payment(document, fetched)
    if has_changed(document, fetched):
        text = "The order changed before it was approved; it is translated anew."
        transitions.move(document, State.PENDING, text, recheck_at=None, attempts=0)
    else:
        transitions.note(document, "Read again: nothing changed.", recheck_at=None)


def _after_posting(
    document: OrderSync, fetch: Callable[[], Fetched], refunds: Callable[[], list[dict[str, Any]]]
) -> None:
    try:
        fetched = fetch()
    except errors.NotFound:
        after_posting.handle_order_gone(document)
        return
    _tell_payment(document, fetched)
    after_posting.handle_changes(document, fetched, refunds)


def _tell_payment(document: OrderSync, fetched: Fetched) -> None:
    """Keep how the payment stands by now: of what is at rest no other reading tells it."""
    before, now = document.payment_status, fetched.payment_status
    if now != before:
        text = f"The payment's status was {before or 'not told'} and is now {now or 'not told'}."
        transitions.note(document, text, payment_status=now)


def has_changed(document: OrderSync, fetched: Fetched) -> bool:
    """Whether the order is another than the one that was translated: its money changed, or it was undone."""
    before = read(document.order_data or {}).order
    return fingerprint(fetched.order) != document.fingerprint or undone(fetched.order) != undone(before)


def is_released_by_change(document: OrderSync) -> bool:
    """Whether a blocked document goes through again by itself when its order changes."""
    return document.reason in transitions.RELEASED_BY_CHANGE and not document.exact_id


def may_come_back(document: OrderSync) -> bool:
    """Whether a skipped document goes through again by itself when its order changes."""
    if document.reason == SkipReason.SHADOW:
        return document.connection.mode == Mode.SHADOW
    return document.reason != SkipReason.PERSON
