"""Gathers what is known of one order into a file of evidence, for people and for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from connector.domain.document import chain as hashes
from connector.domain.document.evidence import as_json, is_reduced, pack
from connector.flow.ledger import chain
from connector.flow.records import expired
from connector.models import Connection, Delivery, OrderSync, RuleVersion, SyncEvent
from tenants.models import Tenant

COLUMNS = (
    *("id", "order_id", "kind", "sequence", "state", "step", "reason", "message", "code", "form", "reference"),
    *("exact_id", "exact_number", "total", "currency", "payment_status", "to_settle", "customer", "email"),
    *("posted_at", "approved_at", "sent_at", "created_at", "updated_at", "change_pending", "decision", "rules"),
    *("reviewed", "reviewed_total", "reviewed_tax", "reviewed_status"),
)
DELIVERED = ("webhook_id", "scope", "order_id", "event_hash", "proof", "signature", "body", "received_at")


class NothingKnown(Exception):
    """The ledger has no document of the order."""


def evidence_of(tenant: Tenant, order_id: int, store_hash: str = "") -> bytes:
    """Return the file about an order, of one store or of all stores that have such an order.

    The file follows from the rows alone: the same rows make the same bytes. Raises NothingKnown.
    """
    rows = OrderSync.objects.filter(connection__store__tenant=tenant, order_id=order_id)
    if store_hash:
        rows = rows.filter(connection__store__store_hash=store_hash)
    documents = list(rows.select_related("connection__store", "division", "rules").order_by("connection_id", "id"))
    if not documents:
        raise NothingKnown
    with override("en"):
        gone = {document.connection_id: expired.read(document.connection) for document in documents}
        about = {"organisation": tenant.slug, "order": order_id, "documents": [_name(each) for each in documents]}
        described = [_describe(document, gone[document.connection_id]) for document in documents]
        deliveries = list(_deliveries(documents))
        shown = {"about": about, "documents": described, "deliveries": deliveries}
        parts = {
            "index.html": render_to_string("evidence.html", {**shown, "format": hashes.FORMAT}).encode(),
            "deliveries.json": as_json(deliveries),
        }
        for document in described:
            folder = f"documents/{document.pop('folder')}"
            parts |= {f"{folder}/{name}.json": as_json(value) for name, value in document.items()}
        return pack(about, parts)


def _name(document: OrderSync) -> str:
    return f"{document.connection.store.store_hash}-{document.division.code}-{document.kind}-{document.sequence}"


def _describe(document: OrderSync, gone: expired.Expired) -> dict[str, Any]:
    """Return the parts of a document by their names, and the folder."""
    lines = list(document.events.select_related("actor").order_by("id"))
    copy_is_gone = is_reduced("order_data", document.order_data) and _has_hash("order_data", lines)
    return {
        "folder": _name(document),
        "document": {
            **{name: _plain(getattr(document, name)) for name in COLUMNS},
            "store": document.connection.store.store_hash,
            "division": document.division.code,
            "connection": document.connection_id,
            "rule_version": document.rules.number if document.rules else None,
            "rules_in_chain": _has_hash("rules", lines),
            "expired": [
                *(["order_data"] if copy_is_gone else []),
                *(["calls"] if gone.calls else []),
                *(["bodies"] if gone.copies else []),
                *(["deliveries"] if gone.deliveries else []),
            ],
            "expired_before": {"calls": gone.calls, "copies": gone.copies, "deliveries": gone.deliveries},
        },
        "order_data": document.order_data,
        "draft": document.draft,
        "exact_data": document.exact_data,
        "rules": _rules(document.rules) if document.rules else None,
        "history": [_line(line) for line in lines],
        "chain": list(_entries(document.connection, [line for line in lines if line.number and not line.place])),
    }


def _has_hash(name: str, lines: Sequence[SyncEvent]) -> bool:
    """Whether the chain has the hash of a copy of the order, or of the rules."""
    return any((line.seal or {}).get("hashes", {}).get(name) for line in lines if not line.place)


def _entries(connection: Connection, lines: Sequence[SyncEvent]) -> Iterator[dict[str, Any]]:
    before = [line.number - 1 for line in lines if line.number]
    rows = SyncEvent.objects.filter(connection=connection, place=0, number__in=before)
    known = dict(rows.values_list("number", "hash"))
    for line in lines:
        entry = chain.entry_of(line)
        previous = known.get(entry.number - 1) or hashes.genesis(connection.pk)
        yield {"previous": previous, "hash": line.hash, "content": entry.content()}


def _line(line: SyncEvent) -> dict[str, Any]:
    return {
        **hashes.line(str(line.kind), line.at, line.text, line.data),
        "who": _who(line),
        "number": line.number,
        "place": line.place,
        "sent": line.sent,
        "answered": line.answered,
    }


def _who(line: SyncEvent) -> str:
    """Who did it, as the chain says. Only of lines from before it the row is asked."""
    if line.number is not None:
        return str((line.seal or {}).get("who", ""))
    return line.actor.email if line.actor else ""


def _deliveries(documents: Sequence[OrderSync]) -> Iterator[dict[str, Any]]:
    stores = {document.connection.store_id: document.connection.store.store_hash for document in documents}
    rows = Delivery.objects.filter(store__in=stores, order_id=documents[0].order_id).order_by("store_id", "id")
    for delivery in rows:
        name = chain.name_of_delivery(delivery)
        columns = {name: _plain(getattr(delivery, name)) for name in DELIVERED}
        yield {**columns, "store_id": delivery.store_id, "store": stores[delivery.store_id], "name": name}


def _rules(version: RuleVersion) -> dict[str, Any]:
    return {**version.content, "note": version.note, "made": hashes.moment(version.created_at)}


def _plain(value: object) -> object:
    """A column as the file has it: amounts as text."""
    plain = chain.value_of(value)
    return plain if plain is None or isinstance(plain, bool | int) else str(plain)
