"""Walks a connection's chain and holds the ledger against it. It reads batch by batch, and changes nothing.

A line or a column that the chain covers must be as it was when it was written. What has expired may be gone: an entry
of the chain says before which moment.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from connector.domain.document import chain as hashes
from connector.domain.document.evidence import is_reduced
from connector.domain.document.states import State
from connector.domain.document.taken_out import TakenOut
from connector.flow.ledger import chain
from connector.flow.records import closed_months, expired
from connector.flow.records.expired import Expired
from connector.models import Chain, Connection, Delivery, Discrepancy, OrderSync, SyncEvent
from tenants.models import User

BATCH = 500
# What a run takes for a person's decision. Entries say it since the columns are there.
DIFFERENCE = ("kind", "order_id", "reference", "exact_id", "figures")
LEFT = ("reviewed_total", "reviewed_tax", "reviewed_status")
NEVER = datetime.min.replace(tzinfo=UTC)  # before every entry


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it was written: the entry (its number) or the document, and the sentence."""

    place: str
    text: str


@dataclass(slots=True)
class Said:
    """What the entries of a document say: which it is, the last values, the last hashes with their moment."""

    document: list[Any] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    hashes: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    deliveries: set[str] = field(default_factory=set)
    last_at: datetime = NEVER


def walk(connection: Connection, tell: Callable[[str], None] = lambda line: None) -> Iterator[Fault]:
    """Yield every fault of a connection's chain, then of its documents. `tell` gets the progress."""
    head = Chain.objects.filter(connection=connection).first() or _nothing_written(connection)
    gone, taken = expired.read(connection), taken_out_of(connection)
    yield from _entries(head, gone, taken, tell)
    yield from _outside(head)
    yield from _months(connection)
    yield from _accepted(connection)
    yield from _removed(connection)
    yield from _documents(connection, head, gone, taken, tell)


def _nothing_written(connection: Connection) -> Chain:
    """Return the head of a connection of which nothing was written. So whatever is there is a fault."""
    return Chain(connection=connection, hash=hashes.genesis(connection.pk), begun_at=NEVER)


def taken_out_of(connection: Connection) -> TakenOut:
    """Return what the chain says of lines from which personal data was taken."""
    rows = SyncEvent.objects.filter(connection=connection, place=0, kind=SyncEvent.Kind.FORGOTTEN)
    return TakenOut.of(rows.order_by("number").values_list("data", flat=True))


def _entries(head: Chain, gone: Expired, taken: TakenOut, tell: Callable[[str], None]) -> Iterator[Fault]:
    number, previous = 0, hashes.genesis(head.connection_id)
    while lines := _lines_after(head.connection_id, number):
        for found, group in groupby(lines, key=lambda line: line.number or 0):
            if found != number + 1:
                yield Fault(str(number + 1), _("entries %(first)s to %(last)s are missing") % _span(number, found))
            entry, *others = group
            if entry.place:
                yield Fault(str(found), _("the entry is missing, and only its lines are there"))
            else:
                if found == number + 1 and not _is_as_written(entry, previous, taken):
                    yield Fault(str(found), _("the entry is not as it was written"))
                yield from _covered(entry, others, gone, taken)
                previous = entry.hash
            number = found
        tell(_("Entry %(number)s of %(last)s") % {"number": number, "last": head.number})
    if (number, previous) != (head.number, head.hash) or (head.expiry_number or 0) > number:
        yield Fault(str(head.number), _("the chain ends at another entry than the last one that was written"))


def _is_as_written(entry: SyncEvent, previous: str, taken: TakenOut) -> bool:
    kept = chain.entry_of(entry)
    return kept.hash_after(previous) == entry.hash or taken.has(kept.number, 0, kept.content())


def _lines_after(connection_id: int, number: int) -> list[SyncEvent]:
    """The lines of the next entries, whole entries only."""
    rows = SyncEvent.objects.filter(connection=connection_id, number__gt=number)
    last = list(rows.filter(place=0).order_by("number").values_list("number", flat=True)[:BATCH])
    upto = rows.filter(number__lte=last[-1]) if last else rows
    return list(upto.select_related("actor").order_by("number", "place"))


def _span(number: int, found: int) -> dict[str, int]:
    return {"first": number + 1, "last": found - 1}


def _covered(entry: SyncEvent, others: list[SyncEvent], gone: Expired, taken: TakenOut) -> Iterator[Fault]:
    """Hold the lines of an entry against what it says of them."""
    number, seal = str(entry.number), entry.seal or {}
    document = (seal.get("document") or [None])[0]
    there = {line.place: line for line in others}
    for place, (kind, at, digest) in enumerate(seal.get("lines", []), 1):
        line = there.pop(place, None)
        if line is None:
            if kind != SyncEvent.Kind.CALL or at >= gone.calls:
                yield Fault(number, _("line %(place)s of the entry is missing") % {"place": place})
        elif chain.digest_of(line) != digest and not taken.has(entry.number or 0, place, chain.content_of(line)):
            yield Fault(number, _("line %(place)s of the entry is not as it was written") % {"place": place})
        else:
            yield from _bodies(line, gone, taken_out=taken.is_named(entry.number or 0, place))
    for place in there:
        yield Fault(number, _("line %(place)s was added to the entry") % {"place": place})
    if not _is_by(entry, seal.get("who", "")) or any(line.actor_id for line in others):
        yield Fault(number, _("the entry is ascribed to another person than the chain says"))
    if any(line.document_id != document for line in (entry, *others)):
        yield Fault(number, _("the entry stands in the history of another document"))


def _is_by(entry: SyncEvent, who: str) -> bool:
    """Whether the person at an entry may be the one with that address, who may have another one since, or be gone."""
    if entry.actor is None or entry.actor.email == who:
        return True
    return bool(who) and not User.objects.filter(email=who).exists()


def _bodies(line: SyncEvent, gone: Expired, *, taken_out: bool) -> Iterator[Fault]:
    for name in ("sent", "answered"):
        body, digest = getattr(line, name), line.data.get(name)
        if body and hashes.digest_of_text(body) != digest:
            yield Fault(str(line.number), _("what was %(name)s is not as it was") % {"name": name})
        expired = hashes.moment(line.at) < gone.copies or taken_out
        if not body and digest and not expired and not line.data.get("too_long"):
            yield Fault(str(line.number), _("what was %(name)s is missing") % {"name": name})


def _outside(head: Chain) -> Iterator[Fault]:
    """Find lines that stand in no chain, though the chain had begun. Calls might, until entries named the division."""
    entries = SyncEvent.objects.filter(connection=head.connection_id, number__isnull=False).order_by("number")
    first, since = entries.first(), entries.filter(place=0, seal__document__4__isnull=False).first()
    if first is not None:
        rows = SyncEvent.objects.filter(document__connection=head.connection_id, id__gt=first.pk, number=None)
        calls = Q(kind=SyncEvent.Kind.CALL, id__lt=since.pk) if since else Q(kind=SyncEvent.Kind.CALL)
        for pk, document in rows.exclude(calls).values_list("pk", "document").iterator():
            text = _("line %(line)s of the history of document %(document)s stands outside of the chain")
            yield Fault("-", text % {"line": pk, "document": document})


def _months(connection: Connection) -> Iterator[Fault]:
    for month, text in closed_months.faults(connection):
        yield Fault(month, text)


def _accepted(connection: Connection) -> Iterator[Fault]:
    """Find differences that are accepted though no entry says so of these figures. Those from before have no hash."""
    entries = SyncEvent.objects.filter(connection=connection, place=0, document=None, kind=SyncEvent.Kind.ACTION)
    lines = entries.filter(data__action="accept_difference").values_list("data", flat=True)
    said = {(*(data["difference"][name] for name in DIFFERENCE), data["reason"]) for data in lines.iterator()}
    rows = Discrepancy.objects.filter(run__connection=connection, state=Discrepancy.State.ACCEPTED)
    for row in rows.exclude(figures="").order_by("pk").iterator():
        if (*(getattr(row, name) for name in DIFFERENCE), row.reason) not in said:
            text = _("the difference of %(reference)s is accepted, and no entry says so")
            yield Fault(str(row.order_id), text % {"reference": row.reference})


def _removed(connection: Connection) -> Iterator[Fault]:
    """Find documents that the chain has, and the ledger has not, or has at another connection."""
    kept = OrderSync.objects.filter(pk=OuterRef("document_id"), connection=connection)
    entries = SyncEvent.objects.filter(~Exists(kept), connection=connection, place=0, document__isnull=False)
    found = dict[int, str]()
    for pk, seal in entries.order_by("number").values_list("document_id", "seal").iterator():
        _pk, *named = (seal or {}).get("document") or [pk]
        found[pk] = "/".join(map(str, named[:3])) or str(pk)
    for named_as in found.values():
        yield Fault(named_as, _("the document is missing in the ledger"))


def _documents(
    connection: Connection, head: Chain, gone: Expired, taken: TakenOut, tell: Callable[[str], None]
) -> Iterator[Fault]:
    rows = OrderSync.objects.filter(connection=connection).select_related("division").order_by("pk")
    versions = {version.pk: version for version in connection.rule_versions.all()}
    last, count = 0, 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        said = said_of([document.pk for document in batch])
        there = _deliveries(connection, {document.order_id for document in batch})
        older = _with_older_lines([document.pk for document in batch if document.pk not in said])
        for document in batch:
            document.rules = versions.get(document.rules_id or 0)
            known = said.get(document.pk)
            if known is None:
                found = _unsaid(document, head, older)
            else:
                known.deliveries = {taken.since(name) for name in known.deliveries}
                found = _differing(document, known, gone, there)
            for text in found:
                yield Fault(f"{document.noun} {document.order_id}/{document.sequence}", text)
        last, count = batch[-1].pk, count + len(batch)
        tell(_("%(number)s documents") % {"number": count})


def said_of(documents: list[int]) -> dict[int, Said]:
    """Return what the chain says of documents, by their ids."""
    found: dict[int, Said] = {}
    entries = SyncEvent.objects.filter(document__in=documents, number__isnull=False, place=0).order_by("number")
    for document, at, kept in entries.values_list("document", "at", "seal"):
        said, seal = found.setdefault(document, Said()), kept or {}
        said.document = seal["document"]
        said.values |= seal["said"]
        said.last_at = max(said.last_at, at)
        for name, digest in seal["hashes"].items():
            if name == "delivery":
                said.deliveries.add(digest)
            else:
                said.hashes[name] = digest, hashes.moment(at)
    return found


def _deliveries(connection: Connection, orders: set[int]) -> set[str]:
    rows = Delivery.objects.filter(store=connection.store_id, order_id__in=orders)
    return {chain.name_of_delivery(delivery) for delivery in rows.iterator()}


def _with_older_lines(documents: list[int]) -> set[int]:
    """Return those of the documents whose history has lines from before the chain."""
    rows = SyncEvent.objects.filter(document__in=documents, number=None).exclude(kind=SyncEvent.Kind.CALL)
    return {pk for pk in rows.values_list("document_id", flat=True).distinct() if pk is not None}


def _unsaid(document: OrderSync, head: Chain, older: set[int]) -> Iterator[str]:
    """Look whether a document of which no entry tells is one from before the chain."""
    is_older = document.created_at <= head.begun_at and document.pk in older
    if not is_older and document.state not in {State.PENDING, State.PREPARING}:
        yield _("no entry of the chain says how the document came to its state")


def _differing(document: OrderSync, said: Said, gone: Expired, there: set[str]) -> Iterator[str]:
    named = (document.pk, document.order_id, str(document.kind), document.sequence, document.division.code)
    if not hashes.is_of(said.document, named):
        yield _("the chain has it as %(name)s") % {"name": "/".join(map(str, said.document[1:]))}
    if document.updated_at > said.last_at:
        yield _("the document was written after the last entry about it")
    if any(getattr(document, name) is not None for name in LEFT if name not in said.values):
        yield _("what the store had at a reviewed change stands in no entry of the chain")
    for name, value in said.values.items():
        column = "rules_id" if name == "rules" else name
        if chain.value_of(getattr(document, column)) != value:
            yield _("%(column)s is not what the chain says") % {"column": name}
    for name, (digest, at) in said.hashes.items():
        kept = document.rules and document.rules.content if name == "rules" else getattr(document, name)
        if chain.digest_of_column(kept) != digest and not (is_reduced(name, kept) and at < gone.copies):
            yield _("%(column)s is not what the chain says") % {"column": name}
    for delivery in said.deliveries - there:
        if delivery.partition(" ")[0] >= gone.deliveries:
            yield _("the delivery of %(at)s is missing or not as it was") % {"at": delivery.partition(" ")[0]}
