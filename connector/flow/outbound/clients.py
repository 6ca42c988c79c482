"""The one place that makes the vendors' clients: each has a gate, which keeps to the limits, and a history.

Nothing else opens a `Transport`. A division and a store have clients before they have rows; their gates count in
memory then, and the history is the tenant's, or the log's while there is no tenant.
"""

from datetime import timedelta
from typing import Protocol

from django.conf import settings

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.exact import oauth
from connector.clients.exact.client import ExactClient, TokenSource
from connector.clients.transport import Call, OnCall, Transport
from connector.domain.document.states import State
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.flow.outbound.access_tokens import PATIENCE_SECONDS, GrantTokens, exact_base_url
from connector.flow.outbound.history import record_call
from connector.flow.outbound.rate_limits import ExactGate, NewStoreGate, StoreGate, gate_of, trial_gate
from connector.models import Division, ExactGrant, OrderSync, Store
from tenants.models import Tenant

# An intent that is older when its write leaves was held up on the way.
HELD_UP = timedelta(seconds=5)
# Seconds for one answer of a store.
STORE_DEADLINE = 30.0


class LaneClients:
    """The clients of one lane: its division's and its stores'; `document` is the row whose work is being done.

    With the lane's `lease` nothing is written to Exact once somebody else has it: it is renewed as the last thing
    before each write, after whatever a token took.
    """

    def __init__(self, division: Division, lease: leases.Lease | None = None) -> None:
        self.division = division
        self.lease = lease
        self.transport = _transport()
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
        return _bigcommerce(self.transport, store.store_hash, store.access_token, StoreGate(store.pk), self.record)

    def record(self, call: Call) -> None:
        """Write one call to the history and take note of the limits that it reported."""
        self.last_upstream = call.upstream
        record_call(self.division.grant.tenant, self.document, call)
        self.gate.after(call)

    def _before_exact(self, endpoint: str) -> None:
        self.last_upstream = "exact"
        self.gate.before(endpoint)


def exact_client(grant: ExactGrant, code: int, tokens: TokenSource | None = None) -> ExactClient:
    """Return the client of a division that may have no row yet; code 0 where a call needs no division.

    `tokens` stands in for the consent's own.
    """
    transport, gate = _transport(), gate_of(grant.region, code)
    record = _recorder(grant.tenant, gate)
    return ExactClient(
        transport,
        base_url=exact_base_url(grant.region),
        division=code,
        tokens=tokens or GrantTokens(grant.pk, transport, record),
        on_call=record,
        gate=gate.before,
    )


def tokens_of(grant: ExactGrant, *, patience: float = PATIENCE_SECONDS) -> GrantTokens:
    """Return what hands out a consent's access tokens; it waits so many seconds for another process's refresh."""
    return GrantTokens(grant.pk, _transport(), _recorder(grant.tenant), patience=patience)


def exchange_code(grant: ExactGrant, code: str, redirect_uri: str) -> oauth.TokenPair:
    """Trade a consent's code for tokens. Raises the errors of `oauth.exchange_code`."""
    return oauth.exchange_code(
        _transport(),
        exact_base_url(grant.region),
        client_id=grant.client_id,
        client_secret=grant.client_secret,
        code=code,
        redirect_uri=redirect_uri,
        on_call=_recorder(grant.tenant),
    )


def store_client(store: Store) -> BigCommerceClient:
    """Return the client of a store; one that is not saved yet may have no tenant either."""
    gate = StoreGate(store.pk) if store.pk else NewStoreGate()
    record = _recorder(store.tenant if store.tenant_id else None)
    return _bigcommerce(_transport(), store.store_hash, store.access_token, gate, record)


def trial_client(
    tenant: Tenant | None, store_hash: str, access_token: str, *, deadline: float = STORE_DEADLINE
) -> BigCommerceClient:
    """Return a client that tries a token before it is saved; `deadline` is in seconds."""
    gate = trial_gate(tenant, store_hash)
    return _bigcommerce(_transport(), store_hash, access_token, gate, _recorder(tenant), deadline=deadline)


class _Gate(Protocol):
    def before(self, endpoint: str) -> None: ...

    def after(self, call: Call) -> None: ...


def _transport() -> Transport:
    """The door to the network, as strict as the settings say."""
    return Transport(allow_insecure=settings.ALLOW_INSECURE_UPSTREAMS)


def _recorder(tenant: Tenant | None, gate: _Gate | None = None) -> OnCall:
    def record(call: Call) -> None:
        record_call(tenant, None, call)
        if gate is not None:
            gate.after(call)

    return record


def _bigcommerce(
    transport: Transport,
    store_hash: str,
    access_token: str,
    gate: _Gate,
    on_call: OnCall,
    *,
    deadline: float = STORE_DEADLINE,
) -> BigCommerceClient:
    def record(call: Call) -> None:
        on_call(call)
        gate.after(call)

    return BigCommerceClient(
        transport,
        base_url=settings.BIGCOMMERCE_API_URL,
        store_hash=store_hash,
        access_token=access_token,
        on_call=record,
        gate=gate.before,
        deadline=deadline,
    )
