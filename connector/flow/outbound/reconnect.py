"""Ended credentials: a store or a consent that a person must connect again, with one alert."""

from django.db.models import Q
from django.urls import reverse

from connector.clients.errors import ClientError
from connector.flow import alerts
from connector.flow.ledger import restored
from connector.models import ExactGrant, Store
from connector.models.credentials import Health
from connector.problems.alerts import AlertCode, alert_text
from connector.problems.calls import kept


def refused_by_store(store: Store, error: ClientError) -> None:
    """Mark the store's access token as refused: its documents wait, and one alert opens."""
    Store.objects.filter(pk=store.pk).update(state=Health.RECONNECT)
    alerts.raise_alert(
        store.tenant,
        alerts.about(store),
        alert_text(AlertCode.STORE_REFUSES, store=store.name, **kept(error)),
        page=reverse("admin:connector_store_change", args=[store.pk]),
    )


def mark_reconnect(grant: ExactGrant, error: ClientError) -> None:
    """Stop everything that needs this consent and open one alert.

    Does nothing when there was a new consent after the grant was loaded: the failure is the old consent's.
    """
    present = ExactGrant.objects.filter(pk=grant.pk, consented_at=grant.consented_at)
    if not present.update(state=Health.RECONNECT):
        return
    # A token that is used up may be that of a backup which somebody has restored, with a ledger as old as it is.
    restored.notice(Q(grant=grant.pk))
    alerts.raise_alert(
        grant.tenant,
        alerts.about(grant),
        alert_text(AlertCode.CONSENT_ENDED, consent=grant.name, **kept(error)),
        page=reverse("admin:connector_exactgrant_change", args=[grant.pk]),
    )
