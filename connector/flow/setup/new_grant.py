"""Saves the app with which an organisation consents at Exact, and removes a consent that nothing hangs on."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from connector.flow import alerts
from connector.models import Connection, Division, ExactGrant, OrderSync
from connector.models.credentials import Health
from tenants.models import Tenant

# The regions with a country's own site. Other countries use one of these too.
_REGION_OF = {"NL": "nl", "BE": "be", "DE": "de", "GB": "uk", "FR": "fr", "ES": "es", "US": "us"}
_LOST = ("access_token", "refresh_token", "access_expires_at", "refresh_expires_at", "consented_at")


class NotSaved(Exception):
    """The app cannot be saved or the consent removed. The text says why; `field` is where it is put right, or ""."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class App:
    """The registration of an app at Exact."""

    region: str
    client_id: str
    client_secret: str = field(repr=False)


def propose_region(country: str) -> str:
    """Return the region in which a shop of this country probably keeps its books."""
    return _REGION_OF.get(country, "nl")


def has_documents(grant: ExactGrant) -> bool:
    """Return whether a document hangs on the consent. Then its app stays, and it is not removed."""
    return OrderSync.objects.filter(division__grant=grant).exists()


@transaction.atomic
def save(tenant: Tenant, app: App, present: ExactGrant | None) -> ExactGrant:
    """Save the app in the consent that is `present`, else in a new one, once, however often it is called.

    A consent is of one app: with another app or region it has to be given once more. The secret of one that has been
    given stays as it is: a new one comes with the consent that proves it (`new_secret`). Raises NotSaved.
    """
    grant = (
        present
        or ExactGrant.objects.get_or_create(
            tenant=tenant,
            name=_("Exact %(region)s") % {"region": app.region.upper()},
            defaults={"region": app.region, "client_id": app.client_id, "state": Health.RECONNECT},
        )[0]
    )
    if (grant.region, grant.client_id) != (app.region, app.client_id):
        _change_app(grant, app)
    if not grant.refresh_token and new_secret(grant, app):
        grant.set_credential("client_secret", app.client_secret)
        grant.save(update_fields=["client_secret", "credentials_set"])
    return grant


def new_secret(grant: ExactGrant, app: App) -> str:
    """Return the app's secret when it is another one than the consent has; else an empty text."""
    return app.client_secret if app.client_secret != grant.client_secret else ""


def _change_app(grant: ExactGrant, app: App) -> None:
    """Give the consent another app. Its tokens and divisions were the former app's. Raises NotSaved."""
    if has_documents(grant):
        text = _("Documents were posted with this app, so it stays. Add another consent in the portal.")
        raise NotSaved(text, "client_id" if grant.region == app.region else "region")
    if grant.region != app.region:
        _remove_divisions(grant)
    grant.region, grant.client_id, grant.state = app.region, app.client_id, Health.RECONNECT
    grant.access_token = grant.refresh_token = ""
    grant.access_expires_at = grant.refresh_expires_at = grant.consented_at = None
    grant.save(update_fields=["region", "client_id", "state", *_LOST])


def remove(grant: ExactGrant) -> None:
    """Remove a consent without documents, with its divisions and their connections. Raises NotSaved."""
    stays = NotSaved(_("Documents hang on this consent, so it stays."))
    if has_documents(grant):
        raise stays
    try:
        with transaction.atomic():
            _remove_divisions(grant)
            ExactGrant.objects.filter(pk=grant.pk).delete()
    except ProtectedError:  # the first document came meanwhile
        raise stays from None
    alerts.close_alert(grant.tenant, alerts.about(grant))


def _remove_divisions(grant: ExactGrant) -> None:
    Connection.objects.filter(division__grant=grant).delete()
    Division.objects.filter(grant=grant).delete()
