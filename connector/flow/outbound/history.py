"""The history of the calls to both vendors: the request, the result, and how long it took (milliseconds).

What was sent to Exact for a document, and what Exact answered, is kept with the call, until it expires.
"""

import structlog
from django.db import transaction

from connector.clients.transport import Call
from connector.domain.document.chain import digest_of_text
from connector.flow.clock import database_now
from connector.flow.ledger import chain
from connector.models import OrderSync, SyncEvent
from connector.models.kept_words import english
from tenants.models import Tenant

# Characters of a body that is kept. Of a longer one only the hash is.
LONGEST_BODY = 200_000

log = structlog.get_logger(__name__)


def record_call(tenant: Tenant | None, call: Call) -> None:
    """Write one call of no document to the tenant's history at once, or to the log when there is no tenant yet."""
    if tenant is None:
        log.info("vendor_called", upstream=call.upstream, text=_text(call))
        return
    _event(tenant, None, call).save()


def record_with_next_write(tenant: Tenant, document: OrderSync, call: Call) -> None:
    """Keep one call of a document. It is written in the transaction of the document's next move or note."""
    document.unwritten.events.append(_event(tenant, document, call))


def write_what_is_left(document: OrderSync) -> None:
    """Write the lines that no move or note has taken along, because another worker has the document now.

    Calls may expire, and an entry never does: behind them comes a line that covers them.
    """
    lines = document.unwritten.events
    if not lines:
        return
    if lines[-1].kind == SyncEvent.Kind.CALL:
        lines.append(_cover(lines[-1]))
    with transaction.atomic():
        chain.append(document, lines, {})
    lines.clear()


def _cover(call: SyncEvent) -> SyncEvent:
    text = english("Calls that no step took along.")
    return SyncEvent(
        tenant_id=call.tenant_id,
        document=call.document,
        kind=SyncEvent.Kind.TRANSITION,
        text=text,
        data=text.said(),
        at=database_now(),
    )


def _text(call: Call) -> str:
    outcome = call.error or f"HTTP {call.status}"
    return f"{call.method} {call.endpoint}: {outcome}, {call.milliseconds} ms"


def _event(tenant: Tenant, document: OrderSync | None, call: Call) -> SyncEvent:
    # What belongs to no document is no evidence of one.
    bodies = {name: body for name, body in (("sent", call.sent), ("answered", call.answered)) if body and document}
    kept = {name: body for name, body in bodies.items() if len(body) <= LONGEST_BODY}
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
            **{name: digest_of_text(body) for name, body in bodies.items()},
            **({} if kept == bodies else {"too_long": True}),
        },
        **kept,
    )
