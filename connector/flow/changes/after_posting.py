"""Handles refunds, cancellations and edits of a posted order.

A posted invoice is never altered. The connection's policies, or a person, decide what follows: a credit note, a credit
note and another invoice, a flag for a person, or a line in the history. Each change is handled once.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, to_json
from connector.domain.order.model import Order
from connector.domain.order.refund import shows_refund
from connector.flow.changes.answer import Answer, answer_change
from connector.flow.changes.detect import Change, Row, find_change, is_superseded, refund_was_reported
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.ledger import to_settle, transitions
from connector.flow.order.fetch import Fetched, read
from connector.models import OrderSync
from connector.models.kept_words import english


def handle_changes(
    document: OrderSync,
    fetched: Fetched,
    read_refunds: Callable[[], list[Row]],
    check_next: Callable[[Fetched], None],
) -> None:
    """Handle the changes of a posted order. Refunds are read only when there is a sign of one.

    `check_next` raises Hold when the order as it is now cannot be invoiced. Raises the clients' errors of both.
    """
    if is_superseded(document):
        text = english("The order has a later invoice; changes are recorded there.")
        transitions.note(document, text, recheck_at=None)
        return
    rows = read_refunds() if shows_refund(fetched.order) or refund_was_reported(document) else []
    try:
        change = find_change(document, fetched.order, rows)
    except Hold as cause:  # a person decides about an invoice that cannot be read
        change = Change(fetched.order, others=list(cause.problems))
    if not change.mark:
        transitions.note(document, english("Read again: nothing changed."), recheck_at=None, decision="")
    elif change.is_reviewed(document.reviewed) and not document.decision:
        text = english("Read again: nothing changed since it was recorded.")
        seen = _seen(change.order, waits=document.reviewed == change.mark_at_status)
        transitions.note(document, text, recheck_at=None, **seen)
    else:
        _record(document, change, answer_change(document, change, lambda: check_next(fetched)))


def handle_order_gone(document: OrderSync) -> None:
    """Record that BigCommerce does not have the order any more. The invoice stays, and a person decides."""
    change = Change(read(document.order_data or {}).order, others=[Problem(Code.ORDER_GONE)])
    if change.is_reviewed(document.reviewed):
        transitions.note(document, english("Still not in BigCommerce."), recheck_at=None, decision="")
    else:
        _record(document, change, Answer(asked=change.others))


def recheck_fields(order: Order) -> dict[str, Any]:
    """Return the fields that make a refunded order be read again after its posting."""
    return {"recheck_at": database_now()} if shows_refund(order) else {}


def _record(document: OrderSync, change: Change, answer: Answer) -> None:
    """Make the rows, and note what changed and what follows, in one transaction."""
    then = Problem(Code.DECISION_NEEDED)
    causes = transitions.causes(answer.asked, then, between=" ")
    said = [*answer.done, *answer.asked, *([then] if answer.asked else ())]
    with transaction.atomic():
        OrderSync.objects.bulk_create(answer.rows, ignore_conflicts=True)
        transitions.note(
            document,
            transitions.in_english(said, " "),
            data={
                "differences": to_json(change.edits),
                "refunds": [refund.id for refund, _ in change.refunds],
                "problems": to_json(said),
            },
            change_pending=bool(answer.asked),
            **causes,
            reviewed=_reviewed(change, answer),
            **_seen(change.order, waits=answer.waits),
            decision="",
            recheck_at=None,
        )
        to_settle.add_paid_out(document, answer.paid_out)


def _seen(order: Order, *, waits: bool) -> dict[str, Any]:
    """Return what the store had when its change was recorded. What it has later is another change.

    Of an edit that waits nothing is done yet, so the store and Exact differ until it is.
    """
    seen = {
        "reviewed_total": order.total_inc,
        "reviewed_tax": order.total_tax,
        "reviewed_status": order.status_id,
    }
    return dict.fromkeys(seen) if waits else seen


def _reviewed(change: Change, answer: Answer) -> str:
    """Return the mark of what needs no second look. An edit that waits is looked at again at another status."""
    if answer.waits:
        return change.mark_at_status
    return change.mark_without({row.sequence for row in answer.rows if row.is_credit})
