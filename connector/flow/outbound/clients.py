"""The two vendors' clients of one lane, with every call written to the history and every limit obeyed."""

from datetime import timedelta

from django.conf import settings

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.exact.client import ExactClient
from connector.clients.transport import Call, OnCall, Transport
from connector.domain.document.states import State
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.flow.outbound import access_tokens, rate_limits
from connector.flow.outbound.access_tokens import GrantTokens, exact_base_url
from connector.flow.outbound.rate_limits import ExactGate, StoreGate
from connector.models import Division, ExactGrant, OrderSync, Store, SyncEvent
from tenants.models import Tenant

# An intent that is older when its write leaves was held up on the way.
HELD_UP = timedelta(seconds=5)


class Upstreams:
    """Makes the clients of one division and its stores; `document` is the row whose work is being done.

    With the lane's `lease` nothing is written to Exact once somebody else has it: it is renewed as the last thing
    before each write, after whatever a token took.
    """

    def __init__(self, division: Division, lease: leases.Lease | None = None) -> None:
        self.division = division
        self.lease = lease
        self.transport = new_transport()
        self.document: OrderSync | None = None
        self.last_upstream = ""  # who was called last: "bigcommerce" or "exact"
        self.gate = ExactGate(division.pk, lambda: self.document is not None and self.document.low_priority)
        self.tokens = GrantTokens(division.grant_id, self.transport, self.record)
        self.exact = ExactClient(
            self.transport,
            base_url=exact_base_url(division.grant.region),
            division=division.code,
            tokens=self.tokens,
            on_call=self.record,
            gate=self._before_exact,
            before_write=self._about_to_write,
        )

    def _about_to_write(self) -> None:
        if self.lease is not None:
            leases.renew(self.lease)
        document, now = self.document, database_now()
        if document and document.state == State.POSTING and document.sent_at and document.sent_at < now - HELD_UP:
            # The settle time counts from the sending; a token may have taken longer than a look-up waits.
            transitions.note(document, "Sent only now: a new access token took its time.", sent_at=now)

    def store(self, store: Store) -> BigCommerceClient:
        """Return the client of one store."""
        return store_client(store, self.record, self.transport)

    def record(self, call: Call) -> None:
        """Write one call to the history and take note of the limits that it reported."""
        self.last_upstream = call.upstream
        record_call(self.division.grant.tenant, self.document, call)
        self.gate.after(call)

    def _before_exact(self, endpoint: str) -> None:
        self.last_upstream = "exact"
        self.gate.before(endpoint)


def new_transport() -> Transport:
    """Return the door to the network, as strict as the settings say."""
    return Transport(allow_insecure=settings.ALLOW_INSECURE_UPSTREAMS)


def store_client(store: Store, on_call: OnCall, transport: Transport | None = None) -> BigCommerceClient:
    """Return the client of one store, which keeps to the store's quota."""
    gate = StoreGate(store.pk)

    def heard(call: Call) -> None:
        on_call(call)
        gate.after(call)

    return BigCommerceClient(
        transport or new_transport(),
        base_url=settings.BIGCOMMERCE_API_URL,
        store_hash=store.store_hash,
        access_token=store.access_token,
        on_call=heard,
        gate=gate.before,
    )


def record_call(tenant: Tenant, document: OrderSync | None, call: Call) -> None:
    """Write one call to the history: what was asked, what came back, how long it took (milliseconds)."""
    outcome = call.error or f"HTTP {call.status}"
    SyncEvent.objects.create(
        tenant=tenant,
        document=document,
        kind=SyncEvent.Kind.CALL,
        text=f"{call.method} {call.endpoint}: {outcome}, {call.milliseconds} ms",
        data={
            "upstream": call.upstream,
            "method": call.method,
            "endpoint": call.endpoint,
            "status": call.status,
            "milliseconds": call.milliseconds,
            "failed": bool(call.error),
        },
    )


def client_of(grant: ExactGrant, code: int, transport: Transport) -> ExactClient:
    """Return the client of a division that may have no row yet."""

    gate = rate_limits.gate_of(grant.region, code)

    def record(call: Call) -> None:
        record_call(grant.tenant, None, call)
        gate.after(call)

    return ExactClient(
        transport,
        base_url=access_tokens.exact_base_url(grant.region),
        division=code,
        tokens=access_tokens.GrantTokens(grant.pk, transport, record),
        on_call=record,
        gate=gate.before,
    )
