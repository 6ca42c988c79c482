"""The store of a webhook address, and everything that a delivery needs, in one SELECT.

The statement is written out, and its secrets stay encrypted: of a delivery's processor time, building the query and
decrypting four credentials were more than half.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from string import Template
from uuid import UUID

from django.db import connection

from connector.flow import clock
from connector.models import Store
from tenants.fields import decrypted

# A row for each connection of the store; its lane is named when it has no wake-up.
_FIND = Template(
    "SELECT store.id, store.store_hash, store.webhook_auth, store.client_secret, store.hook_secret,"
    " store.hook_secret_previous, store.hook_secret_previous_until, $clock, lane.id"
    " FROM connector_store store"
    " LEFT JOIN connector_connection joined ON joined.store_id = store.id"
    " LEFT JOIN connector_division lane ON lane.id = joined.division_id AND lane.woken_at IS NULL"
    " WHERE store.webhook_uuid = %s"
)


@dataclass(frozen=True, slots=True)
class WebhookStore:
    """A store as its webhook sees it. `now` is the database's time (UTC); `idle_lanes` have no wake-up yet."""

    store_id: int
    store_hash: str
    webhook_auth: str
    now: datetime
    idle_lanes: list[int]
    _client_secret: str
    _hook_secret: str
    _hook_secret_previous: str
    _previous_until: datetime | None

    def client_secret(self) -> str:
        """Decrypt the secret that signs. Raises UnreadableSecret."""
        return decrypted(Store, self.store_id, "client_secret", self._client_secret)

    def hook_secrets(self) -> Iterator[str]:
        """Decrypt what the header may be: the present secret, or until it ends the former. Raises UnreadableSecret."""
        yield decrypted(Store, self.store_id, "hook_secret", self._hook_secret)
        if self._hook_secret_previous and self._previous_until and self._previous_until > self.now:
            yield decrypted(Store, self.store_id, "hook_secret_previous", self._hook_secret_previous)


def find_store(webhook_uuid: UUID) -> WebhookStore | None:
    """Look up the store of an address. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND.substitute(clock=clock.in_sql()), [webhook_uuid.hex])
        rows = cursor.fetchall()
    if not rows:
        return None
    store_id, store_hash, policy, signs, present, previous, until, now, _ = rows[0]
    idle = [row[-1] for row in rows if row[-1] is not None]
    ends = clock.as_time(until) if until else None
    return WebhookStore(store_id, store_hash, policy, clock.as_time(now), idle, signs, present, previous, ends)
