"""Receives a delivery: check the proof, store it with one INSERT, wake the lane. It calls no vendor."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from string import Template
from typing import NamedTuple

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from connector.clients.bigcommerce import webhook
from connector.domain.choices import WebhookAuth
from connector.flow import fault_points, trace
from connector.flow.inbox.webhook_store import WebhookStore
from connector.flow.lane import wakeup
from connector.models import Delivery

log = structlog.get_logger(__name__)

# A webhook id that is there already is a duplicate. The database dates the row.
_STORE = Template(
    "INSERT INTO connector_delivery"
    " (store_id, webhook_id, scope, order_id, customer_id, event_hash, proof, signature, body, request, processed_at)"
    " VALUES $rows ON CONFLICT DO NOTHING"
)
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


PROOFS = {
    WebhookAuth.EITHER: tuple(webhook.By),
    WebhookAuth.SIGNATURE: (webhook.By.SIGNATURE,),
    WebhookAuth.SECRET: (webhook.By.HEADER,),
}


class NotAuthentic(Exception):
    """The delivery has no valid secret or signature, or it is about another store."""


class NewDelivery(NamedTuple):
    """A row of the inbox that is to be stored, in the order of its columns. See `Delivery`."""

    store_id: int
    webhook_id: str
    scope: str
    order_id: int | None
    customer_id: int | None
    event_hash: str
    proof: Delivery.Proof
    signature: Delivery.Signature
    body: str
    request: str
    processed_at: datetime | None


def receive(store: WebhookStore, headers: Mapping[str, str], body: bytes) -> None:
    """Take one webhook request into the inbox and wake the store's lanes, in one transaction.

    A signature is valid for some minutes. A repeated webhook-id is a duplicate and changes nothing.
    Raises NotAuthentic (401), webhook.BadShape (400), and UnreadableSecret and DatabaseError (503).
    """
    proof = webhook.prove(
        headers,
        body,
        client_secret=store.client_secret,
        hook_secrets=store.hook_secrets,
        counts=PROOFS[WebhookAuth(store.webhook_auth)],
        now=store.now,
    )
    if proof.by is None:
        raise NotAuthentic(_("The delivery carries neither our secret nor a right signature."))
    event = webhook.read_event(body)
    if event.producer != f"stores/{store.store_hash}":
        raise NotAuthentic(_("The delivery is about another store."))
    ignored = event.order_id is None and event.customer_id is None
    delivery = NewDelivery(
        store_id=store.store_id,
        webhook_id=_at_most_200(proof.webhook_id),
        scope=event.scope[:100],
        order_id=event.order_id,
        customer_id=event.customer_id,
        event_hash=event.event_hash[:100],
        proof=Delivery.Proof(proof.by),
        signature=Delivery.Signature(proof.signature),
        body=body.decode(),
        request=trace.current(),
        processed_at=store.now if ignored else None,
    )
    into_inbox([delivery], [] if ignored else store.idle_lanes)
    about = {"order": event.order_id} if event.customer_id is None else {"customer": event.customer_id}
    log.info("delivery_stored", store=store.store_hash, **about, proof=proof.by)
    fault_points.reach("delivery_stored")


def into_inbox(deliveries: Sequence[NewDelivery], idle_lanes: Sequence[int]) -> None:
    """Store new deliveries (by webhook id) and wake the lanes that are known to be idle, in one transaction.

    A lane that has a wake-up, but takes in its deliveries just before these are stored, is found by the sweep.
    """
    if not idle_lanes:
        _store(deliveries)
        return
    with transaction.atomic():
        _store(deliveries)
        wakeup.wake(idle_lanes)


def _store(deliveries: Sequence[NewDelivery]) -> None:
    at = connection.ops.adapt_datetimefield_value
    values = [part for row in deliveries for part in (*row[:-1], at(row.processed_at))]
    with connection.cursor() as cursor:
        cursor.execute(_STORE.substitute(rows=", ".join([_ROW] * len(deliveries))), values)


def _at_most_200(webhook_id: str) -> str:
    return webhook_id if len(webhook_id) <= 200 else hashlib.sha256(webhook_id.encode()).hexdigest()
