"""Ended credentials: a store or a consent that a person must connect again, with one alert."""

from django.urls import reverse
from django.utils.translation import gettext as _

from connector.flow import alerts
from connector.models import ExactGrant, Store
from connector.models.credentials import Health


def refused_by_store(store: Store, text: str) -> None:
    """Mark the store's access token as refused: its documents wait, and one alert opens."""
    Store.objects.filter(pk=store.pk).update(state=Health.RECONNECT)
    alerts.raise_alert(
        store.tenant,
        alerts.about(store),
        _("BigCommerce refuses the API account of %(store)s: %(error)s Enter a valid access token. Orders wait for it.")
        % {"store": store.name, "error": text},
        page=reverse("admin:connector_store_change", args=[store.pk]),
    )


def mark_reconnect(grant: ExactGrant, text: str) -> None:
    """Stop everything that needs this consent and open one alert.

    Does nothing when there was a new consent after the grant was loaded: the failure is the old consent's.
    """
    present = ExactGrant.objects.filter(pk=grant.pk, consented_at=grant.consented_at)
    if not present.update(state=Health.RECONNECT):
        return
    alerts.raise_alert(
        grant.tenant,
        alerts.about(grant),
        _("The consent %(name)s for Exact Online has ended: %(error)s Nothing is lost. Orders wait for a new consent.")
        % {"name": grant.name, "error": text},
        page=reverse("admin:connector_exactgrant_change", args=[grant.pk]),
    )
