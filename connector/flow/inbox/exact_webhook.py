"""Receives what Exact reports of a division's accounts, and makes those accounts due to be read again.

A report names an account and nothing else. It is proved by its hash, stored with one INSERT, and wakes the lane. It
calls no vendor: the lane reads the account. One that is said to be deleted is read too, and forgotten when Exact does
not have it: Exact is asked, the report alone is not believed.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from string import Template
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from connector.clients.exact import webhook
from connector.clients.exact.subscriptions import ACCOUNTS
from connector.flow import fault_points, trace
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.models import CustomerLink, DirectoryAccount, Division, ExactDelivery, ExactGrant
from tenants.fields import decrypted

log = structlog.get_logger(__name__)

BATCH = 500
# A content that waits already is a duplicate. One that was processed is processed once more: the account is read again.
# The database dates the row.
_STORE = Template(
    "INSERT INTO connector_exactdelivery (division_id, topic, action, record_id, digest, request, processed_at)"
    " VALUES $row ON CONFLICT (division_id, digest) DO UPDATE"
    " SET processed_at = excluded.processed_at, request = excluded.request, received_at = excluded.received_at"
    " WHERE connector_exactdelivery.processed_at IS NOT NULL"
)
_ROW = "(%s, %s, %s, %s, %s, %s, %s)"


class NotAuthentic(Exception):
    """The delivery has no right hash, or it is about another division."""


@dataclass(frozen=True, slots=True)
class WebhookDivision:
    """A division as its webhook sees it. `idle`: its lane has no wake-up yet."""

    division_id: int
    code: int
    idle: bool
    _grant_id: int
    _secret: str

    def secret(self) -> str:
        """Decrypt the app's webhook secret, "" for none. Raises UnreadableSecret."""
        return decrypted(ExactGrant, self._grant_id, "webhook_secret", self._secret)


def find_division(address: UUID) -> WebhookDivision | None:
    """Look up the division of an address. Raises DatabaseError."""
    columns = ("pk", "code", "woken_at", "grant_id", "grant__webhook_secret")
    found = Division.objects.filter(webhook_uuid=address).values_list(*columns).first()
    if found is None:
        return None
    pk, code, woken_at, grant_id, secret = found
    return WebhookDivision(pk, code, woken_at is None, grant_id, secret or "")


def receive(division: WebhookDivision, body: bytes) -> None:
    """Take one request into the inbox and wake the division's lane, in one transaction.

    The same content again is a duplicate, and changes nothing while the first one waits. Raises NotAuthentic (401),
    webhook.BadShape (400), and UnreadableSecret and DatabaseError (503).
    """
    content = webhook.prove(body, division.secret())
    if content is None:
        raise NotAuthentic(_("The delivery does not carry a right HashCode."))
    event = webhook.read_event(content)
    if event.division != division.code:
        raise NotAuthentic(_("The delivery is about another division."))
    concerns_us = event.topic == ACCOUNTS
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        stored = _store(division, event, digest, None if concerns_us else database_now())
        if stored and concerns_us and division.idle:
            wakeup.wake([division.division_id])
    log.info("exact_delivery_stored", division=division.code, account=event.key, duplicate=not stored)
    fault_points.reach("exact_delivery_stored")


def take_in(division_id: int) -> int:
    """Make the accounts that deliveries name due to be read again; returns how many deliveries were read."""
    read = 0
    while batch := _take_batch(division_id):
        read += batch
    return read


def _store(division: WebhookDivision, event: webhook.Event, digest: str, processed_at: datetime | None) -> bool:
    at = connection.ops.adapt_datetimefield_value(processed_at)
    row: list[Any] = [division.division_id, event.topic, event.action[:20], event.key, digest, trace.current(), at]
    with connection.cursor() as cursor:
        cursor.execute(_STORE.substitute(row=_ROW), row)
        return bool(cursor.rowcount > 0)


def _take_batch(division_id: int) -> int:
    """Only the holder of the lane takes in, so nobody else reads these rows meanwhile."""
    unread = ExactDelivery.objects.filter(division=division_id, processed_at=None).order_by("id")
    deliveries = list(unread.values_list("pk", "record_id")[:BATCH])
    if deliveries:
        with transaction.atomic():
            # Before its rows, as everybody does who writes several accounts.
            Division.objects.select_for_update(no_key=True).only("pk").get(pk=division_id)
            _make_due(division_id, {account for _pk, account in deliveries})
            ExactDelivery.objects.filter(pk__in=[pk for pk, _account in deliveries]).update(processed_at=database_now())
    return len(deliveries)


def _make_due(division_id: int, accounts: Collection[str]) -> None:
    """Have these accounts read again. Of those that are new to us the linked ones are, too; for the others the whole
    list is stale, so that a customer who needs an account is matched with them.

    They are locked in the order of their ids, as everywhere.
    """
    now = database_now()
    known = DirectoryAccount.objects.filter(division=division_id, account_id__in=accounts)
    locked = known.order_by("account_id").select_for_update()
    unknown = set(accounts).difference(locked.values_list("account_id", flat=True))
    known.update(due_at=now)
    if not unknown:
        return
    links = CustomerLink.objects.filter(division=division_id, account_id__in=unknown)
    DirectoryAccount.objects.bulk_create(
        [
            DirectoryAccount(division_id=division_id, account_id=account, due_at=now)
            for account in sorted(set(links.values_list("account_id", flat=True)))
        ],
        ignore_conflicts=True,
    )
    Division.objects.filter(pk=division_id).update(accounts_read_at=None)
