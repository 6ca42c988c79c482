"""What a person must do: one open alert per cause, mailed once."""

from collections.abc import Collection

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import models

from connector.flow.clock import database_now
from connector.models import Alert
from tenants.models import Tenant

log = structlog.get_logger(__name__)


def about(row: models.Model) -> str:
    """Return the cause of an alert about a row, such as `store:3`."""
    return f"{row._meta.model_name}:{row.pk}"


def raise_alert(tenant: Tenant, cause: str, text: str, *, page: str = "") -> None:
    """Open an alert for a cause, unless one is open already, and mail it. A failed mail leaves the alert open."""
    alert, new = Alert.objects.get_or_create(
        tenant=tenant, cause=cause, closed_at=None, defaults={"text": text, "page": page}
    )
    if not new or not tenant.alert_emails:
        return
    link = f"\n\n{settings.PUBLIC_URL}{page}" if page else ""
    try:
        send_mail(f"{tenant.name}: {text[:80]}", f"{text}{link}", None, tenant.alert_emails)
    except OSError as error:
        log.error("alert_not_mailed", alert=alert.pk, error=type(error).__name__)
        return
    Alert.objects.filter(pk=alert.pk).update(mailed_at=database_now())


def close_alert(tenant: Tenant, cause: str) -> None:
    """Close the alert of a cause that is fixed."""
    Alert.objects.filter(tenant=tenant, cause=cause, closed_at=None).update(closed_at=database_now())


def close_alerts(tenant: Tenant, beginning: str, *, but: Collection[str]) -> None:
    """Close the alerts whose cause begins so, except these causes."""
    found = Alert.objects.filter(tenant=tenant, cause__startswith=beginning, closed_at=None)
    found.exclude(cause__in=but).update(closed_at=database_now())
