"""The only place that changes the state of a document. It writes each change into the history."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import override

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, most_serious, to_json
from connector.domain.document.states import BlockedReason, SkipReason, State, check
from connector.flow import trace
from connector.flow.clock import database_now
from connector.flow.leases import LeaseLost
from connector.flow.ledger import chain, daily_counts, held_causes
from connector.models import Connection, OrderSync, SyncEvent
from connector.models.kept_words import Said
from connector.problems.catalogue import sentences
from connector.problems.references import names_one
from tenants.models import User

log = structlog.get_logger(__name__)

# Reasons that a change of the order, the rules or the master data can solve. Never: duplicate, drift. Of what Exact
# rejected only what names a reference.
RELEASED_BY_CHANGE = [
    BlockedReason.MAPPING,
    BlockedReason.ITEM,
    BlockedReason.CUSTOMER,
    BlockedReason.CURRENCY,
    BlockedReason.TOTALS,
    BlockedReason.PERIOD,
    BlockedReason.EXHAUSTED,
    BlockedReason.INTERNAL,
]


Why = Said | tuple[Problem, ...]
"""What a person reads of a change: a sentence, or problems."""


def move(
    document: OrderSync,
    to: State,
    why: Why,
    *,
    reason: BlockedReason | SkipReason | None = None,
    at: datetime | None = None,
    actor: User | None = None,
    data: dict[str, Any] | None = None,
    also: Callable[[], object] | None = None,
    **fields: Any,
) -> None:
    """Move a document to a state, with its history row, in one transaction.

    `why` tells a person what happened; problems bring their sentences, codes and reason with them, and the history
    row keeps them too. `at` is the next attempt (UTC) of pending, waiting and uncertain. `data` has the name of a
    person's action and the reason. `also` writes what belongs to the move, in its transaction.
    Raises IllegalTransition for a move that the table of states does not have, and LeaseLost when the row is no
    longer as it was read: another worker has it.
    """
    came_from = State(document.state)
    check(came_from, to)
    if to in {State.PENDING, State.WAITING, State.UNCERTAIN} and at is None:
        at = database_now()
    text, known = (why, {}) if isinstance(why, Said) else (in_english(why), _reason_and_causes(why))
    changes = {
        **fields,
        "state": to,
        "reason": reason or "",
        **causes(()),
        **known,
        "message": text if to in {State.BLOCKED, State.SKIPPED, State.WAITING, State.UNCERTAIN} else "",
        "next_attempt_at": at,
    }
    if to in {State.BLOCKED, State.SKIPPED, State.AWAITING_APPROVAL}:
        changes["approved_at"] = None  # an approval is for one draft and one try of it
    if to == State.SKIPPED:
        changes["chosen_at"] = None  # so is a person's choice
    _write(document, changes, why, actor=actor, data={"from": came_from, "to": to, **(data or {})}, also=also)


def enter(
    document: OrderSync,
    state: State,
    why: Why,
    *,
    data: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Add a document of which it is known already that it is posted, blocked or skipped, with its history.

    Raises IntegrityError when the ledger has the document, or another one has what Exact has of it.
    """
    text, known = (why, {}) if isinstance(why, Said) else (in_english(why), _reason_and_causes(why))
    message = text if state in {State.BLOCKED, State.SKIPPED} else ""
    changes = {**fields, "state": state, **known, "message": message, "next_attempt_at": None}
    changes |= held_causes.column(document, changes)
    for name, value in changes.items():
        setattr(document, name, value)
    with transaction.atomic():
        document.save(force_insert=True)
        event = _event(document, text, document.updated_at, data={"to": state, **(data or {})})
        chain.append(document, [event], changes)
        daily_counts.count(document, {**changes, "updated_at": document.updated_at})
    log.info("document_entered", document=document.pk, order=document.order_id, state=state, code=document.code)


def _reason_and_causes(problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {**causes(problems), "reason": most_serious(problems).reason or ""}


def causes(problems: Sequence[Problem], *then: Problem, between: str = "\n") -> dict[str, Any]:
    """Return what the row keeps of problems: their sentences, the most serious one, and all of them.

    `then` says what follows, so it is never the most serious one. Without problems the row keeps nothing.
    """
    if not problems:
        return {"message": "", "code": "", "params": {}, "problems": []}
    worst, every = most_serious(problems), (*problems, *then)
    return {
        "message": in_english(every, between),
        "code": str(worst.code),
        "params": dict(worst.params),
        "problems": to_json(every),
    }


def in_english(problems: Sequence[Problem], between: str = "\n") -> Said:
    """Return problems in words as the rows keep them, in whatever language a person works."""
    with override(None):  # without a language a text stays as it stands in the code
        return Said(sentences(problems, between))


def note(
    document: OrderSync,
    why: Why,
    *,
    actor: User | None = None,
    data: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Store facts about a document in the same state, such as Exact's id when it is known.

    The history has the sentences and codes of problems in `why`; those of the document stay as they are. Raises
    LeaseLost when the row is no longer as it was read: another worker has it.
    """
    _write(document, fields, why, actor=actor, data=data or {})


def note_with_next(document: OrderSync, text: Said, **fields: Any) -> None:
    """Note facts that a later try finds again by itself. They are written with the document's next move or note.

    When the process ends before that, they are lost. So nothing that was sent is noted in this way.
    """
    for name, value in fields.items():
        setattr(document, name, value)
    document.unwritten.fields |= fields
    document.unwritten.events.append(_event(document, text, database_now()))


def _write(
    document: OrderSync,
    changes: dict[str, Any],
    why: Why,
    *,
    actor: User | None,
    data: dict[str, Any],
    also: Callable[[], object] | None = None,
) -> None:
    text, kept = (why, {}) if isinstance(why, Said) else (in_english(why), {"problems": to_json(why)})
    as_read = OrderSync.objects.filter(pk=document.pk, state=document.state, lease_token=document.lease_token)
    # When the database refuses what was noted for later, the next write does not try it again.
    later, document.unwritten.fields = document.unwritten.fields, {}
    if "action" in data and trace.current():  # the person's request is what it is worked on for from here on
        changes = {**changes, "request": trace.current()}
    changes = {**later, **changes, "updated_at": database_now()}
    changes |= held_causes.column(document, changes)
    event = _event(document, text, changes["updated_at"], actor=actor, data={**data, **kept})
    with transaction.atomic():
        chain.append(document, [*document.unwritten.events, event], changes)
        if not as_read.update(**changes):
            raise LeaseLost(f"Another process works on {document} now.")
        if also is not None:
            also()
        daily_counts.count(document, changes)
    document.unwritten.events.clear()
    for name, value in changes.items():
        setattr(document, name, value)
    if "to" in data:
        log.info("document_moved", document=document.pk, order=document.order_id, state=data["to"], code=document.code)


def _event(
    document: OrderSync, text: Said, at: datetime, *, actor: User | None = None, data: dict[str, Any] | None = None
) -> SyncEvent:
    data = {**text.said(), **(data or {})}
    return SyncEvent(
        tenant_id=document.connection.store.tenant_id,
        document=document,
        kind=SyncEvent.Kind.ACTION if "action" in data else SyncEvent.Kind.TRANSITION,
        actor=actor,
        text=text,
        data=data,
        at=at,
    )


def release_blocked(
    connection: Connection,
    text: Said,
    *,
    customers: Collection[str] | None = None,
    solved: Callable[[Sequence[Problem]], bool] | None = None,
) -> int:
    """Move the held documents that a change may solve to pending, such as after new rules. Returns how many.

    With `customers`: those that are held for a customer, of the orders of the customers with these ids. With `solved`:
    those whose problems it accepts.
    """
    reasons = [*RELEASED_BY_CHANGE, BlockedReason.REJECTED]
    waiting = OrderSync.objects.filter(
        connection=connection, state=State.BLOCKED, reason__in=reasons, exact_id=""
    ).select_related("connection__store")
    if customers is not None:
        ids = [int(each) for each in customers if each.isdecimal()]
        waiting = waiting.filter(reason=BlockedReason.CUSTOMER, order_data__order__customer_id__in=ids)
    count = 0
    for document in waiting.iterator(chunk_size=200):
        if document.reason == BlockedReason.REJECTED and not names_one(document.causes):
            continue
        if solved is None or solved(document.causes):
            move(document, State.PENDING, text, attempts=0, worker_deaths=0, unclear={})
            count += 1
    return count


def leave_shadow(connection: Connection) -> int:
    """Skip the documents that were translated in shadow mode, when the connection goes live. Returns how many."""
    looked_at = OrderSync.objects.filter(
        connection=connection, state__in=[State.BLOCKED, State.PENDING], exact_id="", sent_at=None
    ).exclude(order_data=None)
    count = 0
    for document in looked_at.select_related("connection__store").iterator(chunk_size=200):
        move(document, State.SKIPPED, (Problem(Code.SEEN_IN_SHADOW),))
        count += 1
    return count
