"""Removes personal data from a document and its history, so that the chain of hashes stays valid.

One entry of the chain says which lines it was taken from and what each is like since, and has the hashes of the
document's columns as they are since. It is written in the transaction that removes the data.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from connector.domain.document.result import from_json
from connector.domain.document.scrub import Scrub
from connector.domain.document.taken_out import TakenOut
from connector.domain.order.bare import bare_draft, bare_order
from connector.flow.clock import database_now
from connector.flow.ledger import chain, held_causes
from connector.models import Connection, Delivery, OrderSync, SyncEvent
from connector.models.kept_words import english
from connector.problems.catalogue import sentences
from tenants.models import Tenant

_BODIES = ("sent", "answered")
_WRITTEN = (*_BODIES, "text", "data")


class Changing(Exception):
    """A worker has the document now. Nothing was removed from it."""

    def __init__(self, document: OrderSync) -> None:
        super().__init__()
        self.document = document


def remove_from_order(document: OrderSync, scrub: Scrub, sure: Scrub, deliveries: Sequence[Delivery]) -> bool:
    """Remove the customer from a document of the customer's own order, and from its calls. Returns whether there was
    anything. Raises Changing.

    `sure` has the values that are the customer's wherever they stand, also in the name of a product. `deliveries` are
    those of the order with a body. The caller empties them next.
    """
    columns = {
        **_sentences(document, scrub),
        "customer": "",
        "email": "",
        "order_data": None if document.order_data is None else sure.value(bare_order(document.order_data)),
        "draft": None if document.draft is None else sure.value(bare_draft(document.draft)),
        "exact_data": sure.value(document.exact_data),
    }
    lines = [line for line in document.events.order_by("pk") if _take_from(line, scrub, bodies=True)]
    names = {chain.name_of_delivery(each): chain.name_of_delivery(emptied(each)) for each in deliveries}
    return _write(document, columns, lines, names)


def remove_mentions(document: OrderSync, scrub: Scrub) -> bool:
    """Remove the customer from a document of somebody else's order that names the customer, as an account that is
    like another one. Returns whether there was anything. Raises Changing."""
    others = document.events.exclude(kind=SyncEvent.Kind.CALL).order_by("pk")
    lines = [line for line in others if _take_from(line, scrub, bodies=False)]
    return _write(document, _sentences(document, scrub), lines, {})


def remove_from_lines(tenant: Tenant, scrub: Scrub) -> int:
    """Remove the customer from lines of the history that are about no document. Returns from how many."""
    rows = SyncEvent.objects.filter(tenant=tenant, document=None).order_by("pk")
    found = [line for line in rows.iterator(chunk_size=500) if _take_from(line, scrub, bodies=True)]
    by_connection: dict[int | None, list[SyncEvent]] = {}
    for line in found:
        by_connection.setdefault(line.connection_id, []).append(line)
    for connection_id, lines in by_connection.items():
        with transaction.atomic():
            if connection_id is not None:
                chain.add_alone(connection_id, _entry(Connection.objects.get(pk=connection_id), lines, {}))
            SyncEvent.objects.bulk_update(lines, _WRITTEN)
    return len(found)


def emptied(delivery: Delivery) -> Delivery:
    """Return a copy of a delivery without its body, not saved."""
    copy = Delivery(**{field.attname: getattr(delivery, field.attname) for field in Delivery._meta.concrete_fields})
    copy.body = ""
    return copy


def _write(document: OrderSync, columns: dict[str, Any], lines: Sequence[SyncEvent], names: dict[str, str]) -> bool:
    changes = {name: value for name, value in columns.items() if getattr(document, name) != value}
    if not (changes or lines or names):
        return False
    changes |= held_causes.column(document, changes)
    as_read = OrderSync.objects.filter(pk=document.pk, state=document.state, lease_token=document.lease_token)
    entry = _entry(document.connection, lines, names)
    entry.document = document
    with transaction.atomic():
        chain.append(document, [entry], changes)
        if not as_read.update(**changes or {"pk": document.pk}):
            raise Changing(document)
        SyncEvent.objects.bulk_update(lines, _WRITTEN)
    for name, value in changes.items():
        setattr(document, name, value)
    return True


def _entry(connection: Connection, lines: Iterable[SyncEvent], names: dict[str, str]) -> SyncEvent:
    """Return the entry that says what was taken out; `lines` are as they are since."""
    taken = {(line.number, line.place): _digest(line) for line in lines if line.number is not None}
    return SyncEvent(
        tenant_id=connection.store.tenant_id,
        kind=SyncEvent.Kind.FORGOTTEN,
        text=english("Personal data was removed."),
        data=TakenOut(taken, names).to_json(),
        at=database_now(),
    )


def _digest(line: SyncEvent) -> str:
    if line.place:
        return chain.digest_of(line)
    return chain.digest_of_column(chain.entry_of(line).content()) or ""


def _take_from(line: SyncEvent, scrub: Scrub, *, bodies: bool) -> bool:
    """Take the values out of a line, not saved. Returns whether there were any."""
    before = tuple(getattr(line, name) for name in _WRITTEN)
    data = {name: value for name, value in line.data.items() if name != "problems"}
    problems = scrub.problems(line.data.get("problems") or [])
    if problems != (line.data.get("problems") or []):
        line.text = sentences(from_json(problems))
    line.text = scrub.text(line.text)
    line.data = {**scrub.value(data), **({"problems": problems} if "problems" in line.data else {})}
    if bodies:
        line.sent = line.answered = ""
    return before != tuple(getattr(line, name) for name in _WRITTEN)


def _sentences(document: OrderSync, scrub: Scrub) -> dict[str, Any]:
    """What the row says of its problems, without the customer."""
    problems = scrub.problems(document.problems)
    changed = problems != document.problems
    return {
        "message": scrub.text(sentences(from_json(problems)) if changed else document.message),
        "params": scrub.params(document.code, document.params),
        "problems": problems,
    }
