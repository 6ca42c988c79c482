"""Ended credentials: a store or a consent that only a person can connect again, with one alert each."""

from django.urls import reverse

from connector.flow import alerts
from connector.models import ExactGrant, Store
from connector.models.credentials import Health


def refused_by_store(store: Store, text: str) -> None:
    """The access token is dead: nothing more is asked of the store, its documents wait, one alert."""
    Store.objects.filter(pk=store.pk).update(state=Health.RECONNECT)
    alerts.raise_alert(
        store.tenant,
        alerts.about(store),
        f"BigCommerce refuses the API account of {store.name}: {text} Enter a valid access token; orders wait for it.",
        page=reverse("admin:connector_store_change", args=[store.pk]),
    )


def mark_reconnect(grant: ExactGrant, text: str) -> None:
    """Stop everything that needs this consent and tell its people, once.

    Does nothing when somebody has consented anew since the grant was loaded: the failure is of the old consent.
    """
    present = ExactGrant.objects.filter(pk=grant.pk, consented_at=grant.consented_at)
    if not present.update(state=Health.RECONNECT):
        return
    alerts.raise_alert(
        grant.tenant,
        alerts.about(grant),
        f"The consent {grant.name} for Exact Online has ended: {text} Nothing is lost; orders wait for a new one.",
        page=reverse("admin:connector_exactgrant_change", args=[grant.pk]),
    )
