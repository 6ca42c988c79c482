"""Mails those who run the installation when no worker is seen any more, or some are silent while others work.

And again when they are back; each once. A dead worker cannot say so: the others notice it, and the web process, when
somebody asks for `/readyz` or `/metrics`. The worker that is back says so itself.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from connector.flow.clock import database_now
from connector.flow.worker import heartbeat
from connector.models import Tally, Worker
from tenants.languages import by_language
from tenants.models import Tenant, User

log = structlog.get_logger(__name__)

# When the mail about no worker, and that about some of them, went out; 0 while all is well.
NAME = "workers"
NONE_SEEN, SOME_SILENT = "silence_mailed", "some_silent_mailed"
# Seconds for which nothing is tried after a mail did not leave.
PAUSE_SECONDS = 300
PAUSED = "silence:no-mail"
MOST_ADDRESSES = 50


def look() -> None:
    """Mail what has changed since the last time. For a worker, after it has said that it lives."""
    now = database_now()
    is_back(now)
    notice(now)


def notice(now: datetime) -> None:
    """Mail that no worker is seen, or that some are silent, unless that was mailed already."""
    silent = heartbeat.silent(now)
    if not silent or cache.get(PAUSED):
        return
    seen_at = heartbeat.silent_since(now)
    label = SOME_SILENT if seen_at is None else NONE_SEEN
    Tally.objects.get_or_create(name=NAME, label=label)
    mailed = Tally.objects.filter(name=NAME, label=label)
    if not mailed.filter(value=0).update(value=int(now.timestamp())):
        return
    if not _send(partial(_none_left, seen_at) if seen_at else partial(_some_left, silent)):
        mailed.update(value=0)


def is_back(now: datetime) -> None:
    """Mail that a worker is back, if it was mailed that none was seen; and that none is silent any more."""
    mailed = Tally.objects.filter(name=NAME, label__in=[NONE_SEEN, SOME_SILENT], value__gt=0)
    for label in list(mailed.values_list("label", flat=True)):
        if cache.get(PAUSED) or (label == SOME_SILENT and heartbeat.silent(now)):
            continue
        if _send(_all_back if label == SOME_SILENT else _one_back):
            Tally.objects.filter(name=NAME, label=label).update(value=0)


def _none_left(seen_at: datetime) -> tuple[str, str]:
    text = _(
        "No worker of %(address)s has been seen since %(time)s UTC. Orders are taken in and none is posted; nothing is "
        "lost. Start the worker, and look at its log."
    )
    return _("ml-connector: The worker is silent"), text % {"address": settings.PUBLIC_URL, "time": _time(seen_at)}


def _some_left(silent: list[Worker]) -> tuple[str, str]:
    text = _(
        "These workers of %(address)s have not been seen for three sweeps, and did not stop in order: %(workers)s. "
        "Others do their work. Start them, and look at their logs. One that was taken away is forgotten after a day."
    )
    names = ", ".join(f"{worker.name} ({_time(worker.seen_at)} UTC)" for worker in silent)
    return _("ml-connector: A worker is silent"), text % {"address": settings.PUBLIC_URL, "workers": names}


def _one_back() -> tuple[str, str]:
    text = _("A worker of %(address)s is seen again. Orders go on by themselves.") % {"address": settings.PUBLIC_URL}
    return _("ml-connector: The worker is back"), text


def _all_back() -> tuple[str, str]:
    text = _("No worker of %(address)s is silent any more.") % {"address": settings.PUBLIC_URL}
    return _("ml-connector: No worker is silent"), text


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def addresses() -> list[str]:
    """Return who is mailed: those who run the platform; where there is nobody, all organisations' alert addresses."""
    people = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    found = list(people.values_list("email", flat=True)[:MOST_ADDRESSES])
    if found:
        return found
    lists = Tenant.objects.exclude(alert_emails=[]).order_by("pk").values_list("alert_emails", flat=True)
    return list(dict.fromkeys(each for some in lists[:MOST_ADDRESSES] for each in some))[:MOST_ADDRESSES]


def _send(write: Callable[[], tuple[str, str]]) -> bool:
    """Send one mail to each, so that nobody sees the others; returns whether they left."""
    mails: list[EmailMessage] = []
    for language, found in by_language(addresses(), "").items():
        with override(language):
            mails += [EmailMessage(*write(), None, [address]) for address in found]
    try:
        get_connection().send_messages(mails)
    except (OSError, ValueError) as error:
        log.error("silence_not_mailed", error=type(error).__name__)
        cache.set(PAUSED, True, PAUSE_SECONDS)
        return False
    return True
