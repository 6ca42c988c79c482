"""What a person must do: one open alert per cause, mailed once."""

from collections.abc import Collection
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import models

from connector.flow.clock import database_now
from connector.models import Alert
from connector.problems.alerts import AlertText, in_words
from tenants.models import Tenant
from tenants.typed import on_one_line

log = structlog.get_logger(__name__)


def about(row: models.Model) -> str:
    """Return the cause of an alert about a row, such as `store:3`."""
    return f"{row._meta.model_name}:{row.pk}"


def raise_alert(tenant: Tenant, cause: str, said: AlertText, *, page: str = "") -> None:
    """Open an alert for a cause, unless one is open already, and mail it. A failed mail leaves the alert open."""
    kept = _kept(said)
    alert, new = Alert.objects.get_or_create(
        tenant=tenant, cause=cause, closed_at=None, defaults={**kept, "page": page}
    )
    text = kept["text"]
    if not new or not tenant.alert_emails:
        return
    link = f"\n\n{settings.PUBLIC_URL}{page}" if page else ""
    try:
        send_mail(on_one_line(f"{tenant.name}: {text[:80]}"), f"{text}{link}", None, tenant.alert_emails)
    except OSError as error:
        log.error("alert_not_mailed", alert=alert.pk, error=type(error).__name__)
        return
    Alert.objects.filter(pk=alert.pk).update(mailed_at=database_now())


def say_again(tenant: Tenant, cause: str, said: AlertText) -> None:
    """Let the open alert of a cause say this, without a mail."""
    kept = _kept(said)
    Alert.objects.filter(tenant=tenant, cause=cause, closed_at=None).exclude(text=kept["text"]).update(**kept)


def _kept(said: AlertText) -> dict[str, Any]:
    return {"text": in_words(said), "code": str(said.code), "params": dict(said.params)}


def close_alert(tenant: Tenant, cause: str) -> None:
    """Close the alert of a cause that is fixed."""
    Alert.objects.filter(tenant=tenant, cause=cause, closed_at=None).update(closed_at=database_now())


def close_alerts(tenant: Tenant, beginning: str, *, but: Collection[str]) -> None:
    """Close the alerts whose cause begins so, except these causes."""
    found = Alert.objects.filter(tenant=tenant, cause__startswith=beginning, closed_at=None)
    found.exclude(cause__in=but).update(closed_at=database_now())
