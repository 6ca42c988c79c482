"""Removes a customer from where the customer stands among other things: alerts, runs, comparisons, people's reasons.

Every text and every JSON value of the columns that `columns.py` calls searched is read.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.contrib.admin.models import LogEntry
from django.db.models import Model, Q, QuerySet

from connector.domain.document.scrub import Scrub
from connector.flow.records.privacy import documents
from connector.flow.records.privacy.columns import SEARCHED
from connector.flow.records.privacy.subject import Subject
from connector.models import BackfillDocument, BackfillOrder, FitOrder, OrderSync, ShadowDocument, SyncEvent
from tenants.models import Membership, Tenant

M = TypeVar("M", bound=Model)

BATCH = 500
_MENTIONS = ("message", "params", "problems")


def found(tenant: Tenant, scrub: Scrub) -> Iterator[tuple[Model, dict[str, object]]]:
    """Yield each row that has a value, and its columns as they are without."""
    for model, (path, columns) in SEARCHED.items():
        rows = model._default_manager.filter(**({path: tenant} if path else {})).only("pk", *columns)
        if model is LogEntry:  # a line of somebody who works for another organisation too may be about that one
            rows = rows.exclude(user__memberships__in=Membership.objects.exclude(tenant=tenant))
        for row in _by_batches(rows):
            without = {name: scrub.value(getattr(row, name)) for name in columns}
            changed = {name: value for name, value in without.items() if value != getattr(row, name)}
            if changed:
                yield row, changed


def remove(tenant: Tenant, scrub: Scrub) -> int:
    """Remove the values from all of them, and from the history that is about no document. Returns how many rows."""
    count = documents.remove_from_lines(tenant, scrub)
    for row, without in found(tenant, scrub):
        type(row)._default_manager.filter(pk=row.pk).update(**without)
        count += 1
    return count


def remove_mentions(subject: Subject, scrub: Scrub) -> int:
    """Remove the values from documents of others' orders. Returns from how many. Raises Changing."""
    others = OrderSync.objects.filter(connection__store__tenant=subject.store.tenant_id)
    others = others.exclude(connection__store=subject.store, order_id__in=subject.order_ids)
    named = {row.pk for row in _by_batches(others.only("pk", *_MENTIONS)) if _names(row, _MENTIONS, scrub)}
    lines = SyncEvent.objects.filter(tenant=subject.store.tenant_id, document__in=others)
    lines = lines.exclude(kind=SyncEvent.Kind.CALL).only("pk", "document_id", "text", "data")
    named |= {line.document_id or 0 for line in _by_batches(lines) if _names(line, ("text", "data"), scrub)}
    rows = OrderSync.objects.filter(pk__in=named).select_related("connection__store").order_by("connection_id", "pk")
    return sum(documents.remove_mentions(document, scrub) for document in rows)


def remove_from_runs(subject: Subject, bare: Callable[[Any], Any]) -> int:
    """Empty what runs keep of the customer's orders and of documents on the customer's accounts in Exact."""
    of_orders = {"run__connection__store": subject.store, "order_id__in": subject.order_ids}
    count = BackfillOrder.objects.filter(**of_orders).exclude(marks=[]).update(marks=[])
    for row in FitOrder.objects.filter(**of_orders).exclude(order_data=None):
        without = bare(row.order_data)
        if without != row.order_data:
            count += FitOrder.objects.filter(pk=row.pk).update(order_data=without)
    on_accounts = Q(account__in=[each.account_id for each in subject.accounts])
    for model in (BackfillDocument, ShadowDocument):
        rows = model._default_manager.filter(on_accounts, run__connection__store=subject.store)
        count += rows.exclude(account_name="", description="").update(account_name="", description="")
    return count


def _by_batches(rows: QuerySet[M]) -> Iterator[M]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _names(row: Model, columns: tuple[str, ...], scrub: Scrub) -> bool:
    return any(scrub.value(getattr(row, name)) != getattr(row, name) for name in columns)
