"""What a person must do: one open alert per cause, mailed once. A mail that failed is sent later."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from functools import partial
from textwrap import shorten
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from connector.flow.clock import database_now
from connector.models import Alert
from connector.problems.alerts import AlertText, in_words, kept_in_words
from tenants.languages import by_language
from tenants.models import Tenant
from tenants.typed import on_one_line

log = structlog.get_logger(__name__)

# An alert that is being mailed right now is left alone for so long.
JUST_OPENED = timedelta(minutes=2)
# Seconds for which nothing is tried after a mail server has refused or was away.
PAUSE_SECONDS = 300
MOST_AT_ONCE = 200
LONGEST_SUBJECT, LONGEST_FIRST = 80, 60  # characters, cut between two words
PAUSED = "alerts:no-mail"


def about(row: models.Model) -> str:
    """Return the cause of an alert about a row, such as `store:3`."""
    return f"{row._meta.model_name}:{row.pk}"


def raise_alert(tenant: Tenant, cause: str, said: AlertText, *, page: str = "") -> None:
    """Open an alert for a cause, unless one is open already, and mail it. A failed mail leaves the alert open."""
    defaults = {**_kept(said), "page": page}
    alert, new = Alert.objects.get_or_create(tenant=tenant, cause=cause, closed_at=None, defaults=defaults)
    if new:
        mail(tenant, [alert])


def alert_of(tenant: Tenant, cause: str, said: AlertText, *, page: str = "") -> Alert:
    """Return an alert of a cause, for `open_alerts`."""
    return Alert(tenant=tenant, cause=cause, page=page, **_kept(said))


def open_alerts(new: Sequence[Alert]) -> list[Alert]:
    """Open alerts, unless their causes have one that is open. Returns the open ones. The caller mails them."""
    Alert.objects.bulk_create(new, ignore_conflicts=True)
    known = Alert.objects.filter(closed_at=None, tenant__in={alert.tenant_id for alert in new})
    return list(known.filter(cause__in=[alert.cause for alert in new]).select_related("tenant").order_by("pk"))


def mail(tenant: Tenant, found: Sequence[Alert]) -> bool:
    """Send one mail about some of an organisation's alerts; returns whether it left. Else they are mailed later."""
    if not tenant.alert_emails:
        return False
    if not send(tenant, partial(_written, found), alerts=[alert.pk for alert in found]):
        return False
    Alert.objects.filter(pk__in=[alert.pk for alert in found]).update(mailed_at=database_now())
    return True


def _written(found: Sequence[Alert]) -> tuple[str, str]:
    """Write the subject and the text of a mail in the active language."""
    said = list(map(kept_in_words, found))
    pages = (f"\n\n{settings.PUBLIC_URL}{alert.page}" if alert.page else "" for alert in found)
    text = "\n\n".join(f"{each}{page}" for each, page in zip(said, pages, strict=True))
    if len(found) == 1:
        return shorten(said[0], LONGEST_SUBJECT, placeholder=" …"), text
    first = shorten(said[0], LONGEST_FIRST, placeholder=" …")
    return _("%(number)s things need a person: %(first)s") % {"number": len(found), "first": first}, text


def send(tenant: Tenant, write: Callable[[], tuple[str, str]], *, alerts: Iterable[int] = ()) -> bool:
    """Mail an organisation's people, each language apart; returns whether all mails left. A failure stands in the log.

    `write` returns subject and text in the active language. After one that met no mail server nothing is tried for
    five minutes, so that a sweep with many mails does not wait for each.
    """
    if cache.get(PAUSED):
        return False
    try:
        for language, addresses in by_language(tenant.alert_emails, tenant.language).items():
            with override(language):
                subject, text = write()
            send_mail(on_one_line(f"{tenant.name}: {subject}"), text, None, addresses)
    except (OSError, ValueError) as error:  # no server, or an address that no mail can bear
        log.error("alert_not_mailed", tenant=tenant.pk, alerts=list(alerts), error=type(error).__name__)
        if isinstance(error, OSError):
            cache.set(PAUSED, True, PAUSE_SECONDS)
        return False
    return True


def mail_waiting() -> None:
    """Mail the open alerts that were not mailed, one mail for each organisation. It stops while no mail leaves."""
    waiting = Alert.objects.filter(closed_at=None, mailed_at=None, opened_at__lt=database_now() - JUST_OPENED)
    waiting = waiting.exclude(tenant__alert_emails=[]).select_related("tenant").order_by("pk")
    by_tenant: dict[Tenant, list[Alert]] = {}
    for alert in waiting[:MOST_AT_ONCE]:
        by_tenant.setdefault(alert.tenant, []).append(alert)
    for tenant, found in by_tenant.items():
        if cache.get(PAUSED):
            return
        mail(tenant, found)


def say_again(tenant: Tenant, cause: str, said: AlertText) -> None:
    """Let the open alert of a cause say this, without a mail."""
    kept = _kept(said)
    Alert.objects.filter(tenant=tenant, cause=cause, closed_at=None).exclude(text=kept["text"]).update(**kept)


def _kept(said: AlertText) -> dict[str, Any]:
    with override(None):  # without a language a text stays as it stands in the code
        text = in_words(said)
    return {"text": text, "code": str(said.code), "params": dict(said.params)}


def close_alert(tenant: Tenant, cause: str) -> None:
    """Close the alert of a cause that is fixed."""
    Alert.objects.filter(tenant=tenant, cause=cause, closed_at=None).update(closed_at=database_now())


def close_alerts(tenant: Tenant, beginning: str, *, but: Collection[str]) -> None:
    """Close the alerts whose cause begins so, except these causes."""
    found = Alert.objects.filter(tenant=tenant, cause__startswith=beginning, closed_at=None)
    found.exclude(cause__in=but).update(closed_at=database_now())
