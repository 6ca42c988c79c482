"""The history of the calls to both vendors: the request, the result, and how long it took (milliseconds)."""

import structlog

from connector.clients.transport import Call
from connector.flow.clock import database_now
from connector.models import OrderSync, SyncEvent
from tenants.models import Tenant

log = structlog.get_logger(__name__)


def record_call(tenant: Tenant | None, document: OrderSync | None, call: Call) -> None:
    """Write one call to the tenant's history at once, or to the log when there is no tenant yet."""
    if tenant is None:
        log.info("vendor_called", upstream=call.upstream, text=_text(call))
        return
    _event(tenant, document, call).save()


def record_with_next_write(tenant: Tenant, document: OrderSync, call: Call) -> None:
    """Keep one call of a document. It is written in the transaction of the document's next move or note."""
    document.unwritten.events.append(_event(tenant, document, call))


def write_what_is_left(document: OrderSync) -> None:
    """Write the calls that no move or note has taken along, because another worker has the document now."""
    if document.unwritten.events:
        SyncEvent.objects.bulk_create(document.unwritten.events)
        document.unwritten.events.clear()


def _text(call: Call) -> str:
    outcome = call.error or f"HTTP {call.status}"
    return f"{call.method} {call.endpoint}: {outcome}, {call.milliseconds} ms"


def _event(tenant: Tenant, document: OrderSync | None, call: Call) -> SyncEvent:
    return SyncEvent(
        tenant=tenant,
        document=document,
        kind=SyncEvent.Kind.CALL,
        text=_text(call),
        at=database_now(),
        data={
            "upstream": call.upstream,
            "method": call.method,
            "endpoint": call.endpoint,
            "status": call.status,
            "milliseconds": call.milliseconds,
            "failed": bool(call.error),
            "detail": call.detail,
        },
    )
