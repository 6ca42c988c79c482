"""The history of the calls to both vendors: the request, the result, and how long it took (milliseconds)."""

import structlog

from connector.clients.transport import Call
from connector.models import OrderSync, SyncEvent
from tenants.models import Tenant

log = structlog.get_logger(__name__)


def record_call(tenant: Tenant | None, document: OrderSync | None, call: Call) -> None:
    """Write one call to the tenant's history, or to the log when there is no tenant yet."""
    outcome = call.error or f"HTTP {call.status}"
    text = f"{call.method} {call.endpoint}: {outcome}, {call.milliseconds} ms"
    if tenant is None:
        log.info("vendor_called", upstream=call.upstream, text=text)
        return
    SyncEvent.objects.create(
        tenant=tenant,
        document=document,
        kind=SyncEvent.Kind.CALL,
        text=text,
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
