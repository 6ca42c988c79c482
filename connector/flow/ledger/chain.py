"""Appends to a connection's chain of hashes, in the transaction of the write that it records.

The head is moved and the lines are added with one statement (on SQLite with two), when the head is as this process
left it. Else nothing is written, and the head is read and held first. So two processes never follow the same entry;
the database refuses a second line with the same number and place besides.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection as database
from django.db.models import Model

from connector.domain.document import chain
from connector.domain.document.states import State
from connector.models import Chain, Delivery, OrderSync, SyncEvent

# What an entry says of a document's row when it changes, and what it keeps the hash of. Not the customer, the e-mail
# address and the message: they are copies of what is hashed, and a customer is forgotten.
SAID = (
    *("state", "reason", "code", "step", "form", "reference", "rules", "total", "currency", "payment_status"),
    *("exact_id", "exact_number", "posted_at", "approved_at", "change_pending", "decision"),
    *("reviewed", "reviewed_total", "reviewed_tax", "reviewed_status"),  # entries from before lack these
    *("to_settle", "sent_at"),
)
HASHED = ("order_data", "draft", "exact_data")

_Head = tuple[int, str]
# The heads as this process left them. One that was rolled back moves nothing, and is read again.
_heads: dict[int, _Head] = {}

_APPEND = """
WITH head AS (
UPDATE connector_chain SET number = %s, hash = %s WHERE connection_id = %s AND number = %s AND hash = %s
RETURNING connection_id,number
)
INSERT INTO connector_syncevent
(tenant_id,document_id,connection_id,number,place,kind,actor_id,text,data,at,sent,answered,hash,seal)
SELECT %s, %s, head.connection_id,head.number,line.place,line.kind,line.actor_id,line.text,line.data::jsonb,line.at,
line.sent,line.answered,line.hash,line.seal::jsonb
FROM head,
unnest(%s::int[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[],
%s::text[], %s::text[]) WITH ORDINALITY
AS line (place,kind,actor_id,text,data,at,sent,answered,hash,seal,nth)
ORDER BY line.nth
"""


def append(document: OrderSync, lines: Sequence[SyncEvent], changes: Mapping[str, Any]) -> None:
    """Add the lines of one write to the history, as one entry of the chain. Call it first in the write's transaction.

    The last line is the entry; its hash covers the others and the `changes` of the document's row. First, because a
    transaction that holds the head never waits for one that holds a document and waits for the head.
    """
    *others, entry = lines
    entry.seal = _seal(document, others, entry, changes)
    add(document.connection_id, lines)


def add_alone(connection_id: int, entry: SyncEvent) -> None:
    """Add an entry that is about no document, such as a closed month. Call it first in the write's transaction."""
    who = entry.actor.email if entry.actor else ""
    entry.seal = {"document": None, "who": who, "said": {}, "hashes": {}, "lines": []}
    add(connection_id, [entry])


def add(connection_id: int, lines: Sequence[SyncEvent]) -> None:
    """Add lines as one entry of a connection's chain. The last one is the entry, with its seal."""
    head = _heads.get(connection_id)
    if head is None or not _moved(connection_id, head, lines):
        held = _hold(connection_id)
        assert _moved(connection_id, held, lines)  # it is held, so nobody else moves it


def digest_of(line: SyncEvent) -> str:
    """Return the hash of a line that an entry covers."""
    return chain.digest(content_of(line))


def content_of(line: SyncEvent) -> dict[str, Any]:
    """Return what is hashed of a line that an entry covers."""
    return chain.line(str(line.kind), line.at, line.text, line.data)


def digest_of_column(value: object) -> str | None:
    """Return the hash of a JSON column of a document; None when it is empty."""
    return None if value is None else chain.digest(value)


def name_of_delivery(delivery: Delivery) -> str:
    """Return when a delivery was received, and its hash. An entry names with it what it follows from."""
    columns = [getattr(delivery, name) for name in chain.DELIVERY]
    return chain.delivery(chain.moment(delivery.received_at), columns)


def entry_of(event: SyncEvent) -> chain.Entry:
    """Return the entry that a line at place 0 is."""
    assert event.connection_id is not None
    assert event.number is not None
    return chain.Entry(
        event.connection_id, event.number, str(event.kind), event.at, event.text, event.data, event.seal or {}
    )


def value_of(value: object) -> object:
    """Return what an entry says of a column's value."""
    match value:
        case Model():
            return value.pk
        case Decimal():
            return chain.amount(value)
        case datetime():
            return chain.moment(value)
        case str():
            return str(value)
        case _:
            return value


def _seal(
    document: OrderSync, others: Sequence[SyncEvent], entry: SyncEvent, changes: Mapping[str, Any]
) -> dict[str, Any]:
    hashes = {name: digest_of_column(changes[name]) for name in HASHED if name in changes}
    if (version := changes.get("rules")) is not None:
        hashes["rules"] = chain.digest(version.content)
    begins = changes.get("state") == State.PREPARING or "recheck_at" in changes
    if begins and document.delivered:  # what was reported is worked on from here on
        hashes["delivery"] = document.delivered
    sequence = changes.get("sequence", document.sequence)
    return {
        "document": [document.pk, document.order_id, str(document.kind), sequence, document.division.code],
        "who": entry.actor.email if entry.actor else "",
        "said": {name: value_of(changes[name]) for name in SAID if name in changes},
        "hashes": hashes,
        "lines": [[str(line.kind), chain.moment(line.at), digest_of(line)] for line in others],
    }


def _moved(connection_id: int, head: _Head, lines: Sequence[SyncEvent]) -> bool:
    """Add the lines behind the head. Return whether it still was the head; else nothing was written."""
    number, last = head[0] + 1, lines[-1]
    for place, line in enumerate(lines, 1):
        line.connection_id, line.number, line.place = connection_id, number, 0 if line is last else place
    last.hash = entry_of(last).hash_after(head[1])
    if not (_add_at_once if database.vendor == "postgresql" else _add)(head, lines):
        return False
    _heads[connection_id] = number, last.hash
    return True


def _add_at_once(head: _Head, lines: Sequence[SyncEvent]) -> bool:
    last = lines[-1]
    columns = (
        *([line.place for line in lines], [str(line.kind) for line in lines], [line.actor_id for line in lines]),
        *([line.text for line in lines], [json.dumps(line.data) for line in lines], [line.at for line in lines]),
        *([line.sent for line in lines], [line.answered for line in lines], [line.hash for line in lines]),
        [None if line.seal is None else json.dumps(line.seal) for line in lines],
    )
    with database.cursor() as cursor:
        cursor.execute(
            _APPEND,
            [last.number, last.hash, last.connection_id, *head, last.tenant_id, last.document_id, *columns],
        )
        return bool(cursor.rowcount)


def _add(head: _Head, lines: Sequence[SyncEvent]) -> bool:
    last = lines[-1]
    as_left = Chain.objects.filter(connection=last.connection_id, number=head[0], hash=head[1])
    if not as_left.update(number=last.number, hash=last.hash):
        return False
    SyncEvent.objects.bulk_create(lines)
    return True


def _hold(connection_id: int) -> _Head:
    """Read the head and hold it until the transaction ends. The first write of a connection makes it."""
    rows = Chain.objects.filter(connection=connection_id).values_list("number", "hash")
    held = rows.select_for_update().first()
    if held is None:
        first = Chain(connection_id=connection_id, hash=chain.genesis(connection_id))
        Chain.objects.bulk_create([first], ignore_conflicts=True)
        held = rows.select_for_update().get()
    return held
