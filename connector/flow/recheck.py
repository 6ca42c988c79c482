"""A second look: a delivery came for a document that was at rest. The order's current state decides."""

from collections.abc import Callable
from typing import Any

from connector.clients import errors
from connector.domain.due import undone
from connector.domain.fingerprint import fingerprint
from connector.domain.states import SkipReason, State
from connector.flow import aftermath, ledger
from connector.flow.fetch import Fetched, read
from connector.models import OrderSync
from connector.models.connections import Mode


def look_again(document: OrderSync, fetch: Callable[[], Fetched], refunds: Callable[[], list[dict[str, Any]]]) -> None:
    """Send the document through again, or answer to what changed, or leave it in peace."""
    match State(document.state):
        case State.SKIPPED if may_come_back(document):
            ledger.move(document, State.PENDING, "The order changed; looking again.", recheck_at=None, attempts=0)
        case State.BLOCKED if is_released_by_change(document):
            ledger.move(
                document,
                State.PENDING,
                "The order changed; trying again.",
                recheck_at=None,
                attempts=0,
                deaths=0,
            )
        case State.AWAITING_APPROVAL if not document.is_credit and has_changed(document, fetch()):
            text = "The order changed before it was approved; it is translated anew."
            ledger.move(document, State.PENDING, text, recheck_at=None, attempts=0)
        case State.POSTED if not document.is_credit:
            _after_posting(document, fetch, refunds)
        case _:
            ledger.note(document, "A delivery came; nothing to do.", recheck_at=None)


def _after_posting(
    document: OrderSync, fetch: Callable[[], Fetched], refunds: Callable[[], list[dict[str, Any]]]
) -> None:
    try:
        fetched = fetch()
    except errors.NotFound:
        aftermath.gone(document)
        return
    aftermath.look(document, fetched, refunds)


def has_changed(document: OrderSync, fetched: Fetched) -> bool:
    """Whether the order is another than the one that was translated: its money changed, or it was undone."""
    before = read(document.order_data or {}).order
    return fingerprint(fetched.order) != document.fingerprint or undone(fetched.order) != undone(before)


def is_released_by_change(document: OrderSync) -> bool:
    """Whether a blocked document goes through again by itself when its order changes."""
    return document.reason in ledger.RELEASED_BY_CHANGE and not document.exact_id


def may_come_back(document: OrderSync) -> bool:
    """Whether a skipped document goes through again by itself when its order changes."""
    if document.reason == SkipReason.SHADOW:
        return document.connection.mode == Mode.SHADOW
    return document.reason != SkipReason.PERSON
