"""Mails those who run the installation when no worker is seen any more, and again when one is back. Each once.

A dead worker cannot say so. The web process notices it, when somebody asks for `/readyz` or `/metrics`; the worker that
is back says so itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from connector.flow.worker import heartbeat
from connector.models import Tally
from tenants.models import Tenant, User

log = structlog.get_logger(__name__)

# When the mail about a missing worker went out; 0 while all is well.
MAILED: Mapping[str, Any] = {"name": "workers", "label": "silence_mailed"}
# Seconds for which nothing is tried after a mail did not leave.
PAUSE_SECONDS = 300
PAUSED = "silence:no-mail"
MOST_ADDRESSES = 50


def notice(now: datetime) -> None:
    """Mail that no worker is seen, unless that was mailed already."""
    seen_at = heartbeat.silent_since(now)
    if seen_at is None or cache.get(PAUSED):
        return
    Tally.objects.get_or_create(**MAILED)
    if not Tally.objects.filter(**MAILED, value=0).update(value=int(now.timestamp())):
        return
    text = _(
        "No worker of %(address)s has been seen since %(time)s UTC. Orders are taken in and none is posted; nothing is "
        "lost. Start the worker, and look at its log."
    )
    about = {"address": settings.PUBLIC_URL, "time": f"{seen_at:%Y-%m-%d %H:%M}"}
    if not _send(_("ml-connector: The worker is silent"), text % about):
        Tally.objects.filter(**MAILED).update(value=0)


def is_back() -> None:
    """Mail that a worker is back, if it was mailed that none was seen."""
    if not Tally.objects.filter(**MAILED, value__gt=0).exists() or cache.get(PAUSED):
        return
    text = _("A worker of %(address)s is seen again. Orders go on by themselves.") % {"address": settings.PUBLIC_URL}
    if _send(_("ml-connector: The worker is back"), text):
        Tally.objects.filter(**MAILED).update(value=0)


def addresses() -> list[str]:
    """Return who is mailed: those who run the platform; where there is nobody, all organisations' alert addresses."""
    people = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    found = list(people.values_list("email", flat=True)[:MOST_ADDRESSES])
    if found:
        return found
    lists = Tenant.objects.exclude(alert_emails=[]).order_by("pk").values_list("alert_emails", flat=True)
    return list(dict.fromkeys(each for some in lists[:MOST_ADDRESSES] for each in some))[:MOST_ADDRESSES]


def _send(subject: str, text: str) -> bool:
    """Send one mail to each, so that nobody sees the others; returns whether they left."""
    mails = [EmailMessage(subject, text, None, [address]) for address in addresses()]
    try:
        get_connection().send_messages(mails)
    except (OSError, ValueError) as error:
        log.error("silence_not_mailed", error=type(error).__name__)
        cache.set(PAUSED, True, PAUSE_SECONDS)
        return False
    return True
