"""Writes down everything that is kept of one customer, for the customer. Nothing is changed and nobody is called."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from connector.domain.document.scrub import Scrub, is_sure
from connector.flow.clock import database_now
from connector.flow.records.forget import deliveries_of
from connector.flow.records.privacy import elsewhere
from connector.flow.records.privacy.subject import Subject
from connector.models import BackfillOrder, CustomerConflict, CustomerMatch, FitOrder, OrderSync, SyncEvent

_LINE = ("kind", "at", "text", "data", "sent", "answered")


def export(subject: Subject) -> dict[str, Any]:
    """Return it as a JSON object: what both sides' copies have, the links, the orders and what stands elsewhere."""
    links = [link.pk for link in subject.links]
    return {
        "organisation": subject.store.tenant.slug,
        "store": subject.store.store_hash,
        "customer": subject.key,
        "keys": sorted(subject.keys),
        "written_at": database_now(),
        "store_customer": _row(subject.customer) if subject.customer else None,
        "links": _rows(subject.links),
        "accounts": _rows(subject.accounts),
        "matches": _rows(CustomerMatch.objects.filter(customer=subject.customer)) if subject.customer else [],
        "conflicts": _rows(CustomerConflict.objects.filter(link__in=links).order_by("pk")),
        "history": _rows(subject.events),
        "documents": [_document(document) for document in subject.documents],
        "deliveries": _rows(deliveries_of(subject)),
        "runs": _rows([*_of_runs(subject, BackfillOrder), *_of_runs(subject, FitOrder)]),
        "elsewhere": _elsewhere(subject),
    }


def write(subject: Subject, path: Path) -> None:
    """Write it to a new file that only its owner reads. Raises OSError, such as FileExistsError."""
    body = json.dumps(export(subject), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
        file.write(f"{body}\n")


def _document(document: OrderSync) -> dict[str, Any]:
    lines = SyncEvent.objects.filter(document=document).order_by("pk")
    return {**_row(document), "lines": [{name: getattr(line, name) for name in _LINE} for line in lines]}


def _of_runs(subject: Subject, model: type[Model]) -> Iterable[Model]:
    rows = model._default_manager.filter(run__connection__store=subject.store, order_id__in=subject.order_ids)
    return rows.order_by("pk")


def _elsewhere(subject: Subject) -> list[dict[str, Any]]:
    """What stands among other things, as it is there."""
    scrub = Scrub(value for value in subject.values if is_sure(value))
    return [
        {"table": row._meta.db_table, "id": row.pk, **{name: getattr(row, name) for name in columns}}
        for row, columns in elsewhere.found(subject.store.tenant, scrub)
    ]


def _rows(rows: Iterable[Model]) -> list[Mapping[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
