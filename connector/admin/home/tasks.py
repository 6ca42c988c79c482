"""What needs a person now: the most urgent task first, each with its cause and the page to act on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.admin.home import held
from connector.admin.home.figures import CAP, Counts, capped, ledger_url
from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.flow import alerts
from connector.flow.consent import keep_alive
from connector.flow.ledger import to_settle
from connector.flow.outbound import access_tokens
from connector.models import Alert, Connection, ExactGrant, OrderSync, Store
from connector.models.credentials import Health
from connector.problems.alerts import AlertCode, kept_in_words
from tenants.models import Role
from tenants.roles import ACCOUNTANTS

OWNERS = frozenset({Role.OWNER})
STUCK = [State.PENDING, State.WAITING, State.UNCERTAIN]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do on `page`. `documents` lists what waits for it, `amounts` is their money by currency.

    `said` is what a vendor or a rule says of it. `again` is where a person says that it is put right elsewhere.
    """

    title: str
    text: str
    page: str
    link: str
    number: str = ""
    documents: str = ""
    amounts: tuple[str, ...] = ()
    since: datetime | None = None
    said: str = ""
    again: str = ""
    outside: bool = False  # the page is a vendor's
    alert: str = ""  # the cause of the alert that says the same
    roles: frozenset[Role] = frozenset(Role)  # the roles that can do it there


def tasks(
    connections: list[Connection],
    found: Counts,
    sides: Iterable[ExactGrant | Store],
    open_alerts: list[Alert],
    now: datetime,
) -> list[Task]:
    """Return everything that needs a person, the most urgent first."""
    sides = list(sides)
    known = [
        *(_disconnected(side, connections, found) for side in sides if side.state == Health.RECONNECT),
        *_paused(connections, found),
        *(_of_cause(cause) for cause in held.causes(connections, found)),
        *_to_approve(found),
        *_changed(connections),
        *_to_settle(connections),
        *(task for side in sides if isinstance(side, ExactGrant) for task in _ending(side, now)),
    ]
    opened = {alert.cause: alert.opened_at for alert in open_alerts}
    known = [replace(task, since=task.since or opened.get(task.alert)) for task in known]
    shown = {task.alert for task in known}
    others = [_alert(alert) for alert in open_alerts if alert.cause not in shown and alert.code != AlertCode.HELD]
    return [*known, *others]


def stopped(connections: Iterable[Connection], found: Counts) -> int:
    """Count the documents that go on when these connections do."""
    return sum(found[state][connection.pk] for connection in connections for state in STUCK)


def _disconnected(side: ExactGrant | Store, connections: list[Connection], found: Counts) -> Task:
    if isinstance(side, ExactGrant):
        behind = [each for each in connections if each.division.grant_id == side.pk]
        page = reverse("admin:connector_exactgrant_change", args=[side.pk])
        new = side.consented_at is None
        title = _("%(name)s is not connected to Exact yet") if new else _("Exact no longer takes the consent %(name)s")
        text = _("An owner presses Connect to Exact and logs in there.")
        if not new:
            text = " ".join((text, _("Orders wait. Nothing is lost.")))
    else:
        behind = [each for each in connections if each.store_id == side.pk]
        page = reverse("admin:connector_store_change", args=[side.pk]) + "#id_new_access_token"
        title = _("BigCommerce refuses the API account of %(name)s")
        text = _("An owner enters a valid access token. Orders wait. Nothing is lost.")
    number = stopped(behind, found)
    waiting = capped(number) if number else ""
    title %= {"name": side.name}
    return Task(title, text, page, _("Connect it"), waiting, alert=alerts.about(side), roles=OWNERS)


def _paused(connections: list[Connection], found: Counts) -> Iterator[Task]:
    for connection in connections:
        number = stopped([connection], found)
        if connection.mode != Mode.OFF or not (number or connection.paused_mode):
            continue
        paused = bool(connection.paused_mode)
        title = _("%(connection)s is paused") if paused else _("%(connection)s is switched off")
        yield Task(
            title % {"connection": connection},
            _("Orders are kept and go on when an owner or an accountant resumes it.")
            if paused
            else _("Orders are kept and go on when an owner chooses another mode."),
            reverse("admin:connector_connection_change", args=[connection.pk]),
            _("Resume it") if paused else _("Choose a mode"),
            capped(number) if number else "",
            ledger_url(state=State.PENDING, connection__id=connection.pk) if number else "",
            roles=ACCOUNTANTS if paused else OWNERS,
        )


def _of_cause(cause: held.Cause) -> Task:
    """Return the task of a cause that holds documents."""
    return Task(
        cause.title,
        cause.text,
        cause.place.url,
        cause.place.link,
        number=cause.number,
        documents=cause.documents,
        amounts=cause.amounts,
        since=cause.since,
        said=cause.said,
        again=cause.again,
        outside=cause.place.outside,
        roles=cause.roles,
    )


def _to_approve(found: Counts) -> Iterator[Task]:
    number = found[State.AWAITING_APPROVAL].total()
    if number:
        url = ledger_url(state=State.AWAITING_APPROVAL)
        text = _("An owner or an accountant looks at each draft and approves or skips it.")
        yield Task(_("Drafts wait for approval"), text, url, _("Go to the drafts"), capped(number), url)


def _changed(connections: Iterable[Connection]) -> Iterator[Task]:
    rows = OrderSync.objects.filter(connection__in=[connection.pk for connection in connections], change_pending=True)
    number = rows.order_by()[: CAP + 1].count()
    if number:
        url = ledger_url(change_pending=1)
        text = _("An accountant decides on each: credit it, credit and re-post it, or leave it.")
        yield Task(_("Orders changed after they were posted"), text, url, _("Go to them"), capped(number), url)


def _to_settle(connections: Iterable[Connection]) -> Iterator[Task]:
    rows = OrderSync.objects.filter(connection__in=[connection.pk for connection in connections])
    number = to_settle.waiting(rows).order_by()[: CAP + 1].count()
    if number:
        url = f"{reverse('admin:connector_ordersync_changelist')}?to_settle=1"
        text = _("An accountant books what store credit and gift certificates paid or gave back, then presses Settle.")
        yield Task(_("To settle by hand in Exact"), text, url, _("Go to them"), capped(number), url)


def _ending(grant: ExactGrant, now: datetime) -> Iterator[Task]:
    days = keep_alive.days_left(grant, now)
    if grant.state != Health.ACTIVE or days is None or days > max(access_tokens.WARN_AT_DAYS):
        return
    near = [limit for limit in access_tokens.WARN_AT_DAYS if days <= limit]
    title = ngettext(
        "The consent %(name)s ends in %(days)s day", "The consent %(name)s ends in %(days)s days", days
    ) % {"name": grant.name, "days": days}
    yield Task(
        title,
        _("The connector could not prolong it. An owner connects to Exact again before that day."),
        reverse("admin:connector_exactgrant_change", args=[grant.pk]),
        _("Connect it"),
        alert=access_tokens.expiry_cause(grant, min(near)),
        roles=OWNERS,
    )


def _alert(alert: Alert) -> Task:
    page = alert.page or reverse("admin:connector_alert_change", args=[alert.pk])
    return Task(kept_in_words(alert), "", page, _("Solve it") if alert.page else _("See it"), alert=alert.cause)
