"""Mails about held documents: the first of a cause at once, then a digest a day for each organisation.

A cause is what the first page groups by. It has an alert while documents are held by it. Nothing of this is done in a
document's own way: the worker looks at each sweep what was held since the last one, with one statement.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.ledger.held_causes import NEEDED, key_of
from connector.models import Alert, OrderSync, Tally
from connector.problems.alerts import AlertCode, AlertText, alert_text, kept_in_words
from tenants.models import Tenant

# At most so many documents are looked at in one sweep, and counted for one digest.
AT_ONCE, MOST_COUNTED = 500, 1000
# A transaction that holds a document may become visible so much later than its time says.
OVERLAP = timedelta(seconds=30)
# At most so many mails of one organisation in a day say that a cause is new. The digest has the others.
MOST_MAILS = 20
A_DAY = timedelta(days=1)
RELATED = ("connection__store__tenant", "division")
SEEN: Mapping[str, Any] = {"name": "held", "label": "seen_to"}


def look_after() -> None:
    """Open the alerts of new causes and mail them, close those that hold nothing any more, send the day's digests."""
    now = database_now()
    _tell_new(now)
    _close_gone()
    concerned = Tenant.objects.filter(alerts__code=AlertCode.HELD, alerts__closed_at=None, suspended=False)
    for tenant in concerned.distinct():
        _digest(tenant, now)


def _tell_new(now: datetime) -> None:
    seen = Tally.objects.get_or_create(**SEEN)[0]
    since = datetime.fromtimestamp(seen.value, tz=now.tzinfo)
    rows = list(_held().filter(updated_at__gte=since).order_by("updated_at")[:AT_ONCE])
    found = {(row.connection.store.tenant, cause_of_alert(row)): row for row in reversed(rows)}
    known = set(_open().filter(cause__in=[cause for _, cause in found]).values_list("tenant", "cause"))
    opened: dict[Tenant, list[Alert]] = {}
    for (tenant, cause), row in found.items():
        if (tenant.pk, cause) not in known:
            page = reverse("admin:connector_ordersync_change", args=[row.pk])
            opened.setdefault(tenant, []).append(alerts.open_alert(tenant, cause, said(row), page=page))
    for tenant, new in opened.items():
        if _open().filter(tenant=tenant, mailed_at__gt=now - A_DAY).values("mailed_at").distinct().count() < MOST_MAILS:
            alerts.mail(tenant, new)
        else:
            Alert.objects.filter(pk__in=[alert.pk for alert in new]).update(mailed_at=now)  # by the digest
    to = rows[-1].updated_at if len(rows) == AT_ONCE else now - OVERLAP
    Tally.objects.filter(**SEEN).update(value=int(max(to, since).timestamp()))


def _held() -> QuerySet[OrderSync]:
    rows = OrderSync.objects.filter(state=State.BLOCKED).exclude(connection__mode=Mode.OFF).select_related(*RELATED)
    return rows.only("order_id", "updated_at", "connection", *NEEDED, *RELATED)


def _open() -> QuerySet[Alert]:
    return Alert.objects.filter(code=AlertCode.HELD, closed_at=None)


def cause_of_alert(document: OrderSync) -> str:
    """Return the cause of the alert about the documents that are held by the same as this one."""
    return f"held:{document.connection_id}:{hashlib.sha256(key_of(document).encode()).hexdigest()[:16]}"


def said(document: OrderSync) -> AlertText:
    """Return what an alert says of a cause, with one of its documents."""
    held = {
        "code": document.code,
        "params": document.params,
        "reason": document.reason,
        "problems": document.problems,
        "message": document.message,
    }
    return alert_text(
        AlertCode.HELD,
        store=document.connection.store.name,
        order=document.order_id,
        document=document.pk,
        held=json.dumps(held),
    )


def _close_gone() -> None:
    """Close the alerts of causes that hold nothing any more: first whose document is gone, then who else is held."""
    open_ = list(_open().select_related("tenant"))
    held = set(_held().filter(pk__in=[alert.params["document"] for alert in open_]).values_list("pk", flat=True))
    gone = [alert for alert in open_ if alert.params["document"] not in held]
    others: dict[int, dict[str, OrderSync]] = {}
    for alert in gone:
        connection = int(alert.cause.split(":")[1])
        if connection not in others:
            rows = _held().filter(connection=connection).order_by()[:MOST_COUNTED]
            others[connection] = {cause_of_alert(row): row for row in rows}
        other = others[connection].get(alert.cause)
        if other is None:
            alerts.close_alert(alert.tenant, alert.cause)
        else:
            alerts.say_again(alert.tenant, alert.cause, said(other))


def _digest(tenant: Tenant, now: datetime) -> None:
    """Mail what is still held, once a day, from the hour on that the organisation has chosen, by its clock."""
    here = now.astimezone(ZoneInfo(tenant.timezone))
    due_at = here.replace(hour=tenant.digest_hour, minute=0, second=0, microsecond=0)
    if here < due_at or tenant.digested_on == here.date() or not tenant.alert_emails:
        return
    known = list(_open().filter(tenant=tenant, opened_at__lt=due_at).order_by("pk"))
    mine = Tenant.objects.filter(pk=tenant.pk, digested_on=tenant.digested_on)
    if known and mine.update(digested_on=here.date()):
        rows = _held().filter(connection__store__tenant=tenant).order_by()[:MOST_COUNTED]
        numbers = Counter(map(cause_of_alert, rows))
        if not alerts.send(tenant, *_written(known, numbers)):
            Tenant.objects.filter(pk=tenant.pk).update(digested_on=tenant.digested_on)


def _written(known: Iterable[Alert], numbers: Counter[str]) -> tuple[str, str]:
    """The subject and the text of a digest, the most frequent cause first."""
    ordered = sorted(known, key=lambda alert: -numbers[alert.cause])
    more = "+" if numbers.total() == MOST_COUNTED else ""
    subject = _("%(number)s documents are held") % {"number": f"{numbers.total()}{more}"}
    causes = [
        _("%(number)s documents: %(cause)s") % {"number": numbers[alert.cause], "cause": kept_in_words(alert)}
        + f"\n{settings.PUBLIC_URL}{alert.page}"
        for alert in ordered
    ]
    ledger = reverse("admin:connector_ordersync_changelist") + f"?state__exact={State.BLOCKED}"
    return subject, "\n\n".join([*causes, f"{settings.PUBLIC_URL}{ledger}"])
