"""Receives a delivery: check the proof, store it with one INSERT, wake the lane. It calls no vendor."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from connector.clients.bigcommerce import webhook
from connector.flow import fault_points
from connector.flow.lane import wakeup
from connector.models import Connection, Delivery, Store


class NotAuthentic(Exception):
    """The delivery has no valid secret or signature, or it is about another store."""


def receive(store: Store, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
    """Take one webhook request into the inbox and wake the store's lanes, in one transaction.

    `now` is the database's time; a signature is valid for some minutes. A repeated webhook-id is a duplicate and
    changes nothing. Raises NotAuthentic (401) and webhook.BadShape (400).
    """
    proof = webhook.prove(
        headers,
        body,
        client_secret=store.client_secret,
        hook_secrets=hook_secrets(store, now),
        policy=webhook.policy(store.webhook_auth),
        now=now,
    )
    if not proof.accepted:
        raise NotAuthentic(_("The delivery carries neither our secret nor a right signature."))
    event = webhook.read_event(body)
    if event.producer != f"stores/{store.store_hash}":
        raise NotAuthentic(_("The delivery is about another store."))
    delivery = Delivery(
        store=store,
        webhook_id=_at_most_200(proof.webhook_id),
        scope=event.scope[:100],
        order_id=event.order_id,
        event_hash=event.event_hash[:100],
        proof=proof.by,
        signature=proof.signature,
        body=body.decode(),
    )
    if event.order_id is None:
        delivery.processed_at = now
    into_inbox(store, [delivery])
    fault_points.reach("delivery_stored")


def hook_secrets(store: Store, now: datetime) -> list[str]:
    """Return the secrets that prove a delivery: the present one, and the previous one until it ends."""
    until = store.hook_secret_previous_until
    if store.hook_secret_previous and until and until > now:
        return [store.hook_secret, store.hook_secret_previous]
    return [store.hook_secret]


def into_inbox(store: Store, deliveries: Sequence[Delivery]) -> None:
    """Store new deliveries (by webhook id) and wake the store's lanes, in one transaction."""
    lanes = Connection.objects.filter(store=store, division__woken_at=None).values_list("division_id", flat=True)
    with transaction.atomic():
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        if any(delivery.order_id is not None for delivery in deliveries):
            wakeup.wake(lanes)


def _at_most_200(webhook_id: str) -> str:
    return webhook_id if len(webhook_id) <= 200 else hashlib.sha256(webhook_id.encode()).hexdigest()
