"""Mails about held documents: the first of a cause at once, then a digest a day for each organisation.

A cause is what the first page groups by. It has an alert while documents are held by it. Nothing of this is done in a
document's own way: the worker looks at each sweep what was held since the last one, with one statement.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField, Count, Exists, Min, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.ledger.held_causes import NEEDED, key_of
from connector.models import Alert, Connection, OrderSync, Store, Tally
from connector.problems.alerts import AlertCode, AlertText, alert_text, kept_in_words
from tenants.models import Tenant

# At most so many documents are looked at in one sweep, and counted for one digest.
AT_ONCE, MOST_COUNTED = 200, 1000
# At most so many new causes are mailed in one sweep, so many gone ones closed, and so many digests sent.
MOST_NEW, MOST_GONE, MOST_DIGESTS = 50, 50, 20
# A transaction that holds a document may become visible so much later than its time says.
OVERLAP = timedelta(seconds=30)
# At most so many mails of one organisation in a day say that a cause is new. The digest has the others.
MOST_MAILS = 20
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
SEEN: Mapping[str, Any] = {"name": "held", "label": "seen_to"}


def look_after() -> None:
    """Open the alerts of new causes and mail them, close those that hold nothing any more, send the day's digests.

    What one sweep leaves, the next one does.
    """
    now = database_now()
    _tell_new(now)
    _close_gone()
    _send_digests(now)


def _tell_new(now: datetime) -> None:
    seen = Tally.objects.get_or_create(**SEEN)[0]
    since = datetime.fromtimestamp(seen.value, tz=now.tzinfo)
    rows = list(_held().filter(updated_at__gte=since).order_by("updated_at")[:AT_ONCE])
    found: dict[str, OrderSync] = {}
    for row in rows:
        found.setdefault(cause_of_alert(row), row)
    known = set(_open().filter(cause__in=found).values_list("cause", flat=True))
    new = [cause for cause in found if cause not in known]
    _tell({cause: found[cause] for cause in new[:MOST_NEW]}, now)
    to = now - OVERLAP
    if len(new) > MOST_NEW:
        to = found[new[MOST_NEW]].updated_at
    elif len(rows) == AT_ONCE:
        to = max(rows[-1].updated_at, since + A_SECOND)
    Tally.objects.filter(**SEEN).update(value=int(max(to, since).timestamp()))


def _tell(new: Mapping[str, OrderSync], now: datetime) -> None:
    """Open an alert for each of these causes, with one of its documents, and mail them."""
    if not new:
        return
    connections = _with_names(new.values())
    begun = []
    for cause, row in new.items():
        store = connections[row.connection_id].store
        page = reverse("admin:connector_ordersync_change", args=[row.pk])
        begun.append(alerts.alert_of(store.tenant, cause, said(row, store), page=page))
    opened: dict[Tenant, list[Alert]] = {}
    for alert in alerts.open_alerts(begun):
        opened.setdefault(alert.tenant, []).append(alert)
    mailed = _open().filter(tenant__in=opened, mailed_at__gt=now - A_DAY).order_by().values_list("tenant")
    mails = dict(mailed.annotate(Count("mailed_at", distinct=True)))
    left: list[int] = []
    for tenant, of_tenant in opened.items():
        if mails.get(tenant.pk, 0) < MOST_MAILS:
            alerts.mail(tenant, of_tenant)
        else:
            left += [alert.pk for alert in of_tenant]
    Alert.objects.filter(pk__in=left).update(mailed_at=now)  # by the digest


def _held() -> QuerySet[OrderSync]:
    """The held documents with what names their cause. Many of them with their related rows take five times
    as long."""
    rows = OrderSync.objects.filter(state=State.BLOCKED).exclude(connection__mode=Mode.OFF)
    return rows.only("order_id", "updated_at", "connection", *NEEDED)


def _with_names(rows: Iterable[OrderSync]) -> dict[int, Connection]:
    """The connections of some documents, with what alerts say of them."""
    return Connection.objects.select_related("store__tenant").in_bulk({row.connection_id for row in rows})


def _open() -> QuerySet[Alert]:
    return Alert.objects.filter(code=AlertCode.HELD, closed_at=None)


def cause_of_alert(document: OrderSync) -> str:
    """Return the cause of the alert about the documents that are held by the same as this one."""
    return f"held:{document.connection_id}:{hashlib.sha256(key_of(document).encode()).hexdigest()[:16]}"


def said(document: OrderSync, store: Store) -> AlertText:
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
        store=store.name,
        order=document.order_id,
        document=document.pk,
        held=json.dumps(held),
    )


def _close_gone() -> None:
    """Close the alerts of causes that hold nothing any more: first whose document is gone, then who else is held."""
    named = Cast(KeyTextTransform("document", "params"), BigIntegerField())
    held = OrderSync.objects.filter(pk=OuterRef("named"), state=State.BLOCKED).exclude(connection__mode=Mode.OFF)
    gone = list(_open().annotate(named=named).filter(~Exists(held)).select_related("tenant").order_by("pk")[:MOST_GONE])
    others: dict[int, dict[str, OrderSync]] = {}
    for connection in {int(alert.cause.split(":")[1]) for alert in gone}:
        rows = _held().filter(connection=connection).order_by()[:MOST_COUNTED]
        others[connection] = {cause_of_alert(row): row for row in rows}
    found = {alert: others[int(alert.cause.split(":")[1])].get(alert.cause) for alert in gone}
    connections = _with_names(row for row in found.values() if row)
    for alert, other in found.items():
        if other is None:
            alerts.close_alert(alert.tenant, alert.cause)
        else:
            alerts.say_again(alert.tenant, alert.cause, said(other, connections[other.connection_id].store))


def _send_digests(now: datetime) -> None:
    """Mail what is still held, once a day, from the hour on that the organisation has chosen, by its clock."""
    concerned = Tenant.objects.filter(alerts__code=AlertCode.HELD, alerts__closed_at=None, suspended=False)
    sent = 0
    for tenant in concerned.exclude(alert_emails=[]).annotate(first=Min("alerts__opened_at")):
        here = now.astimezone(ZoneInfo(tenant.timezone))
        due_at = here.replace(hour=tenant.digest_hour, minute=0, second=0, microsecond=0)
        if tenant.first < due_at <= here and tenant.digested_on != here.date() and sent < MOST_DIGESTS:
            sent += _digest(tenant, due_at)


def _digest(tenant: Tenant, due_at: datetime) -> bool:
    """Mail one organisation's digest; whether it left. Of two workers one sends it."""
    mine = Tenant.objects.filter(pk=tenant.pk, digested_on=tenant.digested_on)
    if not mine.update(digested_on=due_at.date()):
        return False
    known = list(_open().filter(tenant=tenant, opened_at__lt=due_at).order_by("pk"))
    rows = _held().filter(connection__store__tenant=tenant).order_by()[:MOST_COUNTED]
    if not alerts.send(tenant, partial(_written, known, Counter(map(cause_of_alert, rows)))):
        Tenant.objects.filter(pk=tenant.pk).update(digested_on=tenant.digested_on)
        return False
    return True


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
