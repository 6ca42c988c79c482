"""The one place that makes the vendors' clients. Each has a gate, which keeps to the vendor's limits, and a history.

Calls for a token have a history alone: Exact counts them in no division's limit, and access_tokens.py keeps to theirs.

No other code opens a `Transport`. A division or a store may have a client before it has a row: then its gate counts in
memory. Calls without a tenant go into the log instead of the history.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_noop

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.errors import NotSent
from connector.clients.exact import oauth
from connector.clients.exact.client import ExactClient
from connector.clients.exact.token_source import TokenSource
from connector.clients.transport import Call, OnCall, Transport, Upstream
from connector.domain.document.states import State
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.ledger import transitions, unclear
from connector.flow.outbound.access_tokens import PATIENCE_SECONDS, GrantTokens, exact_base_url
from connector.flow.outbound.history import record_call, record_with_next_write
from connector.flow.outbound.one_statement import Written, quota_of
from connector.flow.outbound.rate_limits import TOKENS, ExactGate, NewStoreGate, StoreGate, gate_of, trial_gate
from connector.models import Division, ExactGrant, OrderSync, Store
from connector.models.kept_words import english
from tenants.models import Tenant

# A write that is sent so long after its intent was delayed.
DELAYED_AFTER = timedelta(seconds=5)
# Seconds for one answer of a store.
STORE_DEADLINE = 30.0


class LaneClients:
    """The clients of one lane, for its division and its stores. `document` is the row that is being worked on.

    Calls without a document leave the day's last calls to live orders when they are of `low_priority`.

    The lane's `lease` is renewed just before each call to Exact, after the token is there. So nothing is written when
    another process has the lease: LeaseLost is raised instead.
    """

    def __init__(self, division: Division, lease: leases.Lease | None = None, *, low_priority: bool = False) -> None:
        self.division = division
        self.transport = _transport(division.grant.tenant)
        self.document: OrderSync | None = None
        self._stores: dict[int, tuple[str, BigCommerceClient]] = {}  # with the token that each was made with
        self._writes = False  # the next call to Exact is a write
        self.last_upstream: Upstream | None = None  # the vendor that was called last
        self.gate = ExactGate(
            division.pk,
            lambda: self.document.low_priority if self.document else low_priority,
            lease=lease,
            written=Written.of(division),
        )
        self.tokens = GrantTokens(division.grant_id, self.transport, self.record)
        self.exact = ExactClient(
            self.transport,
            base_url=exact_base_url(division.grant.region),
            division=division.code,
            tokens=self.tokens,
            on_call=self.record,
            gate=self._before_exact,
            before_write=self._before_write,
        )

    def _before_write(self) -> None:
        self._writes = True
        document, now = self.document, database_now()
        if document and document.state == State.POSTING and document.sent_at and document.sent_at < now - DELAYED_AFTER:
            # The settle time counts from the sending. A new token may have taken longer than a look-up waits.
            transitions.note(document, english("Sent only now: a new access token took its time."), sent_at=now)

    def store(self, store: Store) -> BigCommerceClient:
        """Return the client of one store, the same one as long as the store has the same token."""
        token, client = self._stores.get(store.pk, ("", None))
        if client is None or token != store.access_token:
            gate = StoreGate(store.pk, quota_of(store))
            client = _bigcommerce(self.transport, store.store_hash, store.access_token, gate, self.record)
            self._stores[store.pk] = store.access_token, client
        return client

    def record(self, call: Call) -> None:
        """Note one call in the history, and pass its limits to the gate.

        A call of a document is written with the document's next move or note. One for a token, which Exact changes
        for good, is written at once, and is no document's.
        """
        self.last_upstream = call.upstream
        tenant = self.division.grant.tenant
        if self.document is None or call.endpoint == TOKENS:
            record_call(tenant, call)
        else:
            record_with_next_write(tenant, self.document, call)
        shared = self.gate.after(call, self.document)
        if call.upstream == Upstream.EXACT and call.endpoint != TOKENS and self.document is not None:
            unclear.count(self.document, call, shared=shared)

    def _before_exact(self, endpoint: str) -> None:
        self.last_upstream = Upstream.EXACT
        writes, self._writes = self._writes, False
        if writes and self.document is not None:
            unclear.raise_if_not_to_be_sent(self.document, endpoint)
        self.gate.before(endpoint, self.document, writes=writes)


def _at_once(take: Callable[[], None]) -> None:
    take()


def exact_client(
    grant: ExactGrant,
    code: int,
    tokens: TokenSource | None = None,
    *,
    wait: Callable[[Callable[[], None]], None] = _at_once,
    low_priority: bool = False,
) -> ExactClient:
    """Return the client of a division that may have no row yet. Code 0 is for calls that need no division.

    `tokens` replaces the consent's own tokens. `wait` takes each call from the budget, and may wait for that.
    `low_priority`: only calls of the day that live orders leave are taken.
    """
    transport, gate = _transport(grant.tenant), gate_of(grant.region, code, low_priority=low_priority)
    record = _recorder(grant.tenant, gate)
    return ExactClient(
        transport,
        base_url=exact_base_url(grant.region),
        division=code,
        tokens=tokens or GrantTokens(grant.pk, transport, record),
        on_call=record,
        gate=lambda endpoint: wait(partial(gate.before, endpoint)),
    )


def tokens_of(grant: ExactGrant, *, patience: float = PATIENCE_SECONDS) -> GrantTokens:
    """Return the access tokens of a consent. `patience` is how many seconds to wait for another process's refresh."""
    return GrantTokens(grant.pk, _transport(grant.tenant), _recorder(grant.tenant), patience=patience)


def exchange_code(grant: ExactGrant, code: str, redirect_uri: str, *, client_secret: str = "") -> oauth.TokenPair:
    """Trade a consent's code for tokens, with a new secret of the app if there is one.

    Raises the errors of `oauth.exchange_code`.
    """
    return oauth.exchange_code(
        _transport(grant.tenant),
        exact_base_url(grant.region),
        client_id=grant.client_id,
        client_secret=client_secret or grant.client_secret,
        code=code,
        redirect_uri=redirect_uri,
        on_call=_recorder(grant.tenant),
    )


def store_client(store: Store) -> BigCommerceClient:
    """Return the client of a store. The store may be unsaved, and then without a tenant."""
    gate = StoreGate(store.pk) if store.pk else NewStoreGate()
    tenant = store.tenant if store.tenant_id else None
    record = _recorder(tenant)
    return _bigcommerce(_transport(tenant), store.store_hash, store.access_token, gate, record)


def trial_client(
    tenant: Tenant | None, store_hash: str, access_token: str, *, deadline: float = STORE_DEADLINE
) -> BigCommerceClient:
    """Return a client that tries a token before it is saved; `deadline` is in seconds."""
    gate = trial_gate(tenant, store_hash)
    return _bigcommerce(_transport(tenant), store_hash, access_token, gate, _recorder(tenant), deadline=deadline)


class _Gate(Protocol):
    def before(self, endpoint: str) -> None: ...

    def after(self, call: Call) -> object: ...


def _transport(tenant: Tenant | None) -> Transport:
    """The access to the network. The settings say whether an address without https is allowed.

    Raises NotSent for a suspended organisation.
    """
    if tenant is not None and tenant.suspended:
        raise NotSent(gettext_noop("The organisation is suspended: nothing is called for it."))
    return Transport(allow_insecure=settings.ALLOW_INSECURE_UPSTREAMS)


def _recorder(tenant: Tenant | None, gate: _Gate | None = None) -> OnCall:
    def record(call: Call) -> None:
        record_call(tenant, call)
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
